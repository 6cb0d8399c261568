"""Browsers of the desk, and an order with the letter that somebody writes about it."""

import uuid

import pytest
from django.test import Client

from depesa.documents.models import DocumentType, NumberSeries
from depesa.orders.models import Order
from depesa.orders.services.letters.drafts import keep
from depesa.orders.tests import world


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


@pytest.fixture
def order(company):
    return Order.objects.get(pk=world.order().pk)


@pytest.fixture
def note_type(company):
    """A delivery note with numbers of its own."""
    series = NumberSeries.objects.create(code="delivery-note", prefix="DN", digits=4)
    return DocumentType.objects.create(code="delivery-note", names={"en": "delivery note"}, series=series)


@pytest.fixture
def write(order, ben):
    """Keep a draft with these fields; returns it."""

    def write(*ticked, **fields):
        token = fields.pop("token", None) or uuid.uuid4()
        sender_id = fields.pop("sender_id", None)
        values = {"to": "ona@zilenaite.example", "subject": "Your order", "body": "Hello,\n\nall is well.\n"}
        return keep(order, ben, token=token, fields=values | fields, ticked=ticked, sender_id=sender_id)

    return write
