"""The catalogue to try the shop with."""

import json
from decimal import Decimal

import pytest
from django.core.management import call_command

from depesa.catalog import services as catalog
from depesa.catalog.models import PriceList, Product
from depesa.catalog.queries import categories_on_sale, default_price_list

pytestmark = pytest.mark.django_db


def seed(capsys):
    call_command("shop_seed", "--json")
    return json.loads(capsys.readouterr().out)


def test_it_brings_real_products_in_three_languages(company, capsys):
    figures = seed(capsys)
    assert figures == {"products": 61, "categories": 6, "price_lists": 1, "created": 61}
    assert default_price_list().currency == "EUR"
    assert sum(category.count for category in categories_on_sale()) == 61
    bunting = Product.objects.get(code="47566")
    assert bunting.names == {"en": "Party bunting", "cs": "Girlanda na oslavy", "lt": "Vakarėlio girlianda"}
    assert (bunting.price, bunting.vat_rate) == (Decimal("5.94"), 21)
    assert not Product.objects.exclude(names__has_keys=["en", "cs", "lt"]).exists()


def test_the_second_time_nothing_changes(company, capsys):
    seed(capsys)
    bunting = Product.objects.get(code="47566")
    catalog.change(bunting, {"price": Decimal(6)}, version=1, by=None)
    assert seed(capsys)["created"] == 0
    assert Product.objects.get(code="47566").price == Decimal(6)


@pytest.mark.parametrize(("currency", "price"), [("CZK", "149"), ("GBP", "4.95"), ("EUR", "5.94")])
def test_prices_fit_the_list_and_the_country(czech, currency, price):
    catalog.ensure_default_list()
    PriceList.objects.update(currency=currency)
    catalog.create({"code": "A", "names": {"en": "Mine"}, "price": Decimal(1)}, by=None)
    call_command("shop_seed")
    bunting = Product.objects.get(code="47566")
    assert (bunting.price, bunting.vat_rate) == (Decimal(price), 21)
    assert (default_price_list().currency, Product.objects.get(code="A").price) == (currency, 1)
