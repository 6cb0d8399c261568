"""Browsers of the desk."""

import pytest
from django.test import Client


def _browser(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def clerk(ben) -> Client:
    """The clerk's browser."""
    return _browser(ben)


@pytest.fixture
def reader(cleo) -> Client:
    """The reader's browser."""
    return _browser(cleo)
