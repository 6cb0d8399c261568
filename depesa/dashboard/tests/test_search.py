"""The search over everything."""

import datetime as dt

import pytest
from django.urls import reverse

from depesa.customers.models import Customer
from depesa.documents.models import Document
from depesa.operations.models import Operation

pytestmark = pytest.mark.django_db

SEARCH = reverse("dashboard:search")
LINES = reverse("dashboard:palette")


@pytest.fixture
def page(client, ben, company):
    client.force_login(ben)
    return client


@pytest.fixture
def trade(db):
    customer = Customer.objects.create(code="SF-9", name="Ąžuolas UAB", email="info@azuolas.example")
    day = dt.date(2011, 6, 15)
    for n in range(7):
        Document.objects.create(type="invoice", number=f"SF-{n:03}", customer=customer, document_on=day, currency="EUR")
    Operation.objects.create(operation_on=day, customer=customer, subject="Sąskaitų sąrašas 2011-06")
    return customer


def _titles(response):
    return [hit.title for group in response.context["groups"] for hit in group.hits]


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("ąžuo", "Ąžuolas UAB"),
        ("azuolas uab", "Ąžuolas UAB"),
        ("info@azu", "Ąžuolas UAB"),
        ("sf-006", "invoice SF-006"),
        ("saskaitu", "Sąskaitų sąrašas 2011-06"),
    ],
)
def test_what_begins_so_is_found(page, trade, text, title):
    assert _titles(page.get(SEARCH, {"q": text})) == [title]
    assert title in page.get(LINES, {"q": text}).content.decode()


def test_a_few_of_each_kind_and_all_of_one(page, trade):
    groups = page.get(SEARCH, {"q": "sf-"}).context["groups"]
    assert [(group.kind.key, len(group.hits), bool(group.older)) for group in groups] == [
        ("customers", 1, False),
        ("documents", 5, True),
    ]
    assert len(_titles(page.get(SEARCH, {"q": "sf-", "kind": "documents"}))) == 7


def test_a_subject_that_is_edited_is_found_by_its_new_words(page, trade):
    operation = Operation.objects.get()
    operation.subject = "Vratka"
    operation.save(update_fields=["subject"])
    assert _titles(page.get(SEARCH, {"q": "vrat"})) == ["Vratka"]


@pytest.mark.parametrize(
    "query", ["", "q=", "q=a%00b", "q=" + "x" * 100_000, "q=a&kind=password", "q=a&at=-1", "q=%25"]
)
def test_input_100_a_clean_answer_to_any_query(page, trade, query):
    assert page.get(f"{SEARCH}?{query}").status_code == 200
    assert page.get(f"{LINES}?{query}").status_code == 200


def test_the_palette_offers_what_the_role_may_do(page, client, cleo, trade):
    assert "New operation" in page.get(SEARCH).content.decode()
    client.force_login(cleo)
    assert "New operation" not in client.get(SEARCH).content.decode()
