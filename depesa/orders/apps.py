"""The app: tells the apps below who speaks for orders."""

from typing import override

from django.apps import AppConfig


class OrdersConfig(AppConfig):
    """Orders."""

    name = "depesa.orders"

    @override
    def ready(self) -> None:
        from depesa.orders.services import plug_in  # noqa: PLC0415 - tables exist only from here on

        plug_in()
