"""Products: entered, changed, found, named in each language."""

from decimal import Decimal

import pytest
from django.utils import translation

from depesa.catalog import services
from depesa.catalog.models import Category, Product
from depesa.core.errors import Faults, StaleState
from depesa.history.models import Entry

pytestmark = pytest.mark.django_db


def values(**changed):
    return {
        "code": "47566",
        "names": {"en": "Party bunting", "cs": "Girlanda"},
        "price": Decimal("4.95"),
    } | (changed)


@pytest.fixture
def bunting(company):
    return services.create(values(), by=None)


def test_the_name_is_in_the_language_that_is_spoken(bunting):
    with translation.override("cs"):
        assert str(bunting) == "Girlanda"
    with translation.override("lt"):
        assert str(bunting) == "Party bunting"
    assert bunting.name_in("cs") == "Girlanda"


def test_without_a_name_it_is_refused(company):
    with pytest.raises(Faults) as refused:
        services.create(values(names={"en": "  "}), by=None)
    assert set(refused.value.by_field) == {"names"}


def test_a_code_is_taken_once(bunting):
    with pytest.raises(Faults) as refused:
        services.create(values(), by=None)
    assert set(refused.value.by_field) == {"code"}
    assert Product.objects.count() == 1


@pytest.mark.parametrize("price", ["-1", "NaN", "Infinity", "1.00001"])
def test_what_is_no_price_is_refused(company, price):
    with pytest.raises(Faults) as refused:
        services.create(values(price=Decimal(price)), by=None)
    assert set(refused.value.by_field) == {"price"}


def test_a_change_tells_before_and_after(bunting, ben):
    changed = services.change(bunting, values(price=Decimal("5.25"), names={"en": "Bunting"}), version=1, by=ben)
    entry = Entry.objects.latest("pk")
    assert (entry.event, entry.subject, entry.actor) == ("catalog.product-changed", f"product:{bunting.pk}", ben)
    assert entry.before == {"name, cs": "Girlanda", "name, en": "Party bunting", "price": "4.95"}
    assert entry.after == {"name, cs": "", "name, en": "Bunting", "price": "5.25"}
    assert changed.version == 2


def test_saving_the_same_again_changes_nothing(bunting, ben):
    services.change(bunting, values(), version=1, by=ben)
    assert Entry.objects.count() == 1
    assert Product.objects.get().version == 1


def test_the_second_of_two_is_told(bunting, ben):
    services.change(bunting, values(unit="pc"), version=1, by=ben)
    with pytest.raises(StaleState):
        services.change(bunting, values(unit="m"), version=1, by=ben)


@pytest.mark.parametrize(("text", "is_found"), [("girl bunt", True), ("475", True), ("BUNTING", True), ("cake", False)])
def test_every_word_is_looked_for_in_every_language(bunting, text, is_found):
    assert Product.objects.about(text).exists() is is_found


def test_what_is_hidden_is_not_on_sale(bunting):
    hidden = services.save_category(Category(), {"code": "old", "names": {"en": "Old"}, "is_active": False}, by=None)
    assert Product.objects.on_sale().count() == 1
    services.change(bunting, values(category=hidden), version=1, by=None)
    assert not Product.objects.on_sale().exists()


def test_a_category_needs_a_name_and_a_code_of_its_own(company):
    services.save_category(Category(), {"code": "bags", "names": {"en": "Bags"}}, by=None)
    for wrong, field in (({"code": "bags", "names": {"en": "X"}}, "code"), ({"code": "x", "names": {}}, "names")):
        with pytest.raises(Faults) as refused:
            services.save_category(Category(), wrong, by=None)
        assert set(refused.value.by_field) == {field}
