"""Once every table is known: the apps say what they bring to the apps below them."""

from typing import override

from django.apps import AppConfig, apps

from depesa.core.plugs import load


class ConfigConfig(AppConfig):
    """Settings, processes, schedule."""

    name = "depesa.config"

    @override
    def ready(self) -> None:
        load(config.name for config in apps.get_app_configs() if config.name.startswith("depesa."))
