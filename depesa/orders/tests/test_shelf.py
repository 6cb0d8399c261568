"""What orders hold of the counted stock: whatever is done to them, nothing is lost and nothing comes back twice."""

import random
from collections import Counter
from decimal import Decimal

import pytest

from depesa.catalog import services as catalog
from depesa.catalog.models import Product
from depesa.orders.models import Item, ItemKind, Order, State
from depesa.orders.services import ItemDraft, change, change_state, credit, invoice, remove, restore
from depesa.orders.tests import world

pytestmark = pytest.mark.django_db


@pytest.fixture
def saws(company):
    """A product of which ten are on the shelf."""
    return catalog.create({"code": "S-1", "names": {"en": "Saw"}, "price": Decimal(10), "stock": Decimal(10)}, by=None)


def lines(*wanted):
    return [
        ItemDraft(text=product.name, quantity=Decimal(quantity), price=Decimal(10), product=product)
        for product, quantity in wanted
    ]


def placed(*wanted, **more):
    return world.order(items=lines(*wanted), **more)


def changed(order, *wanted):
    found = Order.objects.get(pk=order.pk)
    change(found, {}, lines(*wanted), version=found.version, by=None)


def moved(order, code):
    change_state([order.pk], State.objects.get(code=code), by=None)


def left(product):
    return Product.objects.get(pk=product.pk).stock


def test_an_order_that_grows_takes_the_difference(saws):
    order = placed((saws, 2))
    changed(order, (saws, 5))
    assert left(saws) == 5
    changed(order, (saws, 1))
    assert left(saws) == 9
    moved(order, "cancelled")
    assert left(saws) == 10


def test_two_lines_of_one_product_are_exchanged_for_one_of_another(saws):
    other = catalog.create({"code": "T", "names": {"en": "Trowel"}, "price": Decimal(1), "stock": Decimal(4)}, by=None)
    order = placed((saws, 2), (saws, 3))
    changed(order, (other, 4))
    assert (left(saws), left(other)) == (10, 0)


def test_what_was_not_counted_then_does_not_come_back(saws):
    Product.objects.update(stock=None)
    order = placed((saws, 2))
    Product.objects.update(stock=10)
    moved(order, "cancelled")
    assert left(saws) == 10
    moved(order, "received")
    assert left(saws) == 8


def test_a_removed_order_gives_its_goods_back_and_takes_them_again(saws):
    order = placed((saws, 2))
    remove([order.pk], by=None)
    remove([order.pk], by=None)
    assert left(saws) == 10
    restore([order.pk], by=None)
    assert left(saws) == 8
    moved(order, "cancelled")
    remove([order.pk], by=None)
    restore([order.pk], by=None)
    assert left(saws) == 10


def test_a_cancelled_order_that_is_changed_holds_nothing(saws):
    order = placed((saws, 2))
    moved(order, "cancelled")
    changed(order, (saws, 3))
    assert left(saws) == 10
    moved(order, "received")
    assert left(saws) == 7


def test_a_credit_note_is_about_money_and_moves_no_goods(saws):
    order = placed((saws, 2))
    [made] = invoice([order.pk], by=None).made
    credit(made, by=None, reason="returned")
    assert left(saws) == 8
    moved(order, "cancelled")
    assert left(saws) == 10


def test_orders_of_a_file_take_nothing_whatever_becomes_of_them(saws):
    order = placed((saws, 2), origin="import")
    changed(order, (saws, 5))
    moved(order, "cancelled")
    moved(order, "sent")
    assert left(saws) == 10


@pytest.mark.parametrize("seed", range(12))
def test_the_shelf_and_the_orders_always_make_what_was_counted(saws, seed):
    """Random acts against a ledger: what stands on the shelf and what orders hold is what somebody counted."""
    dice = random.Random(seed)
    other = catalog.create({"code": "T", "names": {"en": "Trowel"}, "price": Decimal(1), "stock": Decimal(50)}, by=None)
    counted = {saws.pk: Decimal(10), other.pk: Decimal(50)}
    orders = [placed((saws, 1))]
    for _act in range(40):
        wanted = [(dice.choice([saws, other]), dice.randint(1, 4)) for _line in range(dice.randint(1, 3))]
        order, product = dice.choice(orders), dice.choice([saws, other])
        acts = {
            "place": lambda wanted=wanted: orders.append(
                placed(*wanted, origin=dice.choice(["staff", "api", "import"]))
            ),
            "change": lambda order=order, wanted=wanted: changed(order, *wanted),
            "cancel": lambda order=order: moved(order, "cancelled"),
            "wake": lambda order=order: moved(order, dice.choice(["received", "sent"])),
            "remove": lambda order=order: remove([order.pk], by=None),
            "restore": lambda order=order: restore([order.pk], by=None),
            "credit": lambda order=order: [
                credit(made, by=None, reason="returned") for made in invoice([order.pk], by=None).made
            ],
            "count": lambda product=product: count(product, counted),
        }
        acts[dice.choice(list(acts))]()
        assert_ledger(counted)


def count(product, counted):
    found = Product.objects.get(pk=product.pk)
    counted[product.pk] += Decimal(30) - found.stock
    catalog.change(found, {"stock": Decimal(30)}, version=found.version, by=None)


def assert_ledger(counted):
    held, wanted = Counter(), Counter()
    for item in Item.objects.filter(kind=ItemKind.PRODUCT).select_related("order__state"):
        order = item.order
        is_live = not order.is_removed and order.state.type != "cancelled" and order.origin != "import"
        held[item.product_id] += item.taken
        wanted[item.product_id] += item.quantity if is_live else 0
    assert held == wanted
    shelf = dict(Product.objects.values_list("pk", "stock"))
    assert {pk: shelf[pk] + held[pk] for pk in counted} == counted
