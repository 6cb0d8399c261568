"""Customers and their sales, as short as they can be said."""

import datetime as dt
from decimal import Decimal
from itertools import count

import pytest

from depesa.customers.models import Customer
from depesa.documents.models import Document
from depesa.pdf import Rendered, Renderer

_numbers = count(1)


@pytest.fixture(scope="session")
def renderer():
    """The real renderer, started once for all tests."""
    with Renderer(processes=1) as started:
        yield started


class Refusing:
    """A renderer at whose worker one statement fails, as after a crash; it prints the others as tiny PDFs."""

    def __init__(self, guilty=None):
        self.guilty, self.seen = guilty, []

    def render_many(self, jobs):
        for job in jobs:
            self.seen.append(job.key)
            yield (
                Rendered(job.key, None, "a loop")
                if job.key == self.guilty
                else Rendered(job.key, b"%%PDF %d" % job.key)
            )


def make_customer(code="C-1", **fields):
    fields = {"name": f"Customer {code}", "email": f"{code.lower()}@shop.example"} | fields
    return Customer.objects.create(code=code, **fields)


def sell(customer, on="2011-06-15", net="100.00", *, kind="waybill", vat="21.00", currency="EUR", **fields):
    """A document of the customer, posted unless said otherwise."""
    net, vat = Decimal(net), Decimal(vat)
    fields = {"posting": "posted", "number": f"{kind[:2].upper()}-{next(_numbers):05}"} | fields
    return Document.objects.create(
        customer=customer,
        document_on=dt.date.fromisoformat(on),
        type=kind,
        currency=currency,
        net=net,
        vat=vat,
        gross=net + vat,
        rates=[["21", str(net), str(vat)]],
        **fields,
    )


@pytest.fixture
def novak(company):
    return make_customer("NOVAK", name="Šroub & matka, s.r.o.", language="cs")


@pytest.fixture
def jonas(company):
    return make_customer("JONAS", name="Žąsų ferma IĮ", language="lt")
