"""Enter and change customers and their contacts."""

import pytest

from depesa.core.codes import CodeFault, company_code_fault, vat_code_fault
from depesa.core.errors import Faults, StaleState
from depesa.customers import queries, services
from depesa.customers.models import Customer
from depesa.history.models import Entry
from depesa.imports.rules.countries import find_country

pytestmark = pytest.mark.django_db


@pytest.fixture
def card(ben):
    return services.create({"code": "1042", "name": "Ąžuolas UAB", "email": "info@azuolas.example"}, by=ben)


def test_a_change_tells_before_and_after(card, ben):
    services.change(card, {"name": "Ąžuolas MB", "city": "Vilnius"}, version=1, by=ben)
    entry = Entry.objects.get(event="customers.changed")
    assert (entry.before, entry.after) == (
        {"name": "Ąžuolas UAB", "city": ""},
        {"name": "Ąžuolas MB", "city": "Vilnius"},
    )
    assert (entry.actor, entry.customer_id) == (ben, card.pk)


def test_a_change_of_nothing_is_no_change(card, ben):
    assert services.change(card, {"name": card.name}, version=1, by=ben).version == 1


def test_input_102_a_change_of_an_old_version_is_refused(card, ben):
    services.change(card, {"city": "Vilnius"}, version=1, by=ben)
    with pytest.raises(StaleState):
        services.change(card, {"city": "Kaunas"}, version=1, by=ben)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("a@c.cz\r\nBcc: x@y.cz", "line break"),
        ("a@c.cz\u200b", "invisible character after 'cz'"),
        ("a@b", "needs a domain"),
        ("a@c.cz, b@d.cz", "Two addresses found"),
        ("a@c.cz\0", "forbidden character"),
    ],
)
def test_inputs_1_to_19_an_address_is_refused_at_its_field(ben, typed, words):
    with pytest.raises(Faults) as caught:
        services.create({"code": "1", "name": "x", "email": typed}, by=ben)
    assert words in caught.value.by_field["email"]


def test_input_3_the_exact_address_is_kept(ben):
    assert services.create({"code": "1", "name": "x", "email": "info@straße.de"}, by=ben).email == (
        "info@xn--strae-oqa.de"
    )


def test_input_13_a_name_pasted_with_the_address_becomes_the_contact(card, ben):
    contact = services.add_contact(card, {"email": "Jan Novák <jan@c.cz>"}, by=ben)
    assert (contact.name, contact.email) == ("Jan Novák", "jan@c.cz")


def test_input_15_blanks_around_are_taken_away_and_said(ben):
    checked = services.check({"email": "\u00a0a@c.cz "})
    assert (checked.values["email"], checked.notices) == ("a@c.cz", ["Blanks around the address were removed."])


def test_input_21_the_address_of_another_customer_is_named(card, ben):
    services.create({"code": "7", "name": "Beržas", "email": "INFO@azuolas.example"}, by=ben)
    assert [other.code for other in queries.others_with_address("info@AZUOLAS.example", besides=card.pk)] == ["7"]


def test_input_22_an_address_nobody_reads_is_a_warning():
    assert services.check({"email": "noreply@firma.cz"}).warnings


@pytest.mark.parametrize(
    ("code", "country", "fault"),
    [
        ("27082440", "CZ", None),
        ("12345678", "CZ", CodeFault.CHECK_DIGIT),
        ("12345678", "Česko", CodeFault.CHECK_DIGIT),
        ("1234567", "CZ", CodeFault.SHAPE),
        ("302541648", "LT", None),
        ("302541649", "Lietuva", CodeFault.CHECK_DIGIT),
        ("1234567", "LT", None),
        ("anything", "United Kingdom", None),
    ],
)
def test_input_81_check_digits_of_company_codes(code, country, fault):
    assert company_code_fault(code, find_country(country)) == fault


@pytest.mark.parametrize(
    ("code", "country", "fault"),
    [
        ("CZ27082440", "", None),
        ("CZ27082441", "", CodeFault.CHECK_DIGIT),
        ("27082440", "CZ", None),
        ("LT119511515", "LT", None),
        ("LT119511516", "", CodeFault.CHECK_DIGIT),
        ("EL094259216", "", None),
        ("XX1", "", None),
    ],
)
def test_input_81_check_digits_of_vat_codes(code, country, fault):
    assert vat_code_fault(code, country) == fault


def test_input_81_a_wrong_check_digit_is_said_at_the_field(ben):
    with pytest.raises(Faults) as caught:
        services.create({"code": "1", "name": "x", "company_code": "12345678", "country": "CZ"}, by=ben)
    assert caught.value.by_field["company_code"].startswith("Check digit does not match.")


def test_a_code_twice_is_named(card, ben):
    with pytest.raises(Faults, match="Another customer has this code"):
        services.create({"code": "1042", "name": "x"}, by=ben)


def test_an_address_is_one_contact_of_a_customer(card, ben):
    services.add_contact(card, {"email": "jan@c.cz"}, by=ben)
    with pytest.raises(Faults, match="already"):
        services.add_contact(card, {"email": "JAN@c.cz"}, by=ben)


def test_a_contact_that_goes_stays_in_the_history(card, ben):
    contact = services.add_contact(card, {"email": "jan@c.cz", "gets_statements": True}, by=ben)
    assert queries.statement_addresses([card]) == {card.pk: ["jan@c.cz"]}
    services.remove_contact(contact, by=ben)
    assert Entry.objects.get(event="customers.contact-removed").before["email"] == "jan@c.cz"
    assert queries.statement_addresses([card]) == {card.pk: ["info@azuolas.example"]}


@pytest.mark.parametrize("text", ["azuol", "ĄŽUOLAS", "1042", "info@az", "Ąžuolas  uab"])
def test_customers_are_found_by_the_beginning_of_name_code_or_address(card, text):
    assert list(Customer.objects.found_by(text)) == [card]


def test_customers_are_found_by_the_address_of_a_contact(card, ben):
    services.add_contact(card, {"email": "Jan@c.cz"}, by=ben)
    assert list(Customer.objects.found_by("jan@")) == [card]
    assert list(Customer.objects.found_by("uab")) == [card]
    assert not Customer.objects.found_by("uabas").exists()


def test_delivery_addresses_come_and_go(card, ben):
    place = services.add_address(card, {"name": "Sandėlis", "city": "Kaunas"}, by=ben)
    services.change_address(place, {"city": "Klaipėda"}, by=ben)
    services.remove_address(place, by=ben)
    events = list(Entry.objects.filter(event__contains="address").order_by("id").values_list("event", flat=True))
    assert events == ["customers.address-added", "customers.address-changed", "customers.address-removed"]
