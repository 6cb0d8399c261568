"""How long a session lasts, who sees which, and when the password is asked for once more."""

import datetime as dt
import html
import re

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse

from depesa.history.models import Entry
from depesa.staff.models import DeskSession, User

pytestmark = pytest.mark.django_db
PASSWORD = "correct horse battery"
HOME = "/staff/profile/"


@pytest.fixture
def root(company, clock):
    return User.objects.create_user("root", password=PASSWORD, name="Root", email="root@firma.example", role="admin")


def signed_in(user, agent="Mozilla/5.0 (Windows NT 10.0) Firefox/140.0", **more):
    client = Client(headers={"User-Agent": agent}, **more)
    client.force_login(user)
    assert client.get(HOME).status_code == 200
    return client


def test_a_session_ends_when_nobody_has_used_it_for_a_while(root, clock, settings):
    client = signed_in(root)
    for _turn in range(3):
        clock.shift(dt.timedelta(hours=11))
        assert client.get(HOME).status_code == 200
    clock.shift(dt.timedelta(hours=12, minutes=1))
    assert client.get(HOME).url.startswith(reverse("account_login"))
    assert not DeskSession.objects.exists()
    assert Entry.objects.filter(event="staff.session-ended").count() == 1
    settings.DEPESA_IDLE_HOURS = 1
    client = signed_in(root)
    clock.shift(dt.timedelta(minutes=61))
    assert client.get(HOME).status_code == 302


def test_what_a_page_asks_by_itself_keeps_no_session_awake(root, clock):
    client = signed_in(root)
    for _hour in range(12):
        clock.shift(dt.timedelta(hours=1))
        assert client.get(HOME, headers={"Depesa-Poll": "1"}).status_code == 200
    clock.shift(dt.timedelta(minutes=1))
    assert client.get(HOME, headers={"Depesa-Poll": "1"}).status_code == 302


def test_a_session_ends_after_a_week_however_it_is_used(root, clock):
    client = signed_in(root)
    for _turn in range(16):
        clock.shift(dt.timedelta(hours=10))
        assert client.get(HOME).status_code == 200
    clock.shift(dt.timedelta(hours=10))
    assert client.get(HOME).status_code == 302


def test_ones_own_sessions_are_listed_and_ended(root, ben, clock):
    here, there, third = signed_in(root), signed_in(root, "Chrome/140 Android", REMOTE_ADDR="10.0.0.9"), signed_in(root)
    stranger = signed_in(ben)
    page = here.get(reverse("staff:sessions")).text
    assert "Firefox, Windows" in page
    assert "Chrome, Android" in page
    assert "10.0.0.9" in page
    elsewhere = DeskSession.objects.get(machine="10.0.0.9")
    assert stranger.post(reverse("staff:session_end", args=[elsewhere.pk])).status_code == 404
    here.post(reverse("staff:session_end", args=[elsewhere.pk]))
    assert there.get(HOME).status_code == 302
    assert third.get(HOME).status_code == 200
    here.post(reverse("staff:sessions_end"))
    assert third.get(HOME).status_code == 302
    assert here.get(HOME).status_code == 200
    assert stranger.get(HOME).status_code == 200
    assert [row.user for row in DeskSession.objects.order_by("pk")] == [root, ben]


def test_the_last_use_is_written_every_few_minutes_only(root, clock):
    client = signed_in(root)
    first = DeskSession.objects.get().used_at
    clock.shift(dt.timedelta(minutes=4))
    client.get(HOME)
    assert DeskSession.objects.get().used_at == first
    clock.shift(dt.timedelta(minutes=2))
    client.get(HOME)
    assert DeskSession.objects.get().used_at == first + dt.timedelta(minutes=6)


def test_a_new_password_keeps_this_session_in_the_list_and_ends_the_others(root):
    here, there = signed_in(root), signed_in(root)
    new = {"oldpassword": PASSWORD, "password1": "a sentence of mine", "password2": "a sentence of mine"}
    here.post(reverse("account_change_password"), new)
    assert here.get(HOME).status_code == 200
    assert there.get(HOME).status_code == 302
    listed = set(DeskSession.objects.values_list("session_id", flat=True))
    assert here.session.session_key in listed
    assert listed <= set(Session.objects.values_list("pk", flat=True))


def test_at_the_exit_the_browser_forgets(root):
    client = signed_in(root)
    assert "Clear-Site-Data" not in client.get(reverse("account_logout")).headers
    assert client.post(reverse("account_logout")).headers["Clear-Site-Data"] == '"cache", "storage"'
    assert not DeskSession.objects.exists()


def hidden(page):
    """What the form of a page sends along unseen."""
    sent = {}
    for name, value in re.findall(
        r'<input type="hidden" name="(?!csrf)([^"]*)" value="([^"]*)"', page.split('class="form"')[1]
    ):
        sent.setdefault(html.unescape(name), []).append(html.unescape(value))
    return sent


def test_guesses_at_the_question_are_limited_as_at_the_door(root, clock):
    client = signed_in(root)
    clock.shift(dt.timedelta(minutes=16))
    address = reverse("staff:new_user")
    for _attempt in range(5):
        client.post(address, {"username": "eva", "role": "clerk", "proof-password": "wrong"})
    page = client.post(address, {"username": "eva", "role": "clerk", "proof-password": PASSWORD})
    assert "Too many failed login attempts" in page.text
    assert not User.objects.filter(username="eva").exists()


def test_what_is_not_grave_asks_nothing(root, clock):
    client = signed_in(root)
    clock.shift(dt.timedelta(hours=1))
    typed = {"name": "Root R.", "email": "root@firma.example", "theme": "dark"}
    assert client.post(reverse("staff:profile"), typed).status_code == 302
    page = client.post(reverse("staff:profile"), typed | {"email": "other@firma.example"})
    assert "Is it you?" in page.text
    assert client.post(reverse("staff:profile"), hidden(page.text) | {"proof-password": PASSWORD}).status_code == 302
    root.refresh_from_db()
    assert root.email == "other@firma.example"
