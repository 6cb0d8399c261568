"""The app: plugs the verbs of the run into the posting of operations."""

from typing import override

from django.apps import AppConfig


class StatementsConfig(AppConfig):
    """The monthly statement run."""

    name = "depesa.statements"

    @override
    def ready(self) -> None:
        from depesa.statements.services import plug_in  # noqa: PLC0415 - tables exist only from here on

        plug_in()
