"""Depesa, loaded and nothing else: what the processes of the fault tests are forks of."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "depesa.config.settings")
django.setup()
