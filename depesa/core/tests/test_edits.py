"""Changes of shared rows: of two persons the second is told, and whoever writes raises the version."""

import inspect
from decimal import Decimal

import pytest
from django import forms
from django.apps import apps
from django.db import transaction
from django.forms import ModelForm
from django.urls import get_resolver
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from depesa.catalog.models import Category, Product
from depesa.catalog.services import create, save_category, take_stock
from depesa.core.edits import Editable, Overtaken, Rows, differences, edited, raise_version, raised, removed
from depesa.core.errors import StaleState
from depesa.core.tables import update_rows
from depesa.triggers.models import Settings
from depesa.triggers.services import save_hold


@pytest.fixture
def category(ada):
    return save_category(Category(), {"code": "tools", "names": {"en": "Tools"}}, by=ada)


def told(row):
    return {"position": row.position, "code": row.code}


def test_the_second_of_two_is_told_who_was_first_and_nothing_is_written(category, ada, ben):
    save_category(category, {"position": 3}, version=1, by=ben)
    with pytest.raises(Overtaken) as caught:
        save_category(category, {"position": 5}, version=1, by=ada)
    assert str(caught.value).startswith("Somebody else was faster: Ben changed this on ")
    assert (caught.value.now.position, caught.value.now.version) == (3, 2)
    assert Category.objects.get().position == 3


def test_what_differs_is_told_once_and_saved_once(category, ben):
    heard = []
    with edited(category, 1, by=ben, told=told, tell=lambda *facts: heard.append(facts)) as row:
        row.position = 9
    assert heard == [(row, {"position": 0}, {"position": 9})]
    stored = Category.objects.get()
    assert (stored.position, stored.version, stored.changed_by) == (9, 2, ben)
    assert abs((timezone.now() - stored.changed_at).total_seconds()) < 60


def test_a_change_that_changes_nothing_is_none(category, ben):
    with edited(category, 1, by=ben, told=told, tell=lambda *_facts: pytest.fail("told")):
        pass
    assert Category.objects.get().version == 1


def test_a_refusal_in_the_block_leaves_everything_as_it_was(category, ben):
    def refuse():
        with edited(category, 1, by=ben, told=told, tell=lambda *_facts: None) as row:
            row.position = 9
            raise StaleState

    with pytest.raises(StaleState):
        refuse()
    assert (Category.objects.get().position, Category.objects.get().version) == (0, 1)


def test_a_row_that_is_gone_is_not_made_again(category, ben):
    Category.objects.all().delete()
    with pytest.raises(StaleState, match="removed"):
        save_category(category, {"position": 1}, version=1, by=ben)
    assert not Category.objects.exists()


def test_settings_that_nobody_saved_yet_have_a_second_too(ada, ben):
    seen = Settings(pk=1).version
    save_hold(60, by=ben, version=seen)
    with pytest.raises(Overtaken):
        save_hold(90, by=ada, version=seen)
    assert Settings.objects.get().hold == 60


def test_many_rows_are_raised_in_one_statement_or_one_by_one(category, ben, django_assert_num_queries):
    with django_assert_num_queries(1):
        Category.objects.update(position=2, **raised(ben))
    row = Category.objects.get()
    assert (row.version, row.changed_by) == (2, ben)
    raise_version(row, None)
    assert (row.version, row.changed_by_id) == (3, None)


def test_differences_name_what_only_one_side_has():
    assert differences({"a": 1, "b": 2}, {"b": 2, "c": 3}) == ({"a": 1, "c": None}, {"a": None, "c": 3})
    assert differences(None, {"a": 1}) == (None, {"a": 1})


def test_editable_rows_say_who_changed_them():
    editable = {model._meta.label for model in apps.get_models() if issubclass(model, Editable)}
    assert {"company.Company", "customers.Customer", "orders.Order", "staff.User", "shop.Shop"} <= editable


def writes():
    """Ways to write into a row of a category that say nothing of versions, and one into a product."""
    return {
        "many": lambda row: Category.objects.filter(pk=row.pk).update(position=4),
        "of another row": lambda row: (
            Category.objects.filter(products=None, pk=row.pk).order_by("pk").update(position=4)
        ),
        "alone": lambda row: _set(Category.objects.get(pk=row.pk)).save(),
        "a field alone": lambda row: _set(Category.objects.get(pk=row.pk)).save(update_fields=["position"]),
        "one by one": lambda row: Category.objects.bulk_update([_set(Category.objects.get(pk=row.pk))], ["position"]),
        "in one statement": lambda row: update_rows(Category, ["position"], [(4, row.pk)]),
        "made or changed": lambda row: Category.objects.update_or_create(pk=row.pk, defaults={"position": 4}),
    }


def _set(row):
    row.position = 4
    return row


@pytest.mark.parametrize("way", writes())
def test_whoever_writes_raises_the_version_without_a_word(category, ada, way):
    writes()[way](category)
    stored = Category.objects.get()
    assert (stored.position, stored.version, stored.changed_by) == (4, 2, None)
    with pytest.raises(Overtaken):
        save_category(category, {"position": 9}, version=1, by=ada)
    assert Category.objects.get().position == 4


def test_an_older_row_is_not_saved_over_a_newer_one(category, ben):
    older = Category.objects.get()
    save_category(category, {"position": 3}, version=1, by=ben)
    older.code = "iron"
    with transaction.atomic(), pytest.raises(StaleState):
        older.save()
    stored = Category.objects.get()
    assert (stored.position, stored.code, stored.version) == (3, "tools", 2)


def test_what_no_form_shows_is_written_without_a_new_version(ada):
    product = create({"code": "p", "names": {"en": "P"}, "price": Decimal(1), "stock": Decimal(5)}, by=ada)
    take_stock([(product.pk, Decimal(2))])
    product.refresh_from_db()
    product.stock += 1
    product.save(update_fields=["stock"])
    stored = Product.objects.get()
    assert (stored.stock, stored.version) == (4, 1)


def test_a_row_is_taken_away_as_it_was_seen(category, ben):
    save_category(category, {"position": 3}, version=1, by=ben)
    with pytest.raises(Overtaken), removed(category, 1):
        pytest.fail("told of what has changed")
    with removed(category, 2) as row:
        assert row.position == 3
    assert not Category.objects.exists()
    with pytest.raises(StaleState, match="removed"), removed(category, 2):
        pytest.fail("told of what is gone")


def test_every_editable_row_is_written_by_what_raises_its_version():
    for model in apps.get_models():
        if issubclass(model, Editable):
            assert isinstance(model._default_manager.all(), Rows), model
            assert isinstance(model.objects.all(), Rows), model
            assert model.unseen <= {field.name for field in model._meta.concrete_fields}, model
            assert "save" not in vars(model) or "super().save" in inspect.getsource(model.save), model


def test_no_form_shows_what_is_written_without_a_new_version():
    assert get_resolver().url_patterns  # every page, and so every form, is known
    for form in every_form():
        model = form._meta.model
        if model and issubclass(model, Editable) and model is not Product:  # of which the stock that was seen is sent
            assert not model.unseen & set(form.base_fields), form


def every_form(kind=ModelForm):
    for form in kind.__subclasses__():
        yield form
        yield from every_form(form)


@given(text=st.text(alphabet="ab \n\t", max_size=12), other=st.text(alphabet="ab \n\t", max_size=12))
def test_what_a_form_does_to_a_text_is_no_difference(text, other):
    sent = forms.CharField(required=False, strip=True).clean(text.replace("\n", "\r\n"))
    assert differences({"text": text}, {"text": sent}) == ({}, {})
    assert differences({"texts": {"en": text}}, {"texts": {"en": sent}}) == ({}, {})
    is_other = text.strip() != other.strip()
    assert any(differences({"text": text}, {"text": other.replace("\n", "\r\n")})) == is_other
