"""The catalogue to try the shop with."""

import json
from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command

from depesa.catalog import services as catalog
from depesa.catalog.models import Product
from depesa.catalog.queries import categories_on_sale, default_price_list

pytestmark = pytest.mark.django_db


def seed(capsys):
    call_command("shop_seed", "--json")
    return json.loads(capsys.readouterr().out)


def test_it_brings_real_products_in_three_languages(company, capsys):
    figures = seed(capsys)
    assert figures == {"products": 61, "categories": 6, "price_lists": 1, "created": 61}
    assert default_price_list().currency == "GBP"
    assert sum(category.count for category in categories_on_sale()) == 61
    bunting = Product.objects.get(code="47566")
    assert bunting.names == {"en": "Party bunting", "cs": "Girlanda na oslavy", "lt": "Vakarėlio girlianda"}
    assert bunting.price == Decimal("4.95")
    assert not Product.objects.exclude(names__has_keys=["en", "cs", "lt"]).exists()


def test_the_second_time_nothing_changes(company, capsys):
    seed(capsys)
    bunting = Product.objects.get(code="47566")
    catalog.change(bunting, {"price": Decimal(6)}, version=1, by=None)
    assert seed(capsys)["created"] == 0
    assert Product.objects.get(code="47566").price == Decimal(6)


def test_it_is_refused_where_prices_are_in_another_currency(company):
    catalog.ensure_default_list()
    catalog.create({"code": "A", "names": {"en": "Mine"}, "price": Decimal(1)}, by=None)
    with pytest.raises(CommandError, match="EUR"):
        call_command("shop_seed")
    assert Product.objects.count() == 1
