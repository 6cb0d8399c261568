"""The web application for an ASGI server: the static files of the packages, and behind them the pages."""

import os
from wsgiref.headers import Headers

import django
from django.conf import settings
from django.contrib.staticfiles.finders import AppDirectoriesFinder
from servestatic import ServeStaticASGI

from depesa.config.crowds import Pages

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "depesa.config.settings")
django.setup(set_prefix=False)


def _as_declared(headers: Headers, _path: str, _url: str) -> None:
    headers["X-Content-Type-Options"] = "nosniff"


application = ServeStaticASGI(
    Pages(),
    autorefresh=settings.DEBUG,
    max_age=0 if settings.DEBUG else 60,
    add_headers_function=_as_declared,
)
for storage in reversed(AppDirectoriesFinder().storages.values()):  # the first app that has a file of a name wins
    application.add_files(storage.location, settings.STATIC_URL)
