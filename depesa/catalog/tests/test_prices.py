"""What a product costs in a price list."""

from decimal import Decimal

import pytest

from depesa.catalog import queries, services
from depesa.catalog.models import PriceList, Product
from depesa.core.errors import Faults

pytestmark = pytest.mark.django_db


@pytest.fixture
def usual(company):
    return services.ensure_default_list()


@pytest.fixture
def bunting(usual):
    return services.create(
        {"code": "47566", "names": {"en": "Party bunting"}, "price": Decimal("12.10"), "vat_rate": Decimal(21)},
        by=None,
    )


def a_list(code, **values):
    return services.save_price_list(PriceList(), {"code": code, "name": code, "currency": "EUR", **values}, by=None)


def test_without_a_list_the_default_one_counts(bunting, usual):
    assert queries.price_of(bunting) == queries.price_of(bunting, usual) == Decimal("12.10")


def test_before_anything_is_set_up_the_default_list_is_in_our_currency(company):
    found = queries.default_price_list()
    assert (found.pk, found.currency, found.includes_vat) == (None, "EUR", True)


def test_a_list_has_prices_of_its_own(bunting):
    partners = a_list("partners")
    services.change(bunting, {"prices": {partners: Decimal("9.90")}}, version=None, by=None)
    assert queries.price_of(bunting, partners) == Decimal("9.90")


def test_without_an_own_price_the_default_one_serves_without_vat_where_the_list_says_so(bunting):
    assert queries.price_of(bunting, a_list("net", includes_vat=False)) == Decimal("10.00")


def test_a_net_price_gets_its_vat_in_a_list_that_includes_it(bunting, usual):
    services.save_price_list(usual, {"includes_vat": False}, by=None)
    assert queries.price_of(bunting, a_list("gross", includes_vat=True)) == Decimal("14.64")


def test_a_price_never_crosses_into_another_currency(bunting):
    assert queries.price_of(bunting, a_list("crowns", currency="CZK")) is None


def test_many_prices_are_read_in_a_fixed_number_of_queries(bunting, django_assert_num_queries):
    partners = a_list("partners")
    more = services.create_many(
        [{"code": f"M{n}", "names": {"en": f"More {n}"}, "price": Decimal(n)} for n in range(1, 20)], by=None
    )
    with django_assert_num_queries(2):
        found = queries.prices([bunting, *more], partners)
    assert len(found) == 20


def test_an_own_price_is_taken_back(bunting):
    partners = a_list("partners")
    services.change(bunting, {"prices": {partners: Decimal(9)}}, version=None, by=None)
    services.change(bunting, {"prices": {partners: None}}, version=None, by=None)
    assert queries.price_of(bunting, partners) == Decimal("12.10")


def test_one_list_is_the_default(usual):
    other = a_list("other", is_default=True)
    assert list(PriceList.objects.filter(is_default=True)) == [other]
    with pytest.raises(Faults) as refused:
        services.save_price_list(other, {"is_default": False}, by=None)
    assert set(refused.value.by_field) == {"is_default"}


def test_the_default_list_keeps_its_currency_once_there_are_products(bunting, usual):
    with pytest.raises(Faults) as refused:
        services.save_price_list(usual, {"currency": "GBP"}, by=None)
    assert set(refused.value.by_field) == {"currency"}
    Product.objects.all().delete()
    assert services.save_price_list(usual, {"currency": "GBP"}, by=None).currency == "GBP"
