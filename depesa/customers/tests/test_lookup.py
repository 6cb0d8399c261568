"""The customer of an order: the card that is there, or a new one."""

import pytest

from depesa.core.errors import Faults
from depesa.customers import queries, services
from depesa.customers.models import Customer
from depesa.history.models import Entry

pytestmark = pytest.mark.django_db


@pytest.fixture
def card(ben):
    return services.create({"code": "1042", "name": "Ąžuolas UAB", "email": "info@azuolas.example"}, by=ben)


def test_the_card_with_the_address_is_found_whatever_its_letter_case(card):
    assert services.find_or_create(email="Info@Azuolas.EXAMPLE", name="Other") == card
    assert Customer.objects.count() == 1


def test_the_oldest_card_that_is_not_blocked_counts(card, ben):
    second = services.create({"code": "7", "name": "Beržas", "email": "info@azuolas.example"}, by=ben)
    services.create({"code": "8", "name": "C", "email": "info@azuolas.example"}, by=ben)
    services.change(card, {"is_blocked": True}, version=1, by=ben)
    assert services.find_or_create(email="info@azuolas.example") == second


def test_a_blocked_customer_gets_no_second_card(card, ben):
    services.change(card, {"is_blocked": True}, version=1, by=ben)
    assert services.find_or_create(email=card.email) == card


def test_a_stranger_becomes_a_contact_with_a_code_of_our_own():
    made = services.find_or_create(email="jan@c.cz", name="Jan Novák", language="cs", origin="shop")
    made.refresh_from_db()
    assert (made.code, made.kind, made.language) == (f"K{made.pk:06}", "contact", "cs")
    assert list(Customer.objects.found_by("ovak ja")) == [made]
    assert list(Customer.objects.found_by("novakova")) == []
    assert list(Customer.objects.found_by("jan nov")) == [made]
    entry = Entry.objects.get(event="customers.entered")
    assert (entry.origin, entry.customer_id, entry.after["email"]) == ("shop", made.pk, "jan@c.cz")


def test_a_code_that_somebody_typed_is_stepped_around(card, ben):
    first = services.find_or_create(email="a@c.cz")
    services.create({"code": f"K{first.pk + 2:06}", "name": "Typed"}, by=ben)
    made = services.find_or_create(email="b@c.cz")
    assert made.code == f"K{made.pk:06}-{made.pk}"


def test_many_cards_are_one_question_and_two_alike_one_customer(card, django_assert_max_num_queries):
    cards = [{"email": f"a{number % 40}@c.cz", "name": f"A{number}"} for number in range(80)]
    cards.append({"code": "1042"})
    cards.append({"code": "M-1", "name": "Beržas"})
    with django_assert_max_num_queries(14):
        found = services.found_or_made(cards, by=None, origin="import")
    assert len({one.pk for one in found}) == 42
    assert found[0] == found[40]
    assert (found[-2], found[-1].code, found[3].name) == (card, "M-1", "A3")


@pytest.mark.parametrize(
    ("codes", "asked", "found"),
    [
        (["ab1", "AB1"], "AB1", "AB1"),
        (["ab1", "AB1"], "ab1", "ab1"),
        (["ab1", "AB1"], "Ab1", None),
        (["ab1"], " AB1 ", "ab1"),
        (["ŠK-1"], "SK-1", None),
        (["SK-1"], "ŠK-1", None),
        (["ŠK-1", "SK-1"], "šk-1", "ŠK-1"),
        (["ŠK-1"], "S\N{COMBINING CARON}K-1", "ŠK-1"),
        (["1"], "", None),
    ],
)
def test_a_code_is_exactly_that_or_the_only_one_in_another_letter_case(ben, codes, asked, found):
    for code in codes:
        services.create({"code": code, "name": f"Firm {code}"}, by=ben)
    meant = queries.with_code(asked)
    assert (meant.code if meant else None) == found


def test_an_import_finds_a_customer_by_exactly_its_code(ben):
    old = services.create({"code": "ab1", "name": "Old"}, by=ben)
    names = {"ab1": "Old", "AB1": "New", "áb1": "Other"}
    found = services.found_or_made([{"code": code, "name": name} for code, name in names.items()], by=ben)
    assert [one.code for one in found] == list(names)
    assert found[0] == old
    assert services.found_or_made([{"code": code} for code in names], by=ben) == found


def test_a_card_without_address_and_code_is_always_a_new_one():
    first, second = services.found_or_made([{"name": "Walk-in"}, {"name": "Walk-in"}], by=None)
    assert first.pk != second.pk


def test_a_wrong_address_is_named():
    with pytest.raises(Faults) as caught:
        services.find_or_create(email="a@b", name="A")
    assert "needs a domain" in caught.value.by_field["email"]


def test_what_is_too_long_is_cut_for_the_card():
    assert len(services.find_or_create(email="a@c.cz", name="x" * 500, city="y" * 300).city) == 100


def test_an_address_is_blocked_when_a_card_with_it_is(card, ben):
    assert not queries.is_blocked_address(card.email)
    services.change(card, {"is_blocked": True, "blocked_reason": "Never pays"}, version=1, by=ben)
    assert queries.is_blocked_address(" INFO@azuolas.example")
    assert not queries.is_blocked_address("")
