"""Who comes in, and with which password."""

import datetime as dt

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from depesa.core.tests.test_links import HOSTILE
from depesa.staff.models import User
from depesa.staff.services import add_user, forget_sessions, give_new_password

pytestmark = pytest.mark.django_db
DOOR = "account_login"


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
    for target in [*HOSTILE, "https://evil.example", "http://testserver.evil.example/", "%2F%2Fevil.example"]:
        assert client.get(reverse("account_login"), {"next": target}).status_code == 200, target
        answer = sign_in(client, "correct horse battery", next=target)
        assert answer.url == reverse("dashboard:start"), target
        client.logout()
    assert sign_in(client, "correct horse battery", next="/documents/7/").url == "/documents/7/"


def test_input_98_sixth_wrong_password_has_to_wait(client, ben):
    for _attempt in range(5):
        sign_in(client, "wrong")
    answer = sign_in(client, "correct horse battery")
    assert answer.status_code == 200
    assert "Too many failed login attempts" in answer.text


@pytest.mark.parametrize("spelled", ["BEN", " ben ", "Be\u0301n", "\uff42en", "be n"])
def test_every_spelling_of_a_name_has_the_same_limit(client, ben, spelled):
    for _attempt in range(5):
        sign_in(client, "wrong", login=spelled)
    assert "Too many failed login attempts" in sign_in(client, "correct horse battery").text


def test_neither_a_port_in_the_host_nor_a_header_gives_further_attempts(client, ben, settings):
    for attempt in range(5):
        told = {"host": f"127.0.0.1:{attempt + 1}", "X-Forwarded-For": f"10.0.0.{attempt}"}
        client.post(reverse(DOOR), {"login": "ben", "password": "wrong"}, headers=told)
    assert "Too many failed login attempts" in sign_in(client, "correct horse battery").text


def test_many_other_names_do_not_make_the_limit_forget(client, ben):
    for _attempt in range(5):
        sign_in(client, "wrong")
    for number in range(20):
        sign_in(client, "wrong", login=f"nobody{number}")
    assert "Too many failed login attempts" in sign_in(client, "correct horse battery").text


def test_a_stranger_elsewhere_locks_nobody_out_and_a_right_password_counts_for_nothing(client, ben):
    for _attempt in range(8):
        client.post(reverse(DOOR), {"login": "ben", "password": "wrong"}, REMOTE_ADDR="10.0.0.9")
    for _attempt in range(8):
        assert sign_in(client, "correct horse battery").status_code == 302
        client.logout()


def test_from_many_machines_guessing_ends_too(ben):
    refused = 0
    for number in range(105):
        page = Client(REMOTE_ADDR=f"10.0.{number}.1").post(reverse(DOOR), {"login": "ben", "password": "wrong"})
        refused += "Too many failed login attempts" in page.text
    assert refused == 5


def test_of_many_guesses_at_once_no_more_than_the_limit_are_tried(client, ben, monkeypatch):
    """While one is being hashed others come: each has taken its attempt before."""
    tried = []

    def hashing(_user, password):
        tried.append(password)
        if len(tried) < 30:
            sign_in(client, "wrong")
        return False

    monkeypatch.setattr(User, "check_password", hashing)
    sign_in(client, "wrong")
    assert len(tried) == 5


def test_the_old_password_is_not_guessed_in_somebodys_session(client, ben):
    client.force_login(ben)
    new = {"password1": "a sentence of mine", "password2": "a sentence of mine"}
    for _attempt in range(5):
        client.post(reverse("account_change_password"), {"oldpassword": "wrong", **new})
    page = client.post(reverse("account_change_password"), {"oldpassword": "correct horse battery", **new})
    assert "Too many failed login attempts" in page.text
    ben.refresh_from_db()
    assert ben.check_password("correct horse battery")


@pytest.mark.parametrize(
    ("proxies", "peer", "forwarded", "counted"),
    [
        (0, "127.0.0.1", "9.9.9.9", "127.0.0.1"),
        (1, "127.0.0.1", "8.8.8.8, 9.9.9.9", "9.9.9.9"),
        (2, "127.0.0.1", "7.7.7.7, 8.8.8.8, 9.9.9.9", "8.8.8.8"),
        (2, "127.0.0.1", "9.9.9.9", "127.0.0.1"),
        (1, "10.1.1.1", "9.9.9.9", "10.1.1.1"),
        (1, "127.0.0.1", "2001:db8:1:2:3::4", "2001:db8:1:2::/64"),
        (1, "127.0.0.1", "::ffff:9.9.9.9", "9.9.9.9"),
    ],
)
def test_a_header_counts_only_from_a_proxy_of_ours(client, settings, caplog, proxies, peer, forwarded, counted):
    settings.DEPESA_PROXIES = proxies
    with caplog.at_level("INFO", "depesa.security"):
        client.post(
            reverse(DOOR),
            {"login": "nobody", "password": "x"},
            REMOTE_ADDR=peer,
            headers={"X-Forwarded-For": forwarded, "X-Forwarded-Proto": "https"},
        )
    assert f"machine={counted}" in caplog.text.replace('"', "")


def test_what_is_typed_at_the_door_makes_no_line_of_its_own_in_the_log(client, ben, caplog):
    with caplog.at_level("INFO", "depesa.security"):
        sign_in(client, "wrong", login="ben\u2028event=signed-in user=ada")
        sign_in(client, "wrong", login="my secret password by mistake")
    assert [record.message for record in caplog.records] == ['event=password-refused user="?" machine=127.0.0.1'] * 2


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
    ben.refresh_from_db()
    assert (ben.version, ben.changed_by) == (2, ada)


def test_sessions_that_have_ended_are_forgotten_and_others_stay(client, ada):
    client.force_login(ada)
    kept = Session.objects.get()
    Session.objects.create(session_key="old", session_data="", expire_date=timezone.now() - dt.timedelta(seconds=1))
    assert forget_sessions() == 1
    assert Session.objects.get() == kept
