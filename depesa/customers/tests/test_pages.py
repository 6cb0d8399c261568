"""Pages of customers: list, card, forms, files."""

import csv
import io

import pytest
from django.urls import reverse

from depesa.customers import services
from depesa.customers.models import Customer
from depesa.ui import marks

pytestmark = pytest.mark.django_db

LIST = reverse("customers:customers")


@pytest.fixture
def cards(ben):
    names = ["Ąžuolas UAB", '=HYPERLINK("http://e","x")', "Žluťoučký kůň s.r.o."]
    return [services.create({"code": f"C{n}", "name": name}, by=ben) for n, name in enumerate(names)]


@pytest.fixture
def page(client, ben):
    client.force_login(ben)
    return client


def _names(response):
    return [row.name for row in response.context["listing"].page.rows]


def test_the_list_is_sorted_as_people_read(page, cards):
    assert _names(page.get(LIST)) == ['=HYPERLINK("http://e","x")', "Ąžuolas UAB", "Žluťoučký kůň s.r.o."]


def test_an_empty_list_teaches_the_next_step(page):
    assert "No customers yet" in page.get(LIST).content.decode()
    assert "Nothing matches" in page.get(LIST, {"q": "x"}).content.decode()


@pytest.mark.parametrize("query", ["q=zlut", "q=C2", "q=%C5%BDLU"])
def test_the_list_is_searched(page, cards, query):
    assert _names(page.get(f"{LIST}?{query}")) == ["Žluťoučký kůň s.r.o."]


@pytest.mark.parametrize(
    "query",
    [
        "page=-1",
        "page=1000000000",
        "sort=password",
        "name__regex=.*",
        "q=" + "x" * 1_000_000,
        "q=a%00b",
        "at=%00",
        "file=x",
    ],
)
def test_input_100_a_clean_answer_to_any_query(page, cards, query):
    assert page.get(f"{LIST}?{query}").status_code == 200


def test_input_87_the_csv_holds_exactly_what_is_shown_and_no_formula(page, cards):
    response = page.get(f"{LIST}?file=csv&sort=-code")
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text, newline="")))
    assert [row[0] for row in rows] == ["code", "C2", "C1", "C0"]
    assert rows[2][1] == """'=HYPERLINK("http://e","x")"""
    assert response["Content-Disposition"].endswith('.csv"')


def test_the_workbook_is_a_file(page, cards):
    response = page.get(f"{LIST}?file=xlsx&q=C1")
    assert b"".join(response.streaming_content).startswith(b"PK")


def test_marks_without_script(page, ben, cards):
    here = ",".join(str(card.pk) for card in cards)
    response = page.post(LIST, {"here": here, "mark": [cards[0].pk, cards[1].pk, 999], "act": "tick"})
    assert response.status_code == 302
    assert set(marks.marked(ben.pk, "customers")) == {cards[0].pk, cards[1].pk}


def test_marks_in_place(page, ben, cards):
    headers = {"HX-Request": "true", "HX-Target": "list"}
    response = page.post(f"{LIST}?q=C1", {"here": "", "act": "all"}, headers=headers)
    assert response.content.decode().lstrip().startswith('<div id="list"')
    assert set(marks.marked(ben.pk, "customers")) == {cards[1].pk}
    page.post(LIST, {"act": "clear"}, headers=headers)
    assert marks.count(ben.pk, "customers") == 0


def test_a_reader_sees_and_cannot_write(client, cleo, cards):
    client.force_login(cleo)
    assert client.get(LIST).status_code == 200
    assert client.get(reverse("customers:new")).status_code == 403


def test_a_customer_is_entered_and_a_fault_stands_at_its_field(page):
    response = page.post(reverse("customers:new"), {"code": "7", "name": "Beržas", "email": "a@b", "country": "LT"})
    assert response.status_code == 422
    assert "needs a domain" in response.context["form"].errors["email"][0]
    assert 'value="Beržas"' in response.content.decode()
    response = page.post(reverse("customers:new"), {"code": "7", "name": "Beržas", "email": " a@b.lt"}, follow=True)
    assert "Blanks around the address were removed." in response.content.decode()


def test_input_6_an_odd_address_is_asked_about_once(page):
    values = {"code": "7", "name": "Beržas", "email": "admin@раураl.com"}
    response = page.post(reverse("customers:new"), values)
    assert "mixes alphabets" in response.content.decode()
    page.post(reverse("customers:new"), {**values, "is_confirmed": "on"})
    assert Customer.objects.get().email.startswith("admin@xn--")


def test_input_21_the_other_customer_is_named_after_saving(page, cards, ben):
    services.change(cards[0], {"email": "info@c.cz"}, version=1, by=ben)
    response = page.post(reverse("customers:new"), {"code": "7", "name": "B", "email": "info@c.cz"}, follow=True)
    assert "info@c.cz is also used by customer C0, Ąžuolas UAB." in response.content.decode()


def test_the_card_shows_what_happened(page, cards, ben):
    services.change(cards[0], {"city": "Vilnius"}, version=1, by=ben)
    text = page.get(reverse("outbox:timeline", args=[f"customer:{cards[0].pk}"])).content.decode()
    assert "changed the card" in text
    assert "<ins>Vilnius</ins>" in text


def test_input_102_an_old_form_says_so_and_keeps_what_was_typed(page, cards, ben):
    services.change(cards[0], {"city": "Vilnius"}, version=1, by=ben)
    values = {"code": "C0", "name": "Typed", "version": 1}
    response = page.post(reverse("customers:edit", args=[cards[0].pk]), values)
    assert response.status_code == 422
    assert "Somebody else was faster" in response.content.decode()
    assert 'value="Typed"' in response.content.decode()


def test_contacts_are_added_changed_and_removed(page, cards):
    url = reverse("customers:new_contact", args=[cards[0].pk])
    page.post(url, {"email": "Jan Novák <jan@c.cz>", "gets_statements": "on"})
    contact = cards[0].contacts.get()
    assert (contact.name, contact.gets_statements) == ("Jan Novák", True)
    page.post(reverse("customers:contact", args=[contact.pk]), {"email": "jan@c.cz", "name": "Jan"})
    assert cards[0].contacts.get().name == "Jan"
    page.post(reverse("customers:contact_removal", args=[contact.pk]))
    assert not cards[0].contacts.exists()


def test_delivery_addresses_are_added_and_removed(page, cards):
    page.post(reverse("customers:new_address", args=[cards[0].pk]), {"city": "Kaunas"})
    place = cards[0].delivery_addresses.get()
    assert "Kaunas" in page.get(reverse("customers:address", args=[place.pk])).content.decode()
    page.post(reverse("customers:address_removal", args=[place.pk]))
    assert not cards[0].delivery_addresses.exists()


def test_a_number_too_large_for_the_database_is_no_500(page):
    assert page.get("/customers/99999999999999999999/").status_code == 404
