"""Queue letters: once per event, one delivery per recipient, sealed for good."""

import datetime as dt

import pytest
from django.utils import timezone

from depesa.outbox.models import Channel, Delivery, Message
from depesa.outbox.services import Letter, prepare, queue
from depesa.outbox.services.channels import server_from_url


def _letter(key="v1:test:1", **more):
    fields = {
        "dedupe_key": key,
        "kind": "test",
        "customer_id": None,
        "language": "cs",
        "to": ("a@sink.example",),
        "subject": "Přehled",
        "text": "Dobrý den",
        "useless_after": timezone.now() + dt.timedelta(days=2),
    }
    return Letter(**{**fields, **more})


def test_same_event_is_queued_once(channel):
    first = queue(prepare([_letter()]).ready)
    second = queue(prepare([_letter(subject="Změněno")]).ready)

    assert first["v1:test:1"].pk == second["v1:test:1"].pk
    assert Delivery.objects.count() == 1


def test_same_event_has_the_same_message_id(channel):
    ids = {prepare([_letter()]).ready[0].sealed.message_id for _turn in range(2)}
    assert len(ids) == 1
    assert ids.pop().endswith("@vaivorykste.example>")


def test_recipient_named_twice_has_one_delivery(channel):
    queue(prepare([_letter(to=("a@sink.example", "A@sink.example"), cc=("a@sink.example", "b@sink.example"))]).ready)
    assert sorted(Delivery.objects.values_list("recipient", "role")) == [
        ("a@sink.example", "to"),
        ("b@sink.example", "cc"),
    ]


def test_letter_that_cannot_be_sealed_is_named_and_the_others_go_on(channel):
    sealing = prepare([_letter("v1:test:1", text="nul \0 byte"), _letter("v1:test:2")])
    assert list(sealing.refused) == ["v1:test:1"]
    assert "position 5" in sealing.refused["v1:test:1"]
    assert [item.letter.dedupe_key for item in sealing.ready] == ["v1:test:2"]


def test_letter_is_useless_after_its_day(channel):
    tomorrow = timezone.now() + dt.timedelta(days=1)
    queue(prepare([_letter(useless_after=tomorrow)]).ready)
    assert Delivery.objects.get().expires_at == tomorrow
    assert Message.objects.get().useless_after == tomorrow


@pytest.mark.parametrize(
    ("url", "host", "port", "encryption"),
    [
        ("smtp://127.0.0.1:2525", "127.0.0.1", 2525, "none"),
        ("smtp://ada:p%40ss@mail.example", "mail.example", 587, "starttls"),
        ("smtps://mail.example", "mail.example", 465, "tls"),
        ("smtp://relay.example:25?security=none", "relay.example", 25, "none"),
    ],
)
def test_address_of_a_mail_server_is_read(channel, url, host, port, encryption):
    server = server_from_url(url)
    assert (server.host, server.port, server.encryption) == (host, port, encryption)
    assert "p@ss" not in repr(server)


def test_a_letter_that_the_mail_server_does_not_take_is_refused_with_its_size(channel, customer):
    Channel.objects.update(max_size=2000)
    usual = {"kind": "event", "customer_id": None, "language": "en", "subject": "Hi", "to": ("a@sink.example",)}
    usual["useless_after"] = timezone.now() + dt.timedelta(days=1)
    small = Letter(dedupe_key="small", text="Hello", html="<p>Hello</p>", **usual)
    big = Letter(dedupe_key="big", text="Hello " * 900, html="<p>Hello</p>", **usual)
    sealing = prepare([big, small])
    assert [each.letter for each in sealing.ready] == [small]
    assert "the mail server takes" in sealing.refused["big"]
