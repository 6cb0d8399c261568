"""Parcels: records of a source of our own, whose changes of state cause letters."""

from decimal import Decimal

import pytest

from depesa.core.errors import DomainError
from depesa.core.periods import Period
from depesa.customers.models import Customer
from depesa.emails.models import SystemEmail, SystemEmailText
from depesa.outbox.models import Channel
from depesa.statements.tests.values import statement_values
from depesa.triggers.contributions import SOURCES, Draft, Source
from depesa.triggers.services import Change, note
from tests.plugs import brought


@pytest.fixture
def channel(company):
    Channel.objects.filter(is_default=True).update(from_address="desk@vaivorykste.example")
    return Channel.objects.get(is_default=True)


@pytest.fixture
def customer(company):
    return Customer.objects.create(code="C1", name="Šviesa UAB", email="cleo@sviesa.example", language="lt")


def system_email(code, subject="{{ month.name }}", **more):
    """An own system e-mail with texts in English and Lithuanian."""
    email = SystemEmail.objects.create(code=code, name=code.capitalize(), context="monthly-statement", **more)
    for language in ("en", "lt"):
        SystemEmailText.objects.create(
            system_email=email, language=language, subject=f"{language}: {code} {subject}", body="{{ company.name }}"
        )
    return email


@pytest.fixture
def sent(company):
    return system_email("sent")


@pytest.fixture
def paid(company):
    return system_email("paid")


class Parcels:
    """What the app that owns parcels would know; a test says what is different about one of them."""

    def __init__(self, company, customer):
        self.company, self.customer = company, customer
        self.odd, self.asked = {}, []

    def values(self, language):
        return statement_values(
            company=self.company,
            customer=self.customer,
            period=Period.month(2011, 6),
            language=language,
            document_count=1,
            totals={"EUR": Decimal(1)},
        )

    def draft(self, transitions):
        self.asked.append(len(transitions))
        drafts = {}
        for row in transitions:
            odd = self.odd.get(row.subject, {})
            if isinstance(odd, Exception) and not isinstance(odd, DomainError):
                raise odd
            usual = {"to": ("cleo@sviesa.example",), "values": self.values}
            drafts[row.pk] = Draft(**usual | odd) if isinstance(odd, dict) else odd
        return drafts


@pytest.fixture
def parcels(company, channel, customer):
    source = Parcels(company, customer)
    with brought(SOURCES, Source(kind="parcel", draft=source.draft)):
        yield source


@pytest.fixture
def change(parcels, customer):
    """Note one change of state of a parcel: change(1, "sent", email) or with anything of Change."""
    numbers = {}

    def change(parcel, after, email=None, *, by=None, origin="", before=None, **more):
        numbers[parcel] = numbers.get(parcel, 0) + 1
        told = Change(
            key=f"parcel:{parcel}:state:{numbers[parcel]}",
            event="state-changed",
            subject=f"parcel:{parcel}",
            customer_id=customer.pk,
            before=before,
            after=after,
            system_email=email.pk if isinstance(email, SystemEmail) else email,
            **{"language": "en"} | more,
        )
        [row] = note([told], by=by, origin=origin)
        return row

    return change
