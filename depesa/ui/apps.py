"""The shared parts of pages as a Django app."""

from typing import override

from django.apps import AppConfig

from depesa.ui import paths


class UiConfig(AppConfig):
    """What addresses are made of is known before the first address is read."""

    name = "depesa.ui"

    @override
    def ready(self) -> None:
        paths.register()
