"""Customers and documents for a measurement, made by the database in a few statements."""

import datetime as dt
from decimal import Decimal
from itertools import batched

from depesa.company.models import Company
from depesa.core.periods import Period
from depesa.customers.models import Customer
from depesa.documents.models import Document
from depesa.documents.rules import Posting, Type

MONTH = Period.month(2026, 6)


def seed(*, customers: int, documents: int) -> None:
    """So many customers with so many posted documents each in one month; every seventh is a return."""
    Company.objects.get_or_create(
        pk=1, defaults={"name": "Vaivorykštė UAB", "email": "desk@vaivorykste.example", "currency": "EUR"}
    )
    for numbers in batched(range(customers), 2000):
        made = Customer.objects.bulk_create(
            Customer(
                code=f"B{n:07}",
                name=f"Klientas Šviesa {n} UAB",
                street=f"Ąžuolų g. {n}",
                city="Vilnius",
                email=f"c{n}@sink.example",
                language=("en", "lt", "cs")[n % 3],
                vat_code=f"LT{n:09}",
            )
            for n in numbers
        )
        Document.objects.bulk_create(
            (_document(customer, place, documents) for customer in made for place in range(documents)), batch_size=2000
        )


def _document(customer: Customer, place: int, count: int) -> Document:
    net = Decimal(customer.pk % 997 + place * 13) + Decimal("10.37")
    vat = (net * Decimal("0.21")).quantize(Decimal("0.01"))
    day = MONTH.first + dt.timedelta(days=place * 29 // max(count, 1))
    return Document(
        type=Type.RETURN if place % 7 == 6 else Type.WAYBILL,
        number=f"VAZ-{customer.pk}-{place}",
        customer=customer,
        document_on=day,
        month=MONTH.number,
        currency="EUR",
        net=net,
        vat=vat,
        gross=net + vat,
        rates=[["21", str(net), str(vat)]],
        posting=Posting.POSTED,
    )
