"""Place orders."""

from decimal import Decimal

import pytest

from depesa.catalog.models import Product
from depesa.catalog.services import NotInStock
from depesa.core.errors import Faults
from depesa.core.reasons import said
from depesa.customers.models import Customer
from depesa.history.models import Entry
from depesa.orders.models import Invoicing, Order, OrderDocument
from depesa.orders.services import ItemDraft, change
from depesa.orders.tests.world import order
from depesa.triggers.models import Status, Transition

pytestmark = pytest.mark.django_db
NO_VAT = ItemDraft(text="Hammer", quantity=Decimal(1), price=Decimal(10))


def test_the_order_is_a_snapshot_with_number_state_and_sums(company):
    placed = Order.objects.get(pk=order().pk)
    assert placed.number == "O000001"
    assert placed.variable_symbol == "1"
    assert placed.state.code == "received"
    assert (placed.net, placed.vat, placed.gross) == (Decimal("23.00"), Decimal("4.83"), Decimal("27.83"))
    assert placed.items.count() == 2
    assert Customer.objects.get().email == "ona@zilenaite.example"
    assert Customer.objects.get().kind == "contact"
    Customer.objects.update(name="Somebody else", city="Kaunas")
    placed.refresh_from_db()
    assert (placed.name, placed.city) == ("Ona Žilėnaitė", "Vilnius")


def test_who_orders_stands_on_one_line_without_hidden_characters(company):
    placed = order(party={"name": "Ona\r\nBcc: x@y.example\u202e", "city": "Vil\u200bnius"})
    assert (placed.name, placed.city) == ("Ona Bcc: x@y.example", "Vilnius")
    changed = change(placed, {"name": "Ona\nŽ.", "delivery_city": "Kau\u200bnas"}, version=placed.version, by=None)
    assert (changed.name, changed.delivery_city) == ("Ona Ž.", "Kaunas")


def test_the_second_order_finds_the_card_and_takes_the_next_number(company):
    first, second = order(), order(party={"email": "ONA@zilenaite.example"})
    assert first.customer_id == second.customer_id
    assert second.number == "O000002"


def test_individual_shipping_makes_it_unresolved(company):
    placed = order(is_individual_shipping=True, shipping=None)
    assert placed.state.code == "unresolved"
    assert Transition.objects.get().system_email.code == "order-summary"


@pytest.mark.parametrize(
    ("has_account", "kind", "code"),
    [
        (True, "transfer", "order-received-transfer"),
        (True, "cash-on-delivery", "order-received"),
        (False, "transfer", "order-received-guest-transfer"),
        (False, "other", "order-received-guest"),
    ],
)
def test_the_letter_is_one_of_four(company, has_account, kind, code):
    order(has_account=has_account, payment_kind=kind, send_emails=True)
    noted = Transition.objects.get()
    assert (noted.system_email.code, noted.status, noted.event) == (code, Status.HELD, "order-placed")


def test_without_emails_the_reason_is_kept(company):
    order()
    assert Transition.objects.get().reason == "switched-off"


def test_prices_without_vat(company):
    placed = order(includes_vat=False)
    assert (placed.net, placed.vat, placed.gross) == (Decimal("27.83"), Decimal("5.84"), Decimal("33.67"))


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"items": []}, "items"),
        ({"items": [ItemDraft(text="", quantity=Decimal(1), price=Decimal(1))]}, "items"),
        ({"items": [ItemDraft(text="x", quantity=Decimal(0), price=Decimal(1))]}, "items"),
        ({"items": [ItemDraft(text="x", quantity=Decimal(1), price=Decimal(-1))]}, "items"),
        ({"items": [ItemDraft(text="x", quantity=Decimal(1), price=Decimal("0.00001"))]}, "items"),
        ({"party": {"name": ""}}, "name"),
        ({"party": {"email": "ona@@x"}}, "email"),
        ({"payment_kind": "barter"}, "payment_kind"),
        ({"variable_symbol": "12345678901"}, "variable_symbol"),
        ({"language": "de"}, "language"),
        ({"is_reverse_charge": True, "party": {"vat_code": "CZ1"}}, "items"),
        ({"is_reverse_charge": True, "shipping": None, "items": [NO_VAT]}, "vat_code"),
    ],
)
def test_bad_input_names_the_field_and_places_nothing(company, wrong, field):
    with pytest.raises(Faults) as refusal:
        order(**wrong)
    assert list(refusal.value.by_field) == [field]
    assert not Order.objects.exists()


def test_a_typed_number_is_unique_and_the_series_skips_it(company):
    order(number="O000002")
    assert [order().number, order().number] == ["O000001", "O000003"]
    with pytest.raises(Faults, match="Another order has this number"):
        order(number="O000002")


def test_the_shop_sells_what_there_is(company):
    hammer = Product.objects.create(code="H-1", names={"en": "Hammer"}, price=Decimal(10), stock=Decimal(3))
    two = [ItemDraft(text="Hammer", quantity=Decimal(2), price=Decimal(10), product=hammer)]
    order(items=two, origin="shop")
    with pytest.raises(NotInStock):
        order(items=two, origin="shop")
    order(items=two)
    hammer.refresh_from_db()
    assert hammer.stock == Decimal(-1)


def test_what_costs_nothing_is_paid_and_asks_for_nothing(company):
    free = ItemDraft(text="Sample", quantity=Decimal(1), price=Decimal(0))
    placed = order(items=[free], shipping=None, send_emails=True)
    assert Order.objects.get(pk=placed.pk).is_paid
    assert Transition.objects.get().system_email.code == "order-received-guest"
    open_price = order(items=[free], shipping=None, is_individual_shipping=True)
    assert not Order.objects.get(pk=open_price.pk).is_paid


def test_an_invoice_waits_until_the_price_of_shipping_is_agreed(company):
    Invoicing.objects.update(automatic="ordered")
    placed = order(shipping=None, is_individual_shipping=True)
    assert not OrderDocument.objects.exists()
    why = Entry.objects.get(event="orders.invoice-not-made").note
    assert "The price of shipping is still to be agreed" in said(why)
    assert not Order.objects.filter(invoice_missing_at__isnull=False).exists()
    change(placed, {"is_individual_shipping": False}, version=placed.version, by=None)
    assert OrderDocument.objects.get().order == placed


def test_a_line_of_shipping_agrees_its_price(company):
    Invoicing.objects.update(automatic="ordered")
    placed = order(shipping=None, is_individual_shipping=True)
    lines = [NO_VAT, ItemDraft(text="Courier", quantity=Decimal(1), price=Decimal(2), kind="shipping")]
    change(placed, {"is_individual_shipping": True}, lines, version=placed.version, by=None)
    assert OrderDocument.objects.get().gross == 12
    assert not Order.objects.get().is_individual_shipping


def test_the_history_says_who_placed_it(company, ben):
    placed = order(by=ben)
    entry = Entry.objects.get(subject=placed.ref)
    assert (entry.event, entry.actor, entry.after["number"]) == ("orders.placed", ben, placed.number)


def test_an_invoice_follows_at_once_if_the_settings_say_so(company):
    Invoicing.objects.update(automatic="ordered")
    placed = order()
    invoice = OrderDocument.objects.get(order=placed)
    assert invoice.type.code == "invoice"
    assert invoice.sales_document.posting == "posted"
    assert invoice.sales_document.gross == placed.gross
