"""Change an order on its page; whoever comes second is told and loses nothing."""

from decimal import Decimal

import pytest
from django.urls import reverse

from depesa.catalog.models import PriceList, Product
from depesa.history.models import Entry
from depesa.orders.models import Order
from depesa.orders.services import change, mark_paid, remove
from depesa.orders.tests.world import order

pytestmark = pytest.mark.django_db


@pytest.fixture
def placed(company):
    return order()


@pytest.fixture
def url(placed):
    return reverse("orders:edit", args=[placed.pk])


def filled(page):
    """What a browser would send back of the page: header and lines as they stand."""
    form, formset = page.context["form"], page.context["formset"]
    data = {field.html_name: field.value() for field in form}
    for each in (formset.management_form, *formset):
        data |= {field.html_name: field.value() for field in each}
    return {name: value for name, value in data.items() if value not in (None, False, "")}


def test_header_and_lines_are_changed(clerk, placed, url, ben):
    data = filled(clerk.get(url))
    data |= {"city": "Klaipėda", "items-0-quantity": "3", "tracking_code": "DPD 7"}
    answer = clerk.post(url, data)
    assert answer.url == placed.get_absolute_url()
    changed = Order.objects.get()
    assert (changed.city, changed.tracking_code, changed.gross) == ("Klaipėda", "DPD 7", Decimal("39.93"))
    assert [item.quantity for item in changed.items.all()] == [3, 1]
    entry = Entry.objects.get(event="orders.changed")
    assert (entry.actor, entry.before["city"], entry.after["city"]) == (ben, "Vilnius", "Klaipėda")


def test_saved_as_it_was_nothing_is_told(clerk, url):
    clerk.post(url, filled(clerk.get(url)))
    assert not Entry.objects.filter(event="orders.changed").exists()


def test_lines_are_added_and_taken_off_without_losing_what_was_typed(clerk, url):
    data = filled(clerk.get(url)) | {"city": "Klaipėda", "items-2-text": "Free", "items-2-price": "nonsense"}
    more = clerk.post(url, data | {"act": "more"})
    assert [form["text"].value() for form in more.context["formset"]] == ["Hammer", "Courier", "Free", None, None, None]
    assert more.context["form"]["city"].value() == "Klaipėda"
    less = clerk.post(url, data | {"act": "drop-1"})
    assert [form["text"].value() for form in less.context["formset"]] == ["Hammer", "Free"]
    assert "nonsense" in less.text
    assert Order.objects.get().city == "Vilnius"


def test_a_product_of_the_catalogue_becomes_a_line_with_its_price(clerk, url):
    without = {"code": "w", "currency": "EUR", "includes_vat": False}
    PriceList.objects.update_or_create(is_default=True, defaults=without)
    saw = Product.objects.create(code="S-1", names={"en": "Saw"}, price=Decimal(10), vat_rate=Decimal(21), unit="pc")
    hits = clerk.get(reverse("orders:product_hits"), {"find": "sa"})
    assert f"add-{saw.pk}" in hits.text
    without_script = clerk.post(url, filled(clerk.get(url)) | {"act": "enter", "find": "saw"})
    assert f"add-{saw.pk}" in without_script.text
    answer = clerk.post(url, filled(clerk.get(url)) | {"act": f"add-{saw.pk}"})
    line = answer.context["formset"][2]
    assert (line["text"].value(), line["price"].value(), line["product"].value()) == ("Saw", "12.1", saw.pk)
    clerk.post(url, filled(answer))
    assert Order.objects.get().items.last().product == saw


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"name": ""}, "This field is required."),
        ({"email": "ona@@x"}, "ona@@x"),
        ({"variable_symbol": "12a"}, "A variable symbol is at most 10 digits."),
        ({"tracking_url": "javascript:alert(1)"}, "A link begins with https:// or http://."),
        ({"items-0-price": "twelve"}, "is not a number"),
        ({"items-0-price": ""}, "Write the price of one."),
        ({"items-0-quantity": "-1"}, "The quantity is above 0"),
        ({"items-0-vat_rate": "", "items-1-vat_rate": ""}, "Write the VAT rate"),
        ({"items-0-price": "-5"}, "a price below 0 is a discount"),
        ({"items-TOTAL_FORMS": "zz"}, "The form came incomplete."),
    ],
)
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(clerk, url, wrong, sentence):
    answer = clerk.post(url, filled(clerk.get(url)) | {"city": "Klaipėda"} | wrong)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert 'value="Klaipėda"' in answer.text
    assert Order.objects.get().city == "Vilnius"


def test_the_second_is_told_what_changed_and_loses_nothing(clerk, placed, url, ada):
    data = filled(clerk.get(url)) | {"phone": "222", "note": "Mine"}
    change(placed, {"phone": "111", "city": "Kaunas"}, version=1, by=ada)
    answer = clerk.post(url, data)
    assert answer.status_code == 409
    assert "Somebody else changed this order" in answer.text
    assert "Ada" in answer.text
    form = answer.context["form"]
    assert (form["phone"].value(), form["note"].value(), form["city"].value()) == ("222", "Mine", "Kaunas")
    assert answer.context["both"] == [{"label": "Phone", "now": "111"}]
    clerk.post(url, filled(answer))
    placed.refresh_from_db()
    assert (placed.phone, placed.note, placed.city) == ("222", "Mine", "Kaunas")


def test_lines_of_the_first_stay_where_the_second_did_not_touch_them(clerk, reader, placed, url, ada):
    data = filled(clerk.get(url)) | {"note": "Mine"}
    theirs = data | {"items-0-quantity": "9"}
    clerk.post(url, theirs | {"note": ""})
    answer = clerk.post(url, data)
    assert answer.context["formset"][0]["quantity"].value() == "9"
    clerk.post(url, filled(answer))
    assert (Order.objects.get().note, Order.objects.get().items.first().quantity) == ("Mine", 9)


def test_lines_that_both_changed_stay_as_typed_beside_those_that_are_there(clerk, url):
    data = filled(clerk.get(url))
    clerk.post(url, data | {"items-0-quantity": "9"})
    answer = clerk.post(url, data | {"items-0-quantity": "5"})
    assert answer.context["formset"][0]["quantity"].value() == "5"
    assert "9 × Hammer" in answer.context["both"][0]["now"]


def test_a_payment_meanwhile_is_told_too(clerk, placed, url, ada):
    data = filled(clerk.get(url)) | {"note": "Mine"}
    mark_paid([placed.pk], is_paid=True, by=ada)
    answer = clerk.post(url, data)
    assert "marked the order paid" in answer.text
    clerk.post(url, filled(answer))
    assert Order.objects.get().note == "Mine"


def test_a_removed_order_is_not_changed(clerk, placed, url, ada):
    remove([placed.pk], by=ada)
    assert clerk.get(url).url == placed.get_absolute_url()


def test_a_reader_changes_nothing(reader, url):
    assert reader.get(url).status_code == 403
