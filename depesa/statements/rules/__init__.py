"""Rules of statements: what stands in a sheet, how it is written, what is odd. Pure Python."""

from typing import Final

LETTER: Final = "monthly-statement"  # the system e-mail
