"""Forms of shared rows: the second of two persons sees whose change came first, and nothing typed is lost."""

import re
from html import unescape

import pytest
from django.forms import ModelForm
from django.test import Client
from django.urls import get_resolver, reverse

from depesa.catalog.models import Category
from depesa.catalog.services import save_category
from depesa.core.edits import Editable
from depesa.staff.models import User

NEW_OR_OWN = {"NewUserForm", "ProfileForm", "CustomerStep"}  # rows that nobody else has seen, or one's own


@pytest.fixture
def ways(ada, ben):
    """Two desks, of ada and of ben."""
    found = []
    for person in (ada, ben):
        client = Client()
        client.force_login(person)
        found.append(client)
    return found


def opened(client, url):
    """What a browser has of the form after it opened the page."""
    return sent_back(client.get(url))


def sent_back(answer):
    """The fields of the page's form as a browser sends them back."""
    page = answer.content.decode()
    form = page[page.index('<form class="form"') :]
    form = form[: form.index("</form>")]
    fields = {}
    for tag in re.findall(r"<input[^>]*>", form):
        found = {name: unescape(value) for name, value in re.findall(r'([\w-]+)="([^"]*)"', tag)}
        if found.get("type") != "checkbox" or " checked" in tag:
            fields[found["name"]] = found.get("value", "on" if found.get("type") == "checkbox" else "")
    return fields


@pytest.fixture
def category(ada):
    return save_category(Category(), {"code": "tools", "names": {"en": "Tools"}, "position": 1}, by=ada)


def test_what_the_second_did_not_touch_is_as_the_first_left_it(ways, category):
    ada, ben = ways
    url = reverse("catalog:category", args=[category.pk])
    hers, his = opened(ada, url), opened(ben, url)
    assert ada.post(url, hers | {"position": "7"}).status_code == 302
    answer = ben.post(url, his | {"names_en": "Tools of iron"})
    assert answer.status_code == 422
    assert "Somebody else was faster: Ada changed this on" in answer.text
    again = sent_back(answer)
    assert (again["position"], again["names_en"], again["version"]) == ("7", "Tools of iron", "2")
    assert ben.post(url, again).status_code == 302
    category.refresh_from_db()
    assert (category.position, category.names["en"]) == (7, "Tools of iron")


def test_what_both_changed_says_the_other_value_at_the_field(ways, category):
    ada, ben = ways
    url = reverse("catalog:category", args=[category.pk])
    hers, his = opened(ada, url), opened(ben, url)
    ada.post(url, hers | {"position": "7"})
    answer = ben.post(url, his | {"position": "9"})
    assert "Now it says: 7" in answer.text
    assert sent_back(answer)["position"] == "9"
    assert Category.objects.get().position == 7


def test_a_tick_that_was_taken_away_stays_away(ways, category):
    ada, ben = ways
    url = reverse("catalog:category", args=[category.pk])
    hers, his = opened(ada, url), opened(ben, url)
    del hers["is_active"]
    ada.post(url, hers)
    answer = ben.post(url, his | {"position": "9"})
    assert "is_active" not in sent_back(answer)


def test_a_user_who_was_switched_off_is_not_switched_on_by_an_old_page(ways, ada, cleo):
    User.objects.filter(pk=ada.pk).update(role="admin")
    admin, url = ways[0], reverse("staff:user", args=[cleo.pk])
    old = opened(admin, url)
    fresh = opened(admin, url)
    del fresh["is_active"]
    answer = admin.post(url, fresh | {"role": "none", "language": ""})
    assert answer.status_code == 302, answer.context["form"].errors
    answer = admin.post(url, old | {"role": "reader", "language": "", "email": "cleo@sink.example"})
    assert "Somebody else was faster" in answer.text
    cleo.refresh_from_db()
    assert (cleo.is_active, cleo.role) == (False, "none")


def test_every_form_of_a_shared_row_sends_the_version_that_was_seen():
    assert get_resolver().url_patterns  # every page, and so every form, is known
    found = list(_below(ModelForm))
    editable = {form for form in found if form._meta.model and issubclass(form._meta.model, Editable)}
    assert len(editable) > 15
    lacking = {form.__name__ for form in editable if "version" not in form.base_fields}
    assert lacking <= NEW_OR_OWN


def _below(kind):
    for form in kind.__subclasses__():
        yield form
        yield from _below(form)
