"""What is answered in front of the pages."""

import asyncio

import pytest
from asgiref.testing import ApplicationCommunicator

from depesa.config.asgi import application


async def _ask(path):
    scope = {"type": "http", "method": "GET", "path": path, "query_string": b"", "headers": []}
    asked = ApplicationCommunicator(application, scope)
    await asked.send_input({"type": "http.request", "body": b""})
    start = await asked.receive_output(timeout=60)
    while (await asked.receive_output(timeout=60))["more_body"]:
        pass
    await asked.wait(timeout=60)
    return start["status"], dict(start["headers"])


@pytest.mark.parametrize("path", ["/static/ui/icons.svg", "/static/django_htmx/django-htmx.js"])
def test_static_files_are_served_from_the_packages_as_what_they_are(path):
    status, headers = asyncio.run(_ask(path))
    assert status == 200
    assert headers[b"x-content-type-options"] == b"nosniff"
    assert headers[b"cache-control"].startswith(b"max-age=60")
