"""Add a user: `depesa users add ada --role admin`."""

import sys
from argparse import ArgumentParser
from getpass import getpass
from typing import Any, override

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from depesa.core.languages import codes
from depesa.staff.forms import NewUserForm
from depesa.staff.rules import Role
from depesa.staff.services import add_user


class Command(BaseCommand):
    """Asks for a password, or makes a one-time password and prints it once."""

    help = "Add a user who can sign in."

    @override
    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username", metavar="NAME", help="sign-in name: small letters, digits, dot, dash")
        parser.add_argument("--role", choices=[role.value for role in Role], default=Role.READER.value)
        parser.add_argument("--name", default="", help="as customers and colleagues read it")
        parser.add_argument("--email", default="")
        parser.add_argument("--language", choices=codes(), default="")
        parser.add_argument("--generate", action="store_true", help="make a one-time password and do not ask")

    @override
    def handle(self, *args: Any, **options: Any) -> None:
        form = NewUserForm({key: options[key] for key in NewUserForm.Meta.fields})
        if not form.is_valid():
            raise CommandError("\n".join(str(error) for errors in form.errors.values() for error in errors))
        is_asked = sys.stdin.isatty() and not options["generate"]
        made = add_user(**form.cleaned_data, password=_asked_password() if is_asked else "")
        self.stdout.write(f"{made.user.username} can sign in as {made.user.role}.")
        if made.user.has_one_time_password:
            self.stdout.write(f"One-time password (shown only now): {made.password}")


def _asked_password() -> str:
    chosen = getpass("Password: ")
    if chosen != getpass("Password once more: "):
        raise CommandError("The two passwords differ. Nothing was added.")
    try:
        validate_password(chosen)
    except ValidationError as problem:
        raise CommandError("\n".join(problem.messages)) from problem
    return chosen
