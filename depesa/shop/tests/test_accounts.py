"""Register, activate, sign in, forget the password: nobody learns who has an account."""

import datetime as dt

import pytest

from depesa.core.errors import Faults
from depesa.customers.models import Customer
from depesa.shop.models import Account, OneTimeLink
from depesa.shop.services import accounts, limits, links
from depesa.shop.tests.conftest import PASSWORD, events, token_of_last

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
    assert accounts.activate(token_of_last("activation"), PASSWORD) == account
    assert accounts.sign_in("ADA@sroub.example", PASSWORD, machine="1") == account
    assert Customer.objects.get().kind == "customer"


def test_a_stranger_who_registers_somebody_elses_address_gains_nothing(shop):
    register(password="the strangers own")
    theirs = token_of_last("activation")
    register()  # and then comes the owner
    with pytest.raises(Faults):
        accounts.activate(theirs, PASSWORD)
    accounts.activate(token_of_last("activation"), PASSWORD)
    with pytest.raises(accounts.SignInRefused):
        accounts.sign_in("ada@sroub.example", "the strangers own", machine="1")
    with pytest.raises(links.LinkNotUsable):
        accounts.activate(theirs, "the strangers own")


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
    assert events() == []
    assert OneTimeLink.objects.count() == 1  # the same work is done
    with pytest.raises(links.LinkNotUsable):
        accounts.set_password(token_of_last("password"), "a brand new password")


def test_a_new_password_ends_the_sessions_of_the_old_one(account):
    before = account.epoch
    assert accounts.change_password(account, PASSWORD, "a brand new password").epoch == before + 1
    with pytest.raises(Faults) as refused:
        accounts.change_password(account, PASSWORD, "a brand new password")
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


def test_nobody_floods_a_mailbox(account):
    for _ in range(3):  # two letters went to make the account
        accounts.ask_for_password(account.email, language="en", machine="1")
    with pytest.raises(limits.TooOften):
        accounts.ask_for_password(account.email, language="en", machine="1")


def test_what_counts_no_more_is_forgotten(clock, account):
    clock.shift(dt.timedelta(hours=2))
    limits.note("sign-in", "x")
    limits.forget_old()
    assert limits.Attempt.objects.count() == 1
