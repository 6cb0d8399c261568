"""Writes of many rows at once."""

from decimal import Decimal

import pytest

from depesa.core.models import Blob
from depesa.core.tables import insert_rows
from depesa.customers.models import Customer
from depesa.documents.models import Document, Paper

pytestmark = pytest.mark.django_db


def test_inserted_rows_have_their_keys_and_saved_ones_follow():
    first = Customer.objects.create(code="A", name="Ą")
    made = insert_rows([Customer(code=code, name="Č", language="cs", created_at=first.created_at) for code in "BC"])
    last = Customer.objects.create(code="D", name="D")
    assert [row.pk for row in [first, *made, last]] == sorted({first.pk, made[0].pk, made[1].pk, last.pk})
    stored = Customer.objects.get(pk=made[1].pk)
    assert (stored.code, stored.name, stored.language, stored.created_at) == ("C", "Č", "cs", first.created_at)
    stored.name = "changed"
    stored.save()
    assert Customer.objects.count() == 4


def test_amounts_documents_and_bytes_are_stored_as_the_orm_would():
    customer = Customer.objects.create(code="A", name="A")
    [document] = insert_rows(
        [
            Document(
                type="return",
                number="1",
                customer=customer,
                document_on="2011-06-30",
                month=201106,
                currency="EUR",
                net=Decimal("1.5"),
                gross=Decimal("1.5"),
                rates=[["21", "1.5", "0"]],
                created_at=customer.created_at,
            )
        ]
    )
    stored = Document.objects.get(pk=document.pk)
    assert (stored.signed_gross, stored.rates) == (Decimal("-1.5"), [["21", "1.5", "0"]])
    [blob] = insert_rows([Blob(sha256="0" * 64, content=b"\0\1", size=2)])
    [paper] = insert_rows([Paper(blob=blob, name="x", made_at=customer.created_at)])
    assert bytes(Paper.objects.get(pk=paper.pk).blob.content) == b"\0\1"


def test_nothing_to_insert_is_no_error():
    assert insert_rows([]) == []
