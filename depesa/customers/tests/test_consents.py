"""Groups, consents, newsletter and accounts of customers."""

import datetime as dt

import pytest

from depesa.customers import services
from depesa.customers.models import Group
from depesa.history.models import Entry

pytestmark = pytest.mark.django_db


@pytest.fixture
def card(ben):
    return services.create({"code": "1042", "name": "Ąžuolas UAB"}, by=ben)


def events():
    return list(Entry.objects.order_by("id").values_list("event", flat=True))


def test_a_consent_is_given_and_withdrawn_and_both_are_kept(card, ben, clock):
    given = services.agree(card, code="terms", name="Terms of sale", source="checkout", origin="shop")
    clock.shift(dt.timedelta(days=1))
    services.withdraw(given, by=ben)
    kept = card.consents.get()
    assert (kept.given_at.day, kept.withdrawn_at.day) == (5, 6)
    assert events()[1:] == ["customers.agreed", "customers.withdrew"]


def test_consenting_twice_is_one_consent(card):
    first = services.agree(card, code="terms", name="Terms")
    assert services.agree(card, code="terms", name="Terms") == first
    assert events().count("customers.agreed") == 1


def test_after_a_withdrawal_a_consent_is_a_new_one(card):
    first = services.withdraw(services.agree(card, code="terms", name="Terms"))
    assert services.agree(card, code="terms", name="Terms") != first


def test_withdrawn_twice_the_first_time_counts(card, clock):
    given = services.agree(card, code="terms", name="Terms")
    services.withdraw(given)
    clock.shift(dt.timedelta(days=1))
    assert services.withdraw(given).withdrawn_at.day == 5
    assert events().count("customers.withdrew") == 1


def test_a_consent_runs_out(card, clock):
    given = services.agree(card, code="news", name="News", valid_until=dt.date(2011, 7, 6))
    assert given.is_in_force(dt.date(2011, 7, 6))
    assert not given.is_in_force(dt.date(2011, 7, 7))
    clock.shift(dt.timedelta(days=5))
    again = services.agree(card, code="news", name="News", valid_until=dt.date(2012, 7, 6))
    assert (again.pk, again.given_at.day) == (given.pk, 10)


def test_groups_of_a_card_stand_in_its_history(card, ben):
    groups = [services.group_named("Wholesale"), services.group_named("Vilnius")]
    services.change(card, {"groups": groups}, version=1, by=ben)
    assert Entry.objects.get(event="customers.changed").after == {"groups": "Vilnius, Wholesale"}
    services.change(card, {"groups": groups[:1]}, version=2, by=ben)
    assert [group.name for group in card.groups.all()] == ["Wholesale"]


def test_a_group_is_known_whatever_its_letter_case():
    assert services.group_named(" wholesale  trade ") == services.group_named("Wholesale trade")
    assert Group.objects.count() == 1


def test_an_account_and_the_wish_for_news_are_told(card):
    services.register_account(card, origin="shop")
    services.set_newsletter(card, "yes", origin="shop")
    card.refresh_from_db()
    assert (card.kind, card.newsletter, card.version) == ("customer", "yes", 3)
    assert Entry.objects.filter(event="customers.changed", origin="shop").count() == 2
