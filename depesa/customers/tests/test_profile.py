"""The profile of a customer: groups, price list, consents, blocking, and the list that is filtered by them."""

import pytest
from django.urls import reverse

from depesa.catalog.models import PriceList
from depesa.customers import services, views
from depesa.customers.models import Customer, Group
from depesa.history.models import Entry

pytestmark = pytest.mark.django_db
LIST = "/customers/"


@pytest.fixture
def page(client, ben):
    client.force_login(ben)
    return client


@pytest.fixture
def card(company, ben):
    return services.create({"code": "1042", "name": "Ąžuolas UAB", "email": "info@azuolas.example"}, by=ben)


@pytest.fixture
def wholesale(db):
    return PriceList.objects.create(code="wholesale", name="Wholesale prices", currency="EUR")


def edit(card):
    return reverse("customers:edit", args=[card.pk])


def values(card, **more):
    card.refresh_from_db()
    return {"code": card.code, "name": card.name, "version": card.version, **more}


def test_price_list_groups_and_form_of_address_are_set_on_the_card(page, card, wholesale):
    old = services.group_named("Vilnius")
    typed = values(card, price_list=wholesale.pk, groups=[old.pk], new_group="Regulars", vocative="pane Nováku")
    text = page.post(edit(card), typed, follow=True).text
    assert "Wholesale prices" in text
    assert "pane Nováku" in text
    assert [group.name for group in card.groups.all()] == ["Regulars", "Vilnius"]
    told = Entry.objects.get(event="customers.changed").after
    assert (told["price_list"], told["groups"]) == ("Wholesale prices", "Regulars, Vilnius")


def test_a_field_of_the_card_that_has_no_place_on_the_page_stands_there_by_its_name(page, card, monkeypatch):
    Customer.objects.filter(pk=card.pk).update(copy_format="csv", is_blocked=True)
    monkeypatch.setattr(views, "PLACED", views.PLACED - {"copy_format", "is_blocked", "vocative"})
    shown = page.get(reverse("customers:customer", args=[card.pk])).context["further"]
    assert shown == [("statement as", "PDF and CSV"), ("blocked", "yes")]


def test_no_group_is_made_when_the_card_is_wrong(page, card):
    assert page.post(edit(card), values(card, name="", new_group="Regulars")).status_code == 422
    assert not Group.objects.exists()


def test_who_is_blocked_needs_a_reason_and_the_page_says_it(page, card):
    response = page.post(edit(card), values(card, is_blocked="on"))
    assert "Say why" in response.text
    assert response.status_code == 422
    text = page.post(edit(card), values(card, is_blocked="on", blocked_reason="Never pays"), follow=True).text
    assert "Never pays" in text
    page.post(edit(card), values(card, blocked_reason="Never pays"))
    card.refresh_from_db()
    assert (card.is_blocked, card.blocked_reason) == (False, "")


def test_a_consent_is_noted_and_withdrawn(page, card):
    url = reverse("customers:new_consent", args=[card.pk])
    assert page.post(url, {"name": ""}).status_code == 422
    text = page.post(url, {"name": "Zasílání novinek", "source": "by telephone"}, follow=True).text
    assert "by telephone" in text
    consent = card.consents.get()
    assert consent.code == "zasilani-novinek"
    assert "Zasílání novinek" in page.get(url).text
    text = page.post(reverse("customers:withdrawal", args=[consent.pk]), follow=True).text
    assert "withdrawn" in text


def test_a_consent_with_a_known_name_has_the_known_code(card, ben):
    services.agree(card, code="terms", name="Terms of sale")
    other = services.create({"code": "7", "name": "Beržas"}, by=ben)
    assert services.agree_by_name(other, "terms OF sale").code == "terms"


@pytest.mark.parametrize("query", ["group={group}", "kind=company", "prices={prices}", "blocked=yes"])
def test_the_list_is_filtered(page, card, ben, wholesale, query):
    group = services.group_named("Regulars")
    more = {"kind": "company", "price_list": wholesale, "groups": [group], "is_blocked": True, "blocked_reason": "x"}
    services.create({"code": "7", "name": "Beržas", **more}, by=ben)
    response = page.get(f"{LIST}?{query.format(group=group.pk, prices=wholesale.pk)}")
    assert [row.name for row in response.context["listing"].page.rows] == ["Beržas"]


def test_files_tell_kind_groups_and_price_list(page, card, ben, wholesale, django_assert_max_num_queries):
    group = services.group_named("Regulars")
    for number in range(4):
        services.create({"code": str(number), "name": f"B{number}", "groups": [group], "price_list": wholesale}, by=ben)
    with django_assert_max_num_queries(20):
        text = b"".join(page.get(f"{LIST}?file=csv").streaming_content).decode()
    assert text.count("Regulars,Wholesale prices") == 4


def test_the_page_asks_for_the_pieces_of_higher_apps(page, card):
    text = page.get(card.get_absolute_url()).text
    for name in ("documents:figures_of_customer", "documents:trade_of_customer", "statements:of_customer"):
        assert f'hx-get="{reverse(name, args=[card.pk])}"' in text
    assert f'hx-get="{reverse("outbox:timeline", args=[f"customer:{card.pk}"])}"' in text


def test_a_registered_customer_says_so(page, card):
    services.register_account(card, "company", origin="shop")
    assert "registered company" in page.get(card.get_absolute_url()).text
    assert Customer.objects.get(pk=card.pk).kind == "company"
