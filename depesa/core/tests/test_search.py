"""Any part of a word finds its row, whoever wrote it and in whatever way."""

import pytest
from django.apps import apps
from django.db import connection

from depesa.catalog.models import Product
from depesa.core.search import FoldedField, has_words, index_name
from depesa.core.tables import update_rows
from depesa.customers.models import Contact, Customer
from depesa.documents.models import Document
from depesa.operations.models import Operation
from depesa.orders.models import Order, OrderDocument
from depesa.outbox.models import Message
from depesa.shop.models import Message as VisitorMessage
from depesa.triggers.models import Transition

SEARCHED = (
    Contact, Customer, Document, Message, Operation, Order, OrderDocument, Product, Transition, VisitorMessage
)  # fmt: skip


def found(text, *fields):
    return sorted(Customer.objects.filter(has_words(Customer, text, *fields)).values_list("code", flat=True))


@pytest.fixture
def firms(db):
    rows = [
        ("A1", "UAB „Ąžuolyno vartai“", "info@vartai.example"),
        ("B2", "Žvirblytė, MB", "labas@paukstis.example"),
        ("C3", "Malá pekárna s.r.o.", "jana.mala@pekarna.example"),
        ("D4", 'The "100 %" Shop_', "x@y.example"),
    ]
    return Customer.objects.bulk_create(Customer(code=code, name=name, email=email) for code, name, email in rows)


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("ąžuolyno", ["A1"]),
        ("AZUOL", ["A1"]),
        ("uolyn", ["A1"]),
        ("virblyt", ["B2"]),
        ("vartai uab", ["A1"]),
        ("pekarna", ["C3"]),
        ("mala s.r", ["C3"]),
        ("paukstis", ["B2"]),
        ("example", ["A1", "B2", "C3", "D4"]),
        ("a1", ["A1"]),
        ("ua", ["A1"]),
        ("vartai mb", []),
        ("nobody", []),
        ('"100', ["D4"]),
        ("100 %", ["D4"]),
        ("shop_", ["D4"]),
        ("sh%p", []),
        ("s*op", []),
        ("ąžuolyno OR pekarna", []),
        ("name_key : vartai", []),
        ("'; drop table", []),
    ],
)
def test_words_and_parts_of_words_find_a_firm(firms, text, codes):
    assert found(text) == codes


def test_only_the_fields_that_are_named_are_asked(firms):
    assert found("vartai", "email_key") == ["A1"]
    assert found("uolyno", "email_key") == []


def test_every_way_of_writing_is_seen(firms):
    first, second, third, _fourth = firms
    first.name = "Beržynas"
    first.save()
    assert (found("azuolyno"), found("erzyn")) == ([], ["A1"])
    update_rows(Customer, ["name_key"], [("liepynas", second.pk)])
    assert found("iepyn") == ["B2"]
    Customer.objects.filter(pk=third.pk).update(name_key="kastonas")
    assert found("aston") == ["C3"]
    first.delete()
    assert found("erzyn") == []
    Customer.objects.all().delete()
    assert found("example") == []


def test_a_row_that_says_the_same_is_written_without_its_index(firms):
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        before = cursor.execute("SELECT total_changes()").fetchone()[0]
        firms[0].save()
        assert cursor.execute("SELECT total_changes()").fetchone()[0] - before == 1


@pytest.mark.django_db
def test_every_model_that_is_searched_has_its_index_still():
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
            there = {name.rpartition("_")[0] for (name,) in cursor.fetchall()}
        else:
            cursor.execute("SELECT indexname FROM pg_indexes")
            there = {name for (name,) in cursor.fetchall()}
    assert [model for model in SEARCHED if index_name(model._meta.db_table) not in there] == []
    # The others are asked for the whole value only.
    folded = {m for m in apps.get_models() if any(isinstance(f, FoldedField) for f in m._meta.get_fields())}
    assert {model.__name__ for model in folded - set(SEARCHED)} == {"Account"}


def test_the_index_answers_and_not_the_table(firms):
    rows = Customer.objects.filter(has_words(Customer, "uolyno"))
    if connection.vendor == "sqlite":
        assert "VIRTUAL TABLE INDEX" in rows.explain()
    else:
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")
        assert "customers_customer_search" in rows.explain()
