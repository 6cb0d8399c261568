"""The app: tells the apps below who speaks for the shop's events."""

from typing import override

from django.apps import AppConfig


class ShopConfig(AppConfig):
    """The shop."""

    name = "depesa.shop"

    @override
    def ready(self) -> None:
        from depesa.shop.services.letters import plug_in  # noqa: PLC0415 - tables exist only from here on

        plug_in()
