"""Stock is taken all or nothing, and comes back."""

from decimal import Decimal

import pytest

from depesa.catalog import services
from depesa.catalog.models import Product

pytestmark = pytest.mark.django_db


def a_product(code, stock):
    values = {"code": code, "names": {"en": f"Thing {code}"}, "price": Decimal(1), "stock": stock}
    return services.create(values, by=None)


def left(product):
    return Product.objects.get(pk=product.pk).stock


def test_it_goes_down_and_comes_back(company):
    thing = a_product("A", Decimal(10))
    services.take_stock([(thing.pk, Decimal("2.5")), (thing.pk, Decimal(1))])
    assert left(thing) == Decimal("6.5")
    services.take_stock([(thing.pk, Decimal("-3.5"))], is_forced=True)
    assert left(thing) == Decimal(10)


def test_too_little_of_one_takes_nothing_of_any(company):
    first, second = a_product("A", Decimal(10)), a_product("B", Decimal(1))
    with pytest.raises(services.NotInStock) as refused:
        services.take_stock([(first.pk, Decimal(1)), (second.pk, Decimal(2))])
    assert refused.value.missing == {second.pk: "Of Thing B there are 1 left. Take fewer."}
    assert (left(first), left(second)) == (Decimal(10), Decimal(1))


def test_two_lines_of_one_product_count_together(company):
    thing = a_product("A", Decimal(3))
    with pytest.raises(services.NotInStock):
        services.take_stock([(thing.pk, Decimal(2)), (thing.pk, Decimal(2))])


def test_what_is_not_counted_is_always_there(company):
    thing = a_product("A", None)
    services.take_stock([(thing.pk, Decimal(1000))])
    assert services.take_stock([(thing.pk, Decimal(-1))], is_forced=True) == set()
    assert left(thing) is None


def test_a_clerk_sells_what_is_yet_to_come(company):
    thing = a_product("A", Decimal(1))
    services.take_stock([(thing.pk, Decimal(3))], is_forced=True)
    assert left(thing) == Decimal(-2)
