"""What a product costs in a price list."""

from decimal import Decimal

import pytest

from depesa.catalog import queries, services
from depesa.catalog.models import PriceList, Product
from depesa.core.edits import Overtaken
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


def test_a_net_price_gets_its_vat_in_a_list_that_includes_it(bunting):
    PriceList.objects.update(includes_vat=False)
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


def costs():
    products = list(Product.objects.all())
    return {each.code: dict(queries.prices(products, each)) for each in PriceList.objects.all()}


def test_another_default_list_changes_no_price_in_any_list(bunting, usual):
    rare = services.create({"code": "R", "names": {"en": "Rare"}, "price": Decimal("0.37")}, by=None)
    shop, partners = a_list("shop"), a_list("partners")
    a_list("net", includes_vat=False)
    a_list("crowns", currency="CZK")
    services.change(bunting, {"prices": {shop: Decimal(9), partners: Decimal(8)}}, version=None, by=None)
    before, seen = costs(), Product.objects.get(pk=bunting.pk)
    for chosen in (shop, partners, usual, shop):
        services.save_price_list(PriceList.objects.get(pk=chosen.pk), {"is_default": True}, by=None)
        assert costs() == before
    assert not shop.prices.exists()
    assert Product.objects.get(pk=rare.pk).price == rare.price
    with pytest.raises(Overtaken):  # a page that shows the prices of before writes nothing over those of now
        services.change(seen, {"unit": "pc"}, version=seen.version, by=None)


def test_a_new_list_that_is_the_default_at_once_changes_no_price(bunting):
    before = costs()
    a_list("new", is_default=True)
    assert costs() == before | {"new": before["default"]}


def test_a_list_that_counts_otherwise_is_not_the_default_once_there_are_products(bunting, usual):
    net = a_list("net", includes_vat=False)
    for price_list, values in ((net, {"is_default": True}), (usual, {"includes_vat": False})):
        with pytest.raises(Faults) as refused:
            services.save_price_list(PriceList.objects.get(pk=price_list.pk), values, by=None)
        assert set(refused.value.by_field) == {"includes_vat"}


@pytest.mark.parametrize(("name", "value"), [("currency", "CZK"), ("includes_vat", False)])
def test_a_list_with_prices_of_its_own_keeps_what_they_mean(bunting, name, value):
    partners = a_list("partners")
    services.change(bunting, {"prices": {partners: Decimal(70)}}, version=None, by=None)
    with pytest.raises(Faults) as refused:
        services.save_price_list(partners, {name: value}, by=None)
    assert set(refused.value.by_field) == {name}
    services.change(bunting, {"prices": {partners: None}}, version=None, by=None)
    assert getattr(services.save_price_list(partners, {name: value}, by=None), name) == value


def test_the_default_list_keeps_its_currency_once_there_are_products(bunting, usual):
    with pytest.raises(Faults) as refused:
        services.save_price_list(usual, {"currency": "GBP"}, by=None)
    assert set(refused.value.by_field) == {"currency"}
    Product.objects.all().delete()
    assert services.save_price_list(usual, {"currency": "GBP"}, by=None).currency == "GBP"
