"""`python -m depesa` is the command `depesa`."""

from depesa.config.cli import main

main()
