"""Webhooks out: found from what happened, signed, tried again, given up, never into the house."""

import contextlib
import datetime as dt
import hashlib
import hmac
import json
import socket
import threading
import time
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from django.db.models import F
from django.utils import timezone

from depesa.api.models import Notice, Subscription
from depesa.api.rules.addresses import fault_of, is_public
from depesa.api.rules.patience import pause_after
from depesa.api.services import calls, notice_due, resume, subscribe
from depesa.core.errors import Faults
from depesa.core.processes import me
from depesa.history.services import Fact, link_due, record
from depesa.outbox.models import Attempt, Channel, Delivery, Message, State
from depesa.outbox.services import Letter, deliver_due, prepare, queue, reap
from tests.faults.sink import Script, Sink, serving

pytestmark = pytest.mark.django_db


class Ear(HTTPServer):
    """Hears what is told, and answers as it is asked to."""

    def __init__(self):
        self.heard, self.status = [], 200

        class Handler(BaseHTTPRequestHandler):
            def do_POST(handler):  # noqa: N805
                body = handler.rfile.read(int(handler.headers["Content-Length"]))
                self.heard.append((dict(handler.headers), body))
                handler.send_response(self.status)
                handler.end_headers()

            def log_message(handler, *_said):  # noqa: N805
                pass

        super().__init__(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server_port}/hook"


@pytest.fixture
def ear():
    server = Ear()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def at_home(settings):
    settings.DEPESA_WEBHOOKS_PRIVATE = True


def pay():
    record([Fact(event="orders.paid", subject="order:1", after={"paid_at": "2026-01-01"})])


def test_what_happened_is_told_once_and_signed(ear, at_home, ada):
    pay()  # before anybody asked: not told
    _made, secret = subscribe(ear.url, ["orders"], by=ada)
    pay()
    record([Fact(event="documents.posted", subject="document:1")])
    link_due()
    assert notice_due() > 0
    assert notice_due() == 0
    assert calls.call_due() == 1
    assert calls.call_due() == 0
    [(headers, body)] = ear.heard
    assert (headers["Depesa-Event"], json.loads(body)["after"]) == ("orders.paid", {"paid_at": "2026-01-01"})
    at, sent = (part.partition("=")[2] for part in headers["Depesa-Signature"].split(","))
    assert sent == hmac.new(secret.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()


def test_who_does_not_take_it_is_asked_again_and_then_given_up(ear, at_home, ada, clock, client):
    made, _secret = subscribe(ear.url, ["orders"], by=ada)
    pay()
    link_due()
    notice_due()
    ear.status = 503
    assert calls.call_due() == 1
    assert calls.call_due() == 0, "not yet"
    clock.shift(dt.timedelta(seconds=31))
    assert calls.call_due() == 1
    clock.shift(dt.timedelta(hours=12))
    calls.call_due()
    made.refresh_from_db()
    assert (made.deactivated_at is not None, made.problem) == (True, "answered 503")
    clock.shift(dt.timedelta(hours=2))
    assert calls.call_due() == 0
    client.force_login(ada)
    assert "given up" in client.get("/settings/api/needs/").text
    ear.status = 200
    resume(made, by=ada)
    assert calls.call_due() == 1
    assert Notice.objects.get().delivered_at is not None


def test_nothing_is_told_inside_the_house(ear, at_home, ada, settings):
    subscribe(ear.url, ["orders"], by=ada)
    settings.DEPESA_WEBHOOKS_PRIVATE = False
    pay()
    link_due()
    notice_due()
    calls.call_due()
    assert ear.heard == []
    assert "private network" in Subscription.objects.get().problem


def test_one_that_fails_keeps_nobody_waiting_twice(ear, at_home, ada):
    subscribe(ear.url, ["orders"], by=ada)
    for _ in range(3):
        pay()
    link_due()
    notice_due()
    ear.status = 500
    assert calls.call_due() == 3
    assert len(ear.heard) == 1


def dribble(connection, first, rest):
    """Say something, then go on for ever, a little at a time."""
    with contextlib.suppress(OSError):
        connection.sendall(first)
        while True:
            connection.sendall(rest)
            time.sleep(0.02 if len(rest) == 1 else 0)


@pytest.fixture
def dribbler():
    """An address of a subscriber that takes a call and ends no answer."""
    with contextlib.ExitStack() as stack:

        def open_door(first, rest, scheme="http"):
            door = stack.enter_context(socket.create_server(("127.0.0.1", 0)))

            def answer():
                with contextlib.suppress(OSError):
                    while True:
                        connection = stack.enter_context(door.accept()[0])
                        threading.Thread(target=dribble, args=(connection, first, rest), daemon=True).start()

            threading.Thread(target=answer, daemon=True).start()
            stack.callback(door.shutdown, socket.SHUT_RDWR)
            return f"{scheme}://localhost:{door.getsockname()[1]}/hook"

        yield open_door


SLOW = {
    "no status": (b"", b"H", "http"),
    "slow header": (b"HTTP/1.1 200 OK\r\n", b"a", "http"),
    "headers without end": (b"HTTP/1.1 200 OK\r\n", b"a: " + b"b" * 60_000 + b"\r\n", "http"),
    "goes on and on": (b"", b"HTTP/1.1 100 Continue\r\n\r\n", "http"),
    "no encryption": (b"\x16\x03\x03\x3f\xff", b"\x02", "https"),
}


@pytest.mark.parametrize(("first", "rest", "scheme"), SLOW.values(), ids=SLOW)
def test_a_call_has_an_end_however_slowly_its_answer_comes(dribbler, at_home, ada, monkeypatch, first, rest, scheme):
    monkeypatch.setattr(calls, "DEADLINE", 1.0)
    made, _secret = subscribe(dribbler(first, rest, scheme), ["orders"], by=ada)
    pay()
    link_due()
    notice_due()
    began = time.monotonic()
    assert calls.call_due() == 1
    assert time.monotonic() - began < 5
    made.refresh_from_db()
    assert made.problem in {"did not answer within 1 seconds", "got more than 100 headers"}
    assert Notice.objects.get().delivered_at is None


def test_a_name_server_that_says_nothing_holds_up_no_longer(at_home, ada, monkeypatch):
    over = threading.Event()
    monkeypatch.setattr(calls, "DEADLINE", 0.3)
    monkeypatch.setattr(calls.socket, "getaddrinfo", lambda *_asked, **_how: over.wait(60))
    subscribe("http://nowhere.example/", ["orders"], by=ada)
    pay()
    link_due()
    notice_due()
    try:
        assert calls.call_due() == 1
    finally:
        over.set()
    assert "did not answer" in Subscription.objects.get().problem


def test_a_lease_outlasts_all_calls_of_a_turn_and_a_subscriber_has_one_caller(ear, at_home, ada):
    assert calls.LEASE.total_seconds() > calls.DEADLINE * calls.AT_ONCE
    subscribe(ear.url, ["orders"], by=ada)
    pay()
    pay()
    link_due()
    notice_due()
    first = Notice.objects.order_by("pk").first()
    Notice.objects.filter(pk=first.pk).update(held_by=f"{me()}#1", held_until=timezone.now() + calls.LEASE)
    assert calls.call_due() == 0
    Notice.objects.filter(pk=first.pk).update(held_by="", held_until=None)
    assert calls.call_due(lambda: True) == 0
    assert calls.call_due() == 2
    assert len(ear.heard) == 2


def test_who_answers_slowly_lets_others_have_their_turn(ear, at_home, ada, monkeypatch):
    subscribe(ear.url, ["orders"], by=ada)
    subscribe(ear.url + "/other", ["orders"], by=ada)
    for _ in range(3):
        pay()
    link_due()
    notice_due()
    monkeypatch.setattr(calls, "DEADLINE", 1e-9)
    monkeypatch.setattr(calls, "_tried", lambda _notice: "")
    assert calls.call_due() == 6
    waiting = Notice.objects.filter(delivered_at=None, due_at__gt=timezone.now(), problem="", held_until=None)
    assert waiting.count() == 4


@pytest.mark.parametrize(
    ("url", "word"),
    [
        ("http://shop.example/", "https://"),
        ("https://user:pass@shop.example/", "user and password"),
        ("https:///nowhere", "no address"),
        ("https://shop.example:99999/", "port"),
        ("ftp://shop.example/", "https://"),
        *((f"https://{host}/", "private network") for host in ("127.0.0.1", "10.0.0.1:8443", "[::1]", "[fd00::1]")),
        *(
            (f"https://{host}/", "private network")
            for host in ("127.1", "0x7f.1", "2130706433", "localhost", "a.LOCALHOST.")
        ),
    ],
)
def test_a_wrong_address_is_refused_in_words(url, word, ada):
    with pytest.raises(Faults) as refused:
        subscribe(url, ["orders"], by=ada)
    assert word in refused.value.by_field["url"]


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.0.0.1", "192.168.1.1", "172.16.0.1", "169.254.169.254", "0.0.0.0", "100.64.0.1", "224.0.0.1",
        "::1", "::", "fe80::1%eth0", "fc00::1", "::ffff:127.0.0.1", "2002:7f00:1::", "ff02::1", "240.0.0.1",
        "64:ff9b::a9fe:a9fe", "64:ff9b::7f00:1", "64:ff9b:1::7f00:1", "::127.0.0.1", "fec0::1", "::ffff:0:127.0.0.1",
        "2001::1", "2001:db8::1", "2001:10::1", "100::1", "5f00::1", "4000::1",
    ],
)  # fmt: skip
def test_addresses_of_the_house_are_not_public(address):
    assert not is_public(address)


def test_addresses_of_the_internet_are_public():
    assert is_public("93.184.215.14")
    assert is_public("2606:2800:21f:cb07:6820:80da:af6b:8b2c")
    assert is_public("64:ff9b::5db8:d70e"), "NAT64 of the first"
    assert fault_of("https://shop.example/hooks?a=1", may_be_private=False) == ""


def test_patience_grows_to_an_hour():
    pauses = [pause_after(n).total_seconds() for n in (1, 2, 3, 8, 500)]
    assert pauses == [30, 60, 120, 3600, 3600]
    assert timezone.now() + pause_after(10_000) > timezone.now()


@pytest.fixture
def sink():
    server = Sink(Script())
    with serving(server):
        yield server


@pytest.fixture
def write(company, sink):
    """Queue a letter to this address, handed over to the sink; its delivery."""
    Channel.objects.filter(is_default=True).update(host="127.0.0.1", port=sink.port)

    def write(address):
        letter = Letter(
            dedupe_key=f"v1:test:{address}",
            kind="letter",
            customer_id=None,
            language="en",
            to=(address,),
            subject="An order",
            text="Dear customer,\n\nthank you.\n",
            useless_after=timezone.now() + dt.timedelta(days=30),
        )
        return queue(prepare([letter]).ready)[letter.dedupe_key].deliveries.get()

    return write


def told_of_letters():
    return sorted(Notice.objects.order_by("pk").values_list("event", flat=True))


def test_what_becomes_of_letters_is_told_once_also_when_they_wait_for_a_person(write, ada):
    for behaviour in ("dot-close-taken", "rcpt-550"):
        write(f"{behaviour}+1@sink.example")
    deliver_due()
    Notice.objects.all().delete()
    subscribe("https://erp.example/hook", ["messages"], by=ada)
    Attempt.objects.update(ended_at=timezone.now() - dt.timedelta(hours=1))
    Delivery.objects.update(
        permit_at=F("permit_at") - dt.timedelta(hours=1), ended_at=F("ended_at") - dt.timedelta(hours=1)
    )
    assert notice_due() == 0  # it was so before anybody asked

    for behaviour in ("ok", "dot-close-taken", "rcpt-550", "held", "late"):
        write(f"{behaviour}+2@sink.example")
    Message.objects.filter(deliveries__recipient__startswith="held").update(sha256="0" * 64)
    Delivery.objects.filter(recipient__startswith="late").update(expires_at=timezone.now())
    deliver_due()
    assert notice_due() == 5
    assert told_of_letters() == [
        "letters.accepted", "letters.expired", "letters.held", "letters.rejected", "letters.unknown",
    ]  # fmt: skip
    assert notice_due() == 0


def test_a_letter_whose_worker_died_is_told_as_uncertain(write, ada):
    subscribe("https://erp.example/hook", ["messages"], by=ada)
    delivery = write("ada@sink.example")
    long_ago = timezone.now() - dt.timedelta(hours=1)
    Delivery.objects.filter(pk=delivery.pk).update(
        state=State.HANDING_OVER, lease_token="dead-1", held_by="elsewhere/1/1/1#1", held_until=long_ago,
        leased_at=long_ago, permit_at=long_ago, permit_seq=1, attempts=1,
    )  # fmt: skip
    assert reap() == 1
    assert notice_due() == 1
    assert told_of_letters() == ["letters.unknown"]
