"""Changes of shared rows: of two persons the second is told, and whoever writes raises the version."""

import pytest
from django.apps import apps
from django.utils import timezone

from depesa.catalog.models import Category
from depesa.catalog.services import save_category
from depesa.core.edits import Editable, Overtaken, differences, edited, raise_version, raised
from depesa.core.errors import StaleState
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
