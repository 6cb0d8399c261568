"""What a user can reach from where he is."""

import pytest
from django.urls import reverse

pytestmark = pytest.mark.django_db


def settings_of(client, user):
    client.force_login(user)
    return [place.url for place in client.get(reverse("dashboard:settings")).context["places"]]


def test_settings_show_what_the_user_may(client, ada, cleo):
    assert reverse("company:company") in settings_of(client, ada)
    assert reverse("staff:users") not in settings_of(client, ada)
    assert settings_of(client, cleo)[-2:] == [reverse("dashboard:history"), reverse("staff:profile")]


def test_the_place_where_one_is_is_marked(client, ada):
    client.force_login(ada)
    page = client.get(reverse("company:company"))
    assert [entry.is_current for entry in page.context["navigation_below"]] == [True]
    assert [entry.url for entry in page.context["navigation"] if entry.is_current] == []
    page = client.get(reverse("dashboard:start"))
    assert [entry.url for entry in page.context["navigation"] if entry.is_current] == ["/"]


def test_the_theme_of_the_user_counts_on_a_new_machine(client, ada):
    ada.theme = "dark"
    ada.save()
    client.force_login(ada)
    assert 'data-theme="dark"' in client.get(reverse("dashboard:start")).text
