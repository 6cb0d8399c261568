"""Users are made, changed and given one-time passwords by an administrator."""

import re

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from depesa.staff.models import User
from depesa.staff.services import change_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def root(client):
    """The only administrator, signed in."""
    user = User.objects.create_user("root", password="correct horse battery", role="admin")
    client.force_login(user)
    return user


def test_new_user_gets_a_password_that_is_shown_once(client, root):
    page = client.post(reverse("staff:new_user"), {"username": "eva", "name": "Eva", "role": "clerk"})
    password = re.search(r"\b[a-z2-9]{4}(-[a-z2-9]{4}){3}\b", page.text)[0]
    eva = User.objects.get(username="eva")
    assert eva.check_password(password)
    assert (eva.role, eva.has_one_time_password) == ("clerk", True)
    assert password not in client.get(reverse("staff:users")).text


@pytest.mark.parametrize(
    ("username", "said"),
    [
        ("root", "Somebody already signs in as “root”."),
        ("Eva", "Use small letters"),
        ("éva", "Use small letters"),
        ("e va", "Use small letters"),
        ("", "This field is required."),
    ],
)
def test_wrong_names_are_answered_at_the_field(client, root, username, said):
    page = client.post(reverse("staff:new_user"), {"username": username, "name": "Eva", "role": "clerk"})
    assert page.status_code == 422
    assert said in page.text
    assert 'value="Eva"' in page.text
    assert User.objects.count() == 1


def test_role_and_access_are_changed(client, root, ben):
    client.post(reverse("staff:user", args=[ben.pk]), {"name": "Ben", "role": "reader"})
    ben.refresh_from_db()
    assert (ben.role, ben.is_active) == ("reader", False)


def test_the_last_administrator_stays(client, root):
    for values in ({"role": "manager", "is_active": "on"}, {"role": "admin"}):
        page = client.post(reverse("staff:user", args=[root.pk]), values)
        assert page.status_code == 422
        assert "This is the last administrator who can sign in." in page.text
    root.refresh_from_db()
    assert (root.role, root.is_active) == ("admin", True)


def test_forgotten_password(client, root, ben):
    page = client.post(reverse("staff:password", args=[ben.pk]))
    password = re.search(r"\b[a-z2-9]{4}(-[a-z2-9]{4}){3}\b", page.text)[0]
    ben.refresh_from_db()
    assert ben.check_password(password)
    assert ben.has_one_time_password


def test_own_profile(client, cleo):
    client.force_login(cleo)
    typed = {"name": "Cleo B.", "email": "cleo@firma.example", "language": "cs", "theme": "dark"}
    answer = client.post(reverse("staff:profile"), {**typed, "role": "admin"})
    cleo.refresh_from_db()
    assert (cleo.name, cleo.language, cleo.theme, cleo.role) == ("Cleo B.", "cs", "dark", "reader")
    assert answer.cookies["theme"].value == "dark"
    assert 'data-theme="dark"' in client.get(reverse("staff:profile")).text


def test_a_persons_name_is_one_line_without_hidden_characters(client, cleo):
    client.force_login(cleo)
    client.post(reverse("staff:profile"), {"name": "Cleo\nB\u200b.", "email": "", "language": "", "theme": "auto"})
    cleo.refresh_from_db()
    assert cleo.name == "Cleo B."


def test_wrong_profile_keeps_what_was_typed(client, cleo):
    client.force_login(cleo)
    page = client.post(reverse("staff:profile"), {"name": "Cleo", "email": "cleo(at)firma", "theme": "auto"})
    assert page.status_code == 422
    assert "cleo(at)firma" in page.text


def test_language_is_remembered(client, cleo):
    client.force_login(cleo)
    answer = client.post(reverse("set_language"), {"language": "lt", "next": "/settings/"})
    cleo.refresh_from_db()
    assert (cleo.language, answer.url) == ("lt", "/settings/")
    assert client.post(reverse("set_language"), {"language": "xx", "next": "//evil.example"}).url == "/"


def test_command_adds_a_user_and_prints_the_password_once(capsys):
    call_command("users_add", "eva", role="admin", generate=True)
    printed = capsys.readouterr().out
    eva = User.objects.get(username="eva")
    assert eva.check_password(re.search(r"[a-z2-9]{4}(-[a-z2-9]{4}){3}", printed)[0])
    assert (eva.role, eva.has_one_time_password) == ("admin", True)


def test_command_refuses_a_name_that_is_taken(ben):
    with pytest.raises(CommandError, match="Somebody already signs in as “ben”"):
        call_command("users_add", "ben", generate=True)


def test_an_older_page_of_the_own_profile_gives_nothing_back(client, ada, ben):
    """An administrator renamed and demoted him meanwhile."""
    client.force_login(ben)
    form = client.get(reverse("staff:profile")).context["form"]
    seen = {each.html_name: each.value() or "" for each in form} | {"version": form["version"].value()}
    seen |= {f"initial-{name}": seen[name] for name in ("name", "email", "language", "theme")}
    ada.role = "admin"
    ada.save()
    change_user(ben, {"name": "Ben Married", "role": "reader"}, by=ada, version=ben.version)
    answer = client.post(reverse("staff:profile"), seen | {"theme": "dark"})
    assert answer.status_code == 422
    ben.refresh_from_db()
    assert (ben.name, ben.role) == ("Ben Married", "reader")
    again = answer.context["form"]
    meant = {each.html_name: each.value() or "" for each in again}
    assert meant["name"] == "Ben Married"
    assert client.post(reverse("staff:profile"), meant).status_code == 302
    ben.refresh_from_db()
    assert (ben.name, ben.role, ben.theme) == ("Ben Married", "reader", "dark")


def test_the_own_profile_raises_the_version_that_administrators_see(client, ben):
    client.force_login(ben)
    before = ben.version
    client.post(reverse("staff:profile"), {"name": "Ben", "email": "ben@sviesa.example", "theme": "dark"})
    ben.refresh_from_db()
    assert (ben.email, ben.version) == ("ben@sviesa.example", before + 1)
    client.post(reverse("set_language"), {"language": "cs"})
    ben.refresh_from_db()
    assert (ben.language, ben.version) == ("cs", before + 2)
