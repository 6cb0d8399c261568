"""Place an order by hand, step by step; nothing typed is lost between the steps."""

import re
from decimal import Decimal

import pytest
from django.urls import reverse

from depesa.catalog.models import PriceList, Product
from depesa.customers.models import Customer
from depesa.orders.models import Order
from depesa.orders.services import invoice
from depesa.orders.tests.world import order
from depesa.triggers.models import Transition

pytestmark = pytest.mark.django_db

NEW = reverse("orders:new")
WHO = {"name": "Ona Žilėnaitė", "email": "ona@zilenaite.example", "city": "Vilnius"}
HAMMER = {"items-0-text": "Hammer", "items-0-quantity": "2", "items-0-price": "12,10", "items-0-vat_rate": "21"}


def sent(page, **typed):
    """What a browser would send of the page, hidden steps too, with this typed over it."""
    steps, data = page.context["steps"], {"step": page.context["step"]}
    for form in (steps.customer, steps.items.management_form, *steps.items, steps.ways, steps.summary):
        data |= {field.html_name: field.value() for field in form}
    shown = {name: getattr(value, "pk", value) for name, value in data.items() if value not in (None, False, "")}
    return shown | typed


def next_step(clerk, page, typed):
    return clerk.post(NEW, sent(page, **typed))


@pytest.fixture
def summary(clerk, company):
    """The last step of an order of two hammers and a courier."""
    page = next_step(clerk, clerk.get(NEW), WHO)
    page = next_step(clerk, page, HAMMER)
    return next_step(clerk, page, {"shipping_name": "Courier", "shipping_price": "3.63"})


def test_from_customer_to_order(clerk, summary, ben):
    assert "27.83" in summary.text
    assert "nobody has this address yet" in summary.text
    assert "goes to ona@zilenaite.example" in summary.text
    answer = clerk.post(NEW, sent(summary, internal_note="Ring first"))
    placed = Order.objects.get()
    assert answer.url == placed.get_absolute_url()
    assert (placed.number, placed.name, placed.city, placed.gross) == (
        "O000001",
        "Ona Žilėnaitė",
        "Vilnius",
        Decimal("27.83"),
    )
    assert (placed.created_by, placed.origin, placed.internal_note) == (ben, "staff", "Ring first")
    assert [item.kind for item in placed.items.all()] == ["product", "shipping"]
    assert Transition.objects.get().status == "held"


def press_on(page):
    return re.search(r'name="press" value="([0-9a-f]{32})"', page.text)[1]


def test_the_button_pressed_twice_places_one_order(clerk, reader, summary):
    pressed = sent(summary, press=press_on(summary))
    first, second = clerk.post(NEW, pressed), clerk.post(NEW, pressed)
    assert first.url == second.url == Order.objects.get().get_absolute_url()
    assert Transition.objects.count() == 1
    assert press_on(clerk.get(NEW)) != press_on(clerk.get(NEW))


def test_a_refused_press_is_good_for_another_try(clerk, summary):
    taken = order(number="X1")
    press = press_on(summary)
    assert clerk.post(NEW, sent(summary, press=press, number=taken.number)).status_code == 422
    assert clerk.post(NEW, sent(summary, press=press)).status_code == 302
    assert Order.objects.count() == 2


def test_a_credit_note_pressed_twice_is_one(clerk, company):
    [made] = invoice([order().pk], by=None).made
    address = reverse("orders:credit_note", args=[made.pk])
    page = clerk.get(address)
    form = page.context["form"]
    name = next(name for name in form.fields if name not in ("issued_on", "tax_on", "reason"))
    for _press in range(2):
        assert clerk.post(address, {name: "1", "reason": "Damaged", "press": press_on(page)}).status_code == 302
    assert made.credit_notes.count() == 1


def test_without_letters(clerk, summary):
    data = sent(summary)
    del data["send_emails"]
    clerk.post(NEW, data)
    assert Transition.objects.get().reason == "switched-off"


def test_going_back_and_forth_loses_nothing(clerk, summary):
    back = clerk.post(NEW, sent(summary, note="Please wrap", act="back"))
    assert back.context["step"] == "ways"
    assert 'value="Courier"' in back.text
    further = clerk.post(NEW, sent(back, act="back"))
    assert 'value="12,10"' in further.text
    first = clerk.post(NEW, sent(further, act="back"))
    assert 'value="Ona Žilėnaitė"' in first.text
    assert "Please wrap" in first.text
    assert 'value="Courier"' in first.text


def test_a_customer_is_found_and_the_card_is_taken_over(clerk, company):
    euro = PriceList.objects.create(code="w", name="Wholesale", currency="CZK", includes_vat=False)
    card = Customer.objects.create(
        code="C1", name="Papírna", email="p@papirna.example", city="Praha", language="cs", price_list=euro
    )
    hits = clerk.get(reverse("orders:customer_hits"), {"who": "papir"})
    assert f"choose-{card.pk}" in hits.text
    without_script = clerk.post(NEW, sent(clerk.get(NEW), act="who", who="papir"))
    assert f"choose-{card.pk}" in without_script.text
    page = clerk.post(NEW, sent(without_script, act=f"choose-{card.pk}"))
    page = next_step(clerk, page, {"phone": "777"})
    page = next_step(clerk, page, HAMMER)
    page = next_step(clerk, page, {})
    assert "C1 Papírna" in page.text
    clerk.post(NEW, sent(page))
    placed = Order.objects.get()
    assert (placed.customer, placed.currency, placed.includes_vat) == (card, "CZK", False)
    assert (placed.price_list, placed.language, placed.phone) == (euro, "cs", "777")
    card.refresh_from_db()
    assert card.phone == ""


@pytest.mark.parametrize("includes_vat", [True, False])
def test_prices_include_vat_as_the_price_list_says(clerk, company, includes_vat):
    prices = PriceList.objects.create(code="w", name="Wholesale", currency="EUR", includes_vat=includes_vat)
    page = next_step(clerk, clerk.get(NEW), {**WHO, "price_list": prices.pk, "includes_vat": "on"})
    page = next_step(clerk, page, HAMMER)
    page = next_step(clerk, page, {})
    clerk.post(NEW, sent(page))
    assert Order.objects.get().includes_vat == includes_vat


def test_a_link_may_name_the_customer(clerk, company):
    card = Customer.objects.create(code="C1", name="Papírna")
    assert 'value="Papírna"' in clerk.get(NEW, {"customer": card.pk}).text


def test_a_product_comes_with_the_price_of_the_list(clerk, company):
    saw = Product.objects.create(code="S-1", names={"en": "Saw"}, price=Decimal(10), vat_rate=Decimal(21))
    page = next_step(clerk, clerk.get(NEW), WHO)
    page = clerk.post(NEW, sent(page, act=f"add-{saw.pk}"))
    line = page.context["formset"][0]
    assert (line["text"].value(), line["price"].value()) == ("Saw", "10")


@pytest.mark.parametrize(
    ("typed", "step", "sentence"),
    [
        ({"step": "customer", "name": ""}, "customer", "This field is required."),
        ({"step": "customer", "email": "ona@@x"}, "customer", "ona@@x"),
        ({"step": "customer", "currency": "EUZ"}, "customer", "is not a currency"),
        ({"step": "items", "items-0-price": "twelve"}, "items", "is not a number"),
        ({"step": "items", "items-0-text": "", "items-0-price": "", "items-0-quantity": ""}, "items", "at least one"),
        ({"step": "items", "items-0-price": "-1"}, "items", "a price below 0 is a discount"),
        ({"step": "ways", "shipping_name": ""}, "ways", "Name what the price is for."),
        ({"step": "ways", "is_individual_shipping": "on"}, "ways", "The price is to be agreed"),
        ({"variable_symbol": "x"}, "summary", "A variable symbol is at most 10 digits."),
        ({"is_reverse_charge": "on"}, "items", "With reverse charge the VAT rate of every item is 0."),
        ({"items-0-price": "-1"}, "items", "a price below 0 is a discount"),
    ],
)
def test_what_is_wrong_is_shown_on_its_step(clerk, summary, typed, step, sentence):
    answer = clerk.post(NEW, sent(summary, **typed))
    assert answer.status_code == 422
    assert answer.context["step"] == step
    assert sentence in answer.text
    assert "Ona Žilėnaitė" in answer.text or "name" in typed
    assert not Order.objects.exists()


def test_a_number_that_is_taken_is_said(clerk, summary):
    order(number="A-1")
    answer = clerk.post(NEW, sent(summary, number="A-1"))
    assert "Another order has this number." in answer.text
    assert Order.objects.count() == 1


def test_shipping_to_be_agreed_leaves_it_unresolved(clerk, summary):
    page = clerk.post(NEW, sent(summary, act="back"))
    page = next_step(clerk, page, {"is_individual_shipping": "on", "shipping_price": ""})
    assert "until the price of shipping is agreed" in page.text
    clerk.post(NEW, sent(page))
    assert Order.objects.get().state.code == "unresolved"


def test_a_reader_places_nothing(reader, company):
    assert reader.get(NEW).status_code == 403
