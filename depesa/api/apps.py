"""The app: tells the apps below who speaks for events of other shops."""

from typing import override

from django.apps import AppConfig


class ApiConfig(AppConfig):
    """The API."""

    name = "depesa.api"

    @override
    def ready(self) -> None:
        from depesa.api.services import plug_in  # noqa: PLC0415 - tables exist only from here on

        plug_in()
