"""Register, activate, sign in, forget the password: nobody learns who has an account."""

import datetime as dt

import pytest
from django.urls import reverse

from depesa.core.errors import Faults
from depesa.customers.models import Customer
from depesa.outbox.models import Message as Letter
from depesa.shop.models import Account, OneTimeLink
from depesa.shop.services import accounts, links
from depesa.shop.tests.conftest import PASSWORD, events, token_of_last
from depesa.staff.services import limits
from depesa.triggers.models import Transition
from depesa.triggers.services import fire_due

pytestmark = pytest.mark.django_db


def register(email="ada@sroub.example", password=PASSWORD, **more):
    accounts.register(email=email, password=password, name="Ada", language="cs", machine="1", **more)


def test_registration_is_opened_by_the_link_and_the_password(shop):
    register()
    account = Account.objects.get()
    assert not account.is_active
    assert events() == [("registered", "registration", "cs")]
    with pytest.raises(accounts.SignInRefused):
        accounts.sign_in("ada@sroub.example", PASSWORD, machine="1")
    assert accounts.activate(token_of_last("activation"), PASSWORD, machine="1") == account
    assert accounts.sign_in("ADA@sroub.example", PASSWORD, machine="1") == account
    assert Customer.objects.get().kind == "customer"


def test_a_stranger_who_registers_somebody_elses_address_gains_nothing(shop):
    register(password="the strangers own")
    theirs = token_of_last("activation")
    register()  # and then comes the owner
    with pytest.raises(Faults):
        accounts.activate(theirs, PASSWORD, machine="1")
    accounts.activate(token_of_last("activation"), PASSWORD, machine="1")
    with pytest.raises(accounts.SignInRefused):
        accounts.sign_in("ada@sroub.example", "the strangers own", machine="1")
    with pytest.raises(links.LinkNotUsable):
        accounts.activate(theirs, "the strangers own", machine="1")


def test_whoever_has_an_account_gets_a_link_to_a_new_password_instead(account):
    before = len(events())
    register(password="another password")
    assert events()[before:] == [("password-forgotten", "forgotten-password", "cs")]
    assert accounts.sign_in("ada@sroub.example", PASSWORD, machine="1") == account


def test_a_link_works_once(account):
    accounts.ask_for_password(account.email, language="en", machine="1")
    token = token_of_last("password")
    accounts.set_password(token, "a brand new password")
    with pytest.raises(links.LinkNotUsable):
        accounts.set_password(token, "and once more please")
    assert accounts.sign_in(account.email, "a brand new password", machine="1") == account


def test_a_link_to_a_password_works_for_thirty_minutes(clock, account):
    accounts.ask_for_password(account.email, language="en", machine="1")
    token = token_of_last("password")
    clock.shift(dt.timedelta(minutes=29))
    assert links.found("password", token)
    clock.shift(dt.timedelta(minutes=2))
    with pytest.raises(links.LinkNotUsable):
        accounts.set_password(token, "a brand new password")


def test_the_database_does_not_know_the_token(account):
    accounts.ask_for_password(account.email, language="en", machine="1")
    token = token_of_last("password")
    row = OneTimeLink.objects.latest("pk")
    assert token not in {str(value) for value in OneTimeLink.objects.filter(pk=row.pk).values().get().values()}


def test_an_unknown_address_gets_no_letter_and_the_same_answer(shop):
    accounts.ask_for_password("nobody@sroub.example", language="en", machine="1")
    assert [each[0] for each in events()] == ["password-forgotten"]  # noted for everybody, so that it takes as long
    fire_due()
    assert Transition.objects.get().status == "skipped"
    assert not Letter.objects.exists()
    assert OneTimeLink.objects.count() == 1  # the same work is done
    with pytest.raises(links.LinkNotUsable):
        accounts.set_password(token_of_last("password"), "a brand new password")


def test_a_new_password_ends_the_sessions_of_the_old_one(account):
    before = account.epoch
    assert accounts.change_password(account, PASSWORD, "a brand new password", machine="1").epoch == before + 1
    with pytest.raises(Faults) as refused:
        accounts.change_password(account, PASSWORD, "a brand new password", machine="1")
    assert set(refused.value.by_field) == {"old_password"}


@pytest.mark.parametrize("password", ["short", "password123", "x" * 201])
def test_a_bad_password_is_refused(shop, password):
    with pytest.raises(Faults) as refused:
        register(password=password)
    assert set(refused.value.by_field) == {"password"}
    assert not Account.objects.exists()


def test_guessing_ends_after_ten_tries_and_goes_on_after_a_while(clock, account):
    for _ in range(10):
        with pytest.raises(accounts.SignInRefused):
            accounts.sign_in(account.email, "wrong", machine="1")
    with pytest.raises(limits.TooOften):
        accounts.sign_in(account.email, PASSWORD, machine="1")
    clock.shift(dt.timedelta(minutes=16))
    assert accounts.sign_in(account.email, PASSWORD, machine="1") == account


@pytest.mark.parametrize(
    "spelled", ["ÁDA@sroub.example", "ａda@sroub.example", "a\u0301da@sroub.example", "Ada@Sroub.example"]
)
def test_every_spelling_of_an_address_has_the_same_limit(account, spelled):
    for _ in range(10):
        with pytest.raises(accounts.SignInRefused):
            accounts.sign_in(spelled, "wrong", machine="1")
    with pytest.raises(limits.TooOften):
        accounts.sign_in(account.email, PASSWORD, machine="1")


@pytest.mark.parametrize("spelled", ["áda@sroub.example", "ａda@sroub.example", "a\u0301da@sroub.example"])
def test_an_address_that_only_looks_alike_opens_nothing(account, spelled):
    with pytest.raises(accounts.SignInRefused):
        accounts.sign_in(spelled, PASSWORD, machine="1")


def test_a_stranger_locks_nobody_out_and_a_right_password_counts_for_nothing(account):
    for _ in range(12):
        with pytest.raises((accounts.SignInRefused, limits.TooOften)):
            accounts.sign_in(account.email, "wrong", machine="strange")
    for _ in range(15):
        assert accounts.sign_in(account.email, PASSWORD, machine="own") == account


def test_from_many_machines_guessing_ends_too(account):
    refused = []
    for machine in range(110):
        with pytest.raises((accounts.SignInRefused, limits.TooOften)) as problem:
            accounts.sign_in(account.email, "wrong", machine=str(machine))
        refused.append(problem.type)
    assert refused == [accounts.SignInRefused] * 100 + [limits.TooOften] * 10


def test_of_many_guesses_at_once_no_more_than_the_limit_are_tried(account, monkeypatch):
    """While one is being hashed others come: each has taken its attempt before."""
    tried = []

    def hashing(password, _hashed):
        tried.append(password)
        if len(tried) < 30:
            with pytest.raises((accounts.SignInRefused, limits.TooOften)):
                accounts.sign_in(account.email, "wrong", machine="1")
        return False

    monkeypatch.setattr(accounts, "check_password", hashing)
    with pytest.raises(accounts.SignInRefused):
        accounts.sign_in(account.email, "wrong", machine="1")
    assert len(tried) == 10


def test_nobody_floods_a_mailbox(account):
    for _ in range(3):  # two letters went to make the account
        accounts.ask_for_password(account.email, language="en", machine="1")
    with pytest.raises(limits.TooOften):
        accounts.ask_for_password(account.email, language="en", machine="1")


def test_what_counts_no_more_is_forgotten(clock, account):
    clock.shift(dt.timedelta(hours=2))
    limits.pass_through(sign_in="x")
    limits.forget_old()
    assert limits.Attempt.objects.count() == 1


@pytest.mark.parametrize(
    ("page", "leads_to"),
    [("activation", "forgotten"), ("new_password", "forgotten"), ("newsletter_link", "newsletter")],
)
def test_a_link_that_works_no_more_leads_to_a_new_one(client, shop, page, leads_to):
    answer = client.get(reverse(f"shop:{page}", args=["cs", "x" * 64]))
    assert answer.status_code == 409
    assert reverse(f"shop:{leads_to}", args=["cs"]) in answer.text


@pytest.mark.parametrize("address", ["/shop/cs/nonsense/", "/shop/cs/products/999999/", "/shop/cs/orders/x/"])
def test_what_is_not_in_the_shop_is_said_in_the_shop(client, shop, address):
    answer = client.get(address)
    assert (answer.status_code, answer.headers["Content-Language"]) == (404, "cs")
    assert reverse("shop:home", args=["cs"]) in answer.text
    assert "Přejít na úvod" not in answer.text
    assert client.get("/shop/cs/cart").headers["Location"] == "/shop/cs/cart/"
