"""What apps bring to the apps below is claimed once, and by one of them only."""

import pytest
from django.apps import apps
from django.core.exceptions import ImproperlyConfigured
from django.urls import reverse

from depesa.core.plugs import Registry, load
from depesa.core.records import KINDS, Former, Kind, Ref, about, read
from depesa.history.models import Entry
from depesa.history.services import Fact, record
from tests.plugs import brought


def test_a_kind_claimed_by_two_apps_stops_the_start_with_a_sentence():
    with brought(KINDS):
        Kind("parcel", "parcel").claim("depesa.orders")
        with pytest.raises(ImproperlyConfigured) as stopped:
            Kind("parcel", "gift").claim("depesa.shop")
    assert str(stopped.value) == (
        "The kind of record “parcel” is claimed by depesa.orders and by depesa.shop: one of them needs another word."
    )


def test_what_is_brought_twice_by_the_same_app_is_there_once():
    fruits = Registry[list[str]]("fruit")
    apple = ["apple"]
    fruits.claim("apple", apple, "depesa.catalog")
    fruits.claim("apple", apple, "depesa.catalog")
    assert dict(fruits) == {"apple": ["apple"]}
    with pytest.raises(ImproperlyConfigured):
        fruits.claim("apple", ["another"], "depesa.catalog")


def test_loading_once_more_changes_nothing():
    before = dict(KINDS)
    load(config.name for config in apps.get_app_configs() if config.name.startswith("depesa."))
    assert dict(KINDS) == before


@pytest.mark.parametrize("key", ["12", "a:b", "Žluťoučký kůň/ď?#", "", " ", "order:12", "{}", "%s"])
def test_a_name_is_read_as_it_was_written(key):
    assert Ref.parse(str(Ref("order", key))) == Ref("order", key)
    assert len({Ref("order", key), Ref("order", key)}) == 1


@pytest.mark.parametrize("text", ["", ":12", "Order:12", "a b:1", "ž:1"])
def test_what_names_no_kind_is_no_record(text):
    with pytest.raises(ValueError, match="is no kind of record"):
        Ref.parse(text)


@pytest.mark.parametrize("key", ["", "-1", "1.0", "٣", "1" * 19, "12a", " 1"])
def test_only_whole_numbers_are_primary_keys(key):
    assert Ref("customer", key).id_of("customer") is None
    assert Ref("customer", "12").id_of("customer") == 12
    assert Ref("customer", "12").id_of("order") is None


def test_a_kind_without_a_page_leads_nowhere():
    assert Ref("unheard-of", "1").url == ""
    with brought(KINDS, Kind("parcel", "parcel", "customers:customer")):
        assert Ref("parcel", "1").url == reverse("customers:customer", args=[1])
        assert Ref("parcel", "x").url == ""
        assert Ref("parcel", "1").words == "parcel 1"


@pytest.fixture
def parcels():
    """Gifts were called parcels once, in whose place another app speaks of parcels today."""
    gift = Kind("gift", "gift", former=Former("parcel", told_by=("shop.gift-",)))
    with brought(KINDS, gift, Kind("parcel", "parcel")):
        yield


def test_what_was_kept_under_a_former_word_is_read_by_the_word_of_today(parcels):
    assert read("parcel:1", "shop.gift-wrapped") == Ref("gift", "1")
    assert read("parcel:1", "orders.parcel-sent") == Ref("parcel", "1")
    assert read("gift:1", "shop.gift-wrapped") == Ref("gift", "1")


@pytest.mark.django_db
def test_rows_of_a_former_word_are_found_by_the_word_of_today(parcels):
    with brought(KINDS, instead=True):  # as it was kept then
        record([Fact(event="shop.gift-wrapped", subject=Ref("parcel", "1"))])
    record([Fact(event="shop.gift-wrapped", subject=Ref("gift", "1"))])
    record([Fact(event="orders.parcel-sent", subject=Ref("parcel", number)) for number in ("1", "2")])
    record([Fact(event="orders.placed", subject=Ref("order", "1"))])

    def found(*refs):
        return [f"{row.event} {row.subject}" for row in Entry.objects.filter(about(*refs)).order_by("pk")]

    assert found(Ref("gift", "1")) == ["shop.gift-wrapped parcel:1", "shop.gift-wrapped gift:1"]
    assert found(Ref("parcel", "1")) == ["orders.parcel-sent parcel:1"]
    assert found(Ref("parcel", "2"), Ref("order", "1")) == ["orders.parcel-sent parcel:2", "orders.placed order:1"]
    assert found() == []
