"""Nothing is done to users, tokens, secrets, mail servers and settings, and nobody comes in, without a trace."""

import inspect
import logging
import re

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from depesa.api.models import Source
from depesa.api.services import inbound, subscriptions, tokens
from depesa.company import services as company_services
from depesa.history.contributions import EVENTS, SECURITY
from depesa.history.models import Entry
from depesa.outbox.models import Channel
from depesa.outbox.services import channel_settings, channels, choice, senders, signatures
from depesa.shop.models import ShippingMethod
from depesa.shop.services import settings as shop_settings
from depesa.staff.models import User
from depesa.staff.services import users

pytestmark = pytest.mark.django_db

GUARDED = re.compile(
    r'(?:INSERT INTO|UPDATE|DELETE FROM) "(?:staff_user|api_apitoken|api_source|api_subscription|outbox_channel'
    r'|outbox_senderaddress|shop_shop|shop_shippingmethod|shop_paymentmethod|company_company)"'
)
MODULES = (
    users, tokens, subscriptions, inbound, shop_settings, channel_settings, channels, choice, senders, signatures,
    company_services,
)  # fmt: skip
# What names a person and writes nothing of its own.
READING = {
    (senders, "waiting"),
    (signatures, "html_signature"),
    (signatures, "sample"),
    (inbound, "receive"),  # orders and customers, which have their own history
    (inbound, "forget_refusals"),  # stands in the history, and is no matter of security
}


def link(_token):
    return "https://desk.example/x/"


def sender(by):
    return senders.ask("orders@vaivorykste.example", "Orders", user=None, by=by, link=link)


def told_by_letter(by):
    kept = []
    keep = lambda token: kept.append(token) or link(token)  # noqa: E731
    senders.ask("orders@vaivorykste.example", "Orders", user=None, by=by, link=keep)
    return kept[0]


WISH = {
    "name": "Post", "host": "mail.example", "port": 587, "security": "starttls", "username": "u", "from_name": "",
    "from_address": "a@vaivorykste.example", "sender_domains": "", "reply_to": "", "max_connections": 1,
    "rate_per_minute": 60, "max_size": 1_000_000,
}  # fmt: skip
SOURCE = {"name": "Woo", "system": "woocommerce"}


def token(by):
    return tokens.make_token("x", scopes=["orders:read"], by=by)[0]


def subscription(by):
    return subscriptions.subscribe("https://shop.example/", ["orders"], by=by)[0]


def usual():
    return Channel.objects.get(is_default=True)


# Each verb with what it needs, made before, and what it does with it.
WALK = {
    (users, "add_user"): (None, lambda _row, by: users.add_user("eva", role="clerk", by=by)),
    (users, "change_user"): (None, lambda _row, by: users.change_user(other(), {"role": "reader"}, by=by)),
    (users, "change_profile"): (None, lambda _row, by: users.change_profile(by, {"email": "a@firma.example"})),
    (users, "choose_language"): (None, lambda _row, by: users.choose_language(by, "lt")),
    (users, "choose_password"): (None, lambda _row, by: users.choose_password(by, "a sentence of mine")),
    (users, "give_new_password"): (None, lambda _row, by: users.give_new_password(other(), by=by)),
    (tokens, "make_token"): (None, lambda _row, by: token(by)),
    (tokens, "revoke"): (token, lambda row, by: tokens.revoke(row, by=by)),
    (subscriptions, "subscribe"): (None, lambda _row, by: subscription(by)),
    (subscriptions, "resume"): (subscription, lambda row, by: subscriptions.resume(row, by=by)),
    (subscriptions, "unsubscribe"): (subscription, lambda row, by: subscriptions.unsubscribe(row, by=by)),
    (inbound, "save_source"): (None, lambda _row, by: inbound.save_source(Source(), SOURCE, secret="s", by=by)),
    (shop_settings, "save_shop"): (None, lambda _row, by: shop_settings.save_shop({"is_open": True}, by=by)),
    (shop_settings, "renew_secret"): (None, lambda _row, by: shop_settings.renew_secret(by=by)),
    (shop_settings, "save_way"): (
        None,
        lambda _row, by: shop_settings.save_way(ShippingMethod.objects.get(code="post"), {"position": 9}, by=by),
    ),
    (channel_settings, "add_channel"): (None, lambda _row, by: channel_settings.add_channel(WISH, password="p", by=by)),
    (channel_settings, "change_channel"): (
        None,
        lambda _row, by: channel_settings.change_channel(usual(), WISH, password="p", version=None, by=by),
    ),
    (channels, "pause"): (None, lambda _row, by: channels.pause(usual(), reason="x", by=by)),
    (channels, "resume"): (
        lambda by: channels.pause(usual(), reason="x", by=by),
        lambda _row, by: channels.resume(usual(), by=by),
    ),
    (choice, "use"): (
        lambda by: channel_settings.add_channel(WISH, password="p", by=by),
        lambda row, by: choice.use(row, by=by),
    ),
    (senders, "ask"): (None, lambda _row, by: sender(by)),
    (senders, "confirm"): (told_by_letter, lambda row, by: senders.confirm(row, by=by)),
    (senders, "remove"): (sender, lambda row, by: senders.remove(row, by=by)),
    (signatures, "keep_signature"): (None, lambda _row, by: signatures.keep_signature(by, "Ada", "")),
    (company_services, "save"): (None, lambda _row, by: company_services.save({"city": "Kaunas"}, by=by)),
}  # fmt: skip


def other():
    return User.objects.get(username="ben")


def verbs():
    """Public functions that act in somebody's name, or on a user."""
    for module in MODULES:
        for name, function in inspect.getmembers(module, inspect.isfunction):
            is_own = function.__module__ == module.__name__ and not name.startswith("_")
            if is_own and {"by", "user"} & set(inspect.signature(function).parameters):
                yield module, name


@pytest.fixture
def root(company, ada, ben):
    ada.role = "admin"
    ada.save()
    usual().__class__.objects.filter(is_default=True).update(from_address="desk@vaivorykste.example")
    return ada


def lines(caplog):
    return [record.getMessage() for record in caplog.records if record.name == "depesa.security"]


@pytest.fixture
def heard(caplog):
    with caplog.at_level(logging.INFO, "depesa.security"):
        yield lambda: lines(caplog)


def test_every_verb_is_walked():
    assert set(WALK) == set(verbs()) - READING


@pytest.mark.parametrize("verb", WALK, ids=lambda verb: f"{verb[0].__name__}.{verb[1]}")
def test_no_verb_writes_without_a_trace(verb, root, heard):
    make, act = WALK[verb]
    row = make(root) if make else None
    written = []

    def watch(execute, sql, params, many, context):
        written.extend(GUARDED.findall(sql))
        return execute(sql, params, many, context)

    before, said = Entry.objects.count(), len(heard())
    with connection.execute_wrapper(watch):
        act(row, root)
    assert written
    entries = list(Entry.objects.order_by("pk")[before:])
    ours = [entry for entry in entries if entry.event in SECURITY]
    assert ours, "no word of it in the history"
    assert {entry.actor for entry in ours} == {root}
    assert len(heard()) - said == len(ours)
    assert not any(character in line for line in heard() for character in "\n\r\u2028")


def test_secrets_stand_neither_in_the_history_nor_in_the_log(root, heard):
    made = users.add_user("eva", role="clerk", by=root)
    again = users.give_new_password(made.user, by=root)
    _token, text = tokens.make_token("x", scopes=["orders:read"], by=root)
    _hook, secret = subscriptions.subscribe("https://shop.example/", ["orders"], by=root)
    gateway = shop_settings.renew_secret(by=root)
    inbound.save_source(Source(), SOURCE, secret="hush hush hush", by=root)
    channel_settings.add_channel(WISH, password="hush hush", by=root)
    told = " ".join(map(str, Entry.objects.values_list("before", "after", "note"))) + " ".join(heard())
    for hidden in (made.password, again.password, text, secret, gateway, "hush"):
        assert hidden not in told


def test_the_door_says_who_came_and_left(root, heard):
    client = Client(headers={"User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"})
    door, home = reverse("account_login"), reverse("dashboard:start")
    client.post(door, {"login": "ben", "password": "wrong"})
    client.post(door, {"login": "ben", "password": "correct horse battery"})
    assert client.get(home).status_code == 200
    client.get(reverse("staff:users"))
    client.post(reverse("account_logout"))
    strict = Client(enforce_csrf_checks=True)
    strict.post(door, {"login": "ben", "password": "x"})
    first, second, third, fourth, fifth = heard()
    assert first == "event=password-refused user=ben machine=127.0.0.1"
    assert second.startswith('event=staff.signed-in machine=127.0.0.1 device="Firefox, Linux" about=')
    assert third == ('event=page-refused why=right method=GET user=ben machine=127.0.0.1 path="/staff/users/"')
    assert fourth.startswith("event=staff.signed-out machine=127.0.0.1")
    assert re.fullmatch(
        r'event=page-refused why="CSRF cookie not set\." method=POST user=- machine=127.0.0.1 path="/account/login/"',
        fifth,
    )
    kept = Entry.objects.filter(subject=str(other().ref)).values_list("event", flat=True)
    assert list(kept) == ["staff.signed-in", "staff.signed-out"]


def test_who_takes_a_list_along_stands_in_the_history(root, client, heard):
    client.force_login(root)
    for ending in ("csv", "xlsx"):
        b"".join(client.get(reverse("customers:customers"), {"file": ending, "q": "a\nb"}).streaming_content)
    rows = Entry.objects.filter(event="staff.list-saved").order_by("pk")
    assert [(row.actor, row.after["list"], row.after["ending"]) for row in rows] == [
        (root, "customers", "csv"), (root, "customers", "xlsx"),
    ]  # fmt: skip
    assert len(heard()) == 2


def test_an_administrator_reads_it_on_the_page_of_the_user(root, client):
    tokens.make_token("till", scopes=["orders:read"], by=root)
    users.change_user(other(), {"role": "reader"}, by=root)
    client.force_login(root)
    assert "made a token of the API" in client.get(reverse("staff:user", args=[root.pk])).text
    of_ben = client.get(reverse("staff:user", args=[other().pk])).text
    assert "changed a user" in of_ben
    assert "made a token of the API" not in of_ben


def test_the_log_of_security_is_written_without_any_setting(settings):
    assert settings.LOGGING["loggers"]["depesa.security"] == {"level": "INFO"}


def test_every_event_of_security_is_one_of_the_history():
    assert set(SECURITY) <= set(EVENTS)
