"""Call subscribers: signed, in time, never into the house; what is not taken is tried again."""

import datetime as dt
import http.client
import json
import socket
import ssl
from collections import defaultdict
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from threading import Timer
from time import monotonic
from typing import Final
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from depesa.api.models import Notice, Subscription
from depesa.api.rules.addresses import is_public
from depesa.api.rules.patience import is_over, pause_after
from depesa.api.rules.signatures import HEADER, signature
from depesa.core.batches import alone
from depesa.core.edges import assert_outside_transaction
from depesa.core.leases import FREE, claimed
from depesa.core.locks import UnreadableSecret, unlock
from depesa.core.reasons import gettext as _

DEADLINE: Final = 10.0  # seconds for a call: look up the name, connect, encrypt, ask, read status and headers
AT_ONCE: Final = 50
LEASE: Final = dt.timedelta(minutes=10)  # longer than fifty who do not answer in time


_RESOLVER: Final = ThreadPoolExecutor(4, "resolver")  # a name server that says nothing cannot be hung up on


def call_due(should_stop: Callable[[], bool] = lambda: False) -> int:
    """Hand over the notices that are due, at most 50; how many were tried. A subscriber has one caller at a time."""
    assert_outside_transaction()
    now, end = timezone.now(), monotonic() + LEASE.total_seconds() - 2 * DEADLINE
    held = Notice.objects.filter(held_until__gt=now).values("subscription")
    due = Notice.objects.filter(delivered_at=None, due_at__lte=now, subscription__deactivated_at=None)
    failing: set[int] = set()
    spent: defaultdict[int, float] = defaultdict(float)
    tried = 0
    with claimed(due.exclude(subscription__in=held), AT_ONCE, LEASE) as claim:
        for notice in Notice.objects.filter(held_by=claim.token).select_related("subscription").order_by("pk"):
            if should_stop() or monotonic() > end:
                break
            tried, began = tried + 1, monotonic()
            if spent[notice.subscription_id] > DEADLINE and notice.subscription_id not in failing:
                _put_off(notice)
                continue
            # Who does not answer keeps the others waiting once, not fifty times.
            why = _("waits behind an earlier one") if notice.subscription_id in failing else _tried(notice)
            if why:
                failing.add(notice.subscription_id)
            _settle(notice, why)
            spent[notice.subscription_id] += monotonic() - began
    return tried


def _put_off(notice: Notice) -> None:
    """Others have their turn before somebody who answers slowly is told more."""
    Notice.objects.filter(pk=notice.pk).update(due_at=timezone.now() + pause_after(1), **FREE)


def _tried(notice: Notice) -> str:
    return alone(call, notice, lambda failed: failed.sentence, name=lambda notice: f"the notice {notice.key}")


def call(notice: Notice) -> str:
    """Tell the subscriber; why it was not taken, empty if it was."""
    assert_outside_transaction()
    body = json.dumps({**notice.payload, "topic": notice.topic}, ensure_ascii=False).encode()
    try:
        secret = unlock(notice.subscription.secret, "api")
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "User-Agent": "Depesa",
            "Depesa-Event": notice.event,
            "Depesa-Delivery": notice.key,
            HEADER: signature(secret, body, int(timezone.now().timestamp())),
        }
        status = _post(notice.subscription.url, body, headers)
    except UnreadableSecret as problem:
        return str(problem)
    except (OSError, http.client.HTTPException, ValueError) as problem:
        return str(problem) or type(problem).__name__
    return "" if 200 <= status < 300 else _("answered %(status)s") % {"status": status}


def _post(url: str, body: bytes, headers: dict[str, str]) -> int:
    """The status of the answer; redirects are not followed, for they could lead into the house."""
    parts = urlsplit(url)
    is_safe = parts.scheme == "https"
    port = parts.port or (443 if is_safe else 80)
    host = parts.hostname or ""
    end = monotonic() + DEADLINE
    # To the address that was looked at: a name that changes its mind meanwhile leads nowhere else.
    plain = socket.create_connection((_address(host, port), port), max(end - monotonic(), 0.01))
    connection = (http.client.HTTPSConnection if is_safe else http.client.HTTPConnection)(host, port)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    with closing(plain), closing(connection):
        connection.sock = _encrypted(plain, host) if is_safe else plain
        with _ended_at(end, connection.sock):
            if isinstance(connection.sock, ssl.SSLSocket):
                connection.sock.do_handshake()
            connection.request("POST", path, body, headers)
            return connection.getresponse().status


def _encrypted(plain: socket.socket, host: str) -> ssl.SSLSocket:
    """The same connection, on which nothing has been said yet."""
    return ssl.create_default_context().wrap_socket(plain, server_hostname=host, do_handshake_on_connect=False)


@contextmanager
def _ended_at(end: float, connection: socket.socket) -> Iterator[None]:
    """Close the socket for both sides when the time is over, whatever still comes and however slowly."""
    timer = Timer(max(end - monotonic(), 0), _hang_up, [connection])
    timer.start()
    try:
        yield
    except (OSError, http.client.HTTPException):
        if monotonic() < end:
            raise
    finally:
        timer.cancel()
    if monotonic() >= end:
        raise TimeoutError(_too_late())  # also where the end of what was read passes for the end of the headers


def _hang_up(connection: socket.socket) -> None:
    with suppress(OSError):
        socket.socket.shutdown(connection, socket.SHUT_RDWR)  # that of TLS would let the other thread go on in clear


def _too_late() -> str:
    return _("did not answer within %(n)s seconds") % {"n": int(DEADLINE)}


def _address(host: str, port: int) -> str:
    """The IP address to call; OSError unless all addresses of the name belong to the internet."""
    looked_up = _RESOLVER.submit(socket.getaddrinfo, host, port, type=socket.SOCK_STREAM)
    try:
        found = [str(info[4][0]) for info in looked_up.result(DEADLINE)]
    except TimeoutError:
        looked_up.cancel()
        raise TimeoutError(_too_late()) from None
    if not settings.DEPESA_WEBHOOKS_PRIVATE and not all(is_public(address) for address in found):
        raise OSError(_("%(host)s leads into a private network; see DEPESA_WEBHOOKS_PRIVATE") % {"host": host})
    return found[0]


def _settle(notice: Notice, why: str) -> None:
    """Keep what became of the call; who failed for 12 hours is given up, and somebody is told."""
    now = timezone.now()
    with transaction.atomic():
        subscription = Subscription.objects.select_for_update(no_key=True).filter(pk=notice.subscription_id).first()
        if subscription is None:
            return
        if not why:
            Notice.objects.filter(pk=notice.pk).update(
                delivered_at=now, attempts=notice.attempts + 1, problem="", **FREE
            )
            subscription.failing_since, subscription.problem = None, ""
        else:
            Notice.objects.filter(pk=notice.pk).update(
                due_at=now + pause_after(notice.attempts + 1),
                attempts=min(notice.attempts + 1, 1000),
                problem=why,
                **FREE,
            )
            subscription.failing_since = subscription.failing_since or now
            subscription.problem = why
            if is_over(subscription.failing_since, now):
                subscription.deactivated_at = now
        subscription.save(update_fields=["failing_since", "problem", "deactivated_at"])


def forget_notices() -> int:
    """Remove notices that were taken more than 30 days ago, at most a thousand; how many."""
    old = Notice.objects.filter(delivered_at__lt=timezone.now() - dt.timedelta(days=30))
    found = list(old.order_by("pk").values_list("pk", flat=True)[:1000])
    Notice.objects.filter(pk__in=found).delete()
    return len(found)
