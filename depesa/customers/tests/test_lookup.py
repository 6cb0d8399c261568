"""The customer of an order: the card that is there, or a new one."""

import pytest
from django.test import Client

from depesa.core.errors import Faults
from depesa.customers import queries, services
from depesa.customers.models import Customer
from depesa.history.models import Entry

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser(ben):
    client = Client()
    client.force_login(ben)
    return client


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
    cards = [{"email": f"a{number % 40}@c.cz", "name": f"A{number % 40}"} for number in range(80)]
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


ALFA = {"name": "Alfa s.r.o.", "email": "ucetni@kancelar.example"}


@pytest.mark.parametrize(
    ("first", "second", "is_same"),
    [
        (ALFA, ALFA | {"name": "Beta s.r.o."}, False),
        (ALFA, ALFA | {"name": "ALFA, s. r. o."}, True),
        (ALFA, ALFA | {"email": "UCETNI@kancelar.example"}, True),
        (ALFA, {"email": ALFA["email"]}, True),
        (ALFA | {"company_code": "25596641"}, ALFA | {"company_code": "27082440"}, False),
        (ALFA | {"company_code": "255 96 641"}, ALFA | {"name": "Alfa a syn", "company_code": "25596641"}, True),
        (ALFA | {"company_code": "25596641"}, ALFA, True),
        (ALFA | {"company_code": "25596641"}, ALFA | {"name": "Beta s.r.o."}, False),
    ],
)
@pytest.mark.parametrize("together", [True, False])
def test_two_who_share_an_address_are_two_customers(first, second, is_same, together):
    cards = [first, second]
    if together:
        found = services.found_or_made(cards, by=None)
    else:
        found = [services.found_or_made([card], by=None)[0] for card in cards]
    assert (found[0] == found[1]) == is_same
    assert services.found_or_made(cards, by=None) == found


def test_one_that_shares_an_address_is_said_on_its_page(browser):
    first, second = services.found_or_made([ALFA, ALFA | {"name": "Beta s.r.o."}], by=None)
    assert f"also used by customer {first.code}, Alfa s.r.o." in browser.get(second.get_absolute_url()).content.decode()


def test_a_wrong_address_is_kept_where_nobody_can_correct_it():
    [made] = services.found_or_made([{"name": "A", "email": "ada..b@c.cz"}], by=None, keeps_wrong_address=True)
    assert made.email == "ada..b@c.cz"
    assert services.found_or_made([{"name": "A", "email": "ada..b@c.cz"}], by=None, keeps_wrong_address=True) == [made]


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
