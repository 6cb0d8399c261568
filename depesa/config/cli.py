"""The command `depesa`: joins two words into one command, `depesa statements form` runs statements_form."""

import gc
import os
import sys
from typing import Final

import django
from django.core.exceptions import ImproperlyConfigured
from django.core.management import ManagementUtility, get_commands
from django.db import OperationalError

from depesa.core.deadlocks import Occupied, is_occupied, undeterred
from depesa.history.rules import coming_through

# These run the desk; what happens there comes through its pages and its schedule.
RUNNING: Final = frozenset({"serve", "work", "part"})


def main() -> None:
    """Run the command named on the command line."""
    if sys.argv[1:2] == ["demo"]:
        # The demo has data of its own; where it is led to others, it refuses.
        os.environ.setdefault("DEPESA_DATA_DIR", "depesa-demo")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "depesa.config.settings")
    gc.disable()  # of what is loaded now nothing is ever garbage
    try:
        django.setup()  # else only Django's own commands are known, and that list is kept
    except ImproperlyConfigured as problem:
        sys.exit(str(problem))
    gc.freeze()
    gc.enable()
    utility = ManagementUtility(joined(sys.argv))
    utility.prog_name = "depesa"
    with coming_through("" if RUNNING & set(sys.argv[1:2]) else "command-line"):
        try:
            undeterred(utility.execute)()
        except OperationalError as problem:
            if not is_occupied(problem):
                raise
            sys.exit(str(Occupied()))


def joined(words: list[str]) -> list[str]:
    """`depesa import sales FILE` as `depesa import_sales FILE`, if there is such a command."""
    if len(words) > 2 and (name := f"{words[1]}_{words[2]}".replace("-", "_")) in get_commands():
        return [words[0], name, *words[3:]]
    return words
