"""Who comes in, and with which password."""

import datetime as dt

import pytest
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone

from depesa.staff.services import add_user, forget_sessions, give_new_password

pytestmark = pytest.mark.django_db
DOOR = "account_login"


@pytest.fixture(autouse=True)
def _no_attempts_yet():
    cache.clear()


def sign_in(client, password, login="ben", **more):
    return client.post(reverse(DOOR), {"login": login, "password": password, **more})


def test_the_door_is_in_our_words(client):
    page = client.get(reverse("dashboard:start"), follow=True)
    assert page.redirect_chain[0][0] == "/account/login/?next=/"
    assert "Sign-in name" in page.text
    assert "Sign Up" not in page.text
    assert 'name="next"' in page.text


def test_ben_signs_in_and_out(client, ben):
    assert sign_in(client, "correct horse battery").url == reverse("dashboard:start")
    assert client.get(reverse("dashboard:start")).status_code == 200
    assert client.get(reverse("account_logout")).status_code == 200
    client.post(reverse("account_logout"))
    assert client.get(reverse("dashboard:start")).status_code == 302


def test_wrong_password_says_the_same_as_an_unknown_name(client, ben):
    wrong, unknown = sign_in(client, "wrong"), sign_in(client, "wrong", login="nobody")
    assert wrong.context["form"].errors == unknown.context["form"].errors
    assert wrong.status_code == 200


def test_input_93_foreign_next_is_ignored(client, ben):
    for target in ("https://evil.example", "//evil.example", "\\\\evil.example"):
        answer = sign_in(client, "correct horse battery", next=target)
        assert answer.url == reverse("dashboard:start")
        client.logout()


def test_input_98_sixth_wrong_password_has_to_wait(client, ben):
    for _attempt in range(5):
        sign_in(client, "wrong")
    answer = sign_in(client, "correct horse battery")
    assert answer.status_code == 200
    assert "Too many failed login attempts" in answer.text


def test_somebody_who_lost_access_is_out_at_once(client, ben):
    client.force_login(ben)
    ben.is_active = False
    ben.save()
    assert client.get(reverse("dashboard:start")).status_code == 302
    assert sign_in(client, "correct horse battery").url == reverse("account_inactive")


def test_one_time_password_has_to_be_changed_first(client):
    made = add_user("eva", role="clerk")
    sign_in(client, made.password, login="eva")
    assert client.get(reverse("dashboard:start")).url == reverse("account_change_password")
    page = client.get(reverse("account_change_password"))
    assert "You came in with a one-time password." in page.text
    new = {"oldpassword": made.password, "password1": "a sentence of mine", "password2": "a sentence of mine"}
    assert client.post(reverse("account_change_password"), new).url == reverse("dashboard:start")
    assert client.get(reverse("dashboard:start")).status_code == 200
    made.user.refresh_from_db()
    assert not made.user.has_one_time_password


@pytest.mark.parametrize(
    ("weak", "said"), [("short", "This password is too short."), ("password1234", "This password is too common.")]
)
def test_weak_password_is_refused_in_a_sentence(client, ben, weak, said):
    client.force_login(ben)
    page = client.post(
        reverse("account_change_password"),
        {"oldpassword": "correct horse battery", "password1": weak, "password2": weak},
    )
    assert said in " ".join(page.context["form"].errors["password1"])


def test_a_new_password_ends_the_sessions(client, ada, ben):
    client.force_login(ben)
    give_new_password(ben, by=ada)
    assert client.get(reverse("dashboard:start")).status_code == 302


def test_sessions_that_have_ended_are_forgotten_and_others_stay(client, ada):
    client.force_login(ada)
    kept = Session.objects.get()
    Session.objects.create(session_key="old", session_data="", expire_date=timezone.now() - dt.timedelta(seconds=1))
    assert forget_sessions() == 1
    assert Session.objects.get() == kept
