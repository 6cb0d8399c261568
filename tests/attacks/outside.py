"""What comes from outside and what goes there: letters by SMTP, webhooks, subscribers that answer slowly."""

import smtplib
import socket
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

from depesa.api.models import Subscription
from depesa.api.tests import test_webhooks as webhooks
from depesa.catcher.models import CaughtLetter
from depesa.mail.tests import test_mail as letters
from tests.attacks.stand import Stand, attack, wait_until
from tests.chromium import find
from tests.faults.database import FILE, copy, environment, python
from tests.journeys.conftest import ARGUMENTS
from tests.test_policy import OURS

LONGEST = 30  # seconds for a subscriber and a page
NAMES = [
    "localhost",
    "LOCALHOST.",
    "127.1",
    "0x7f.1",
    "2130706433",
    "0177.0.0.1",
    "[::ffff:a00:1]",
    "127.0.0.1.nip.example",
    "user@127.0.0.1",
    "127.0.0.1#@evil.example",
    "①②⑦.⓪.⓪.①",
    "metadata.google.internal",
]
SLOW = """
import time
from depesa.api.services import calls, notice_due, subscribe
from depesa.history.services import Fact, link_due, record
from depesa.staff.models import User
subscribe({url!r}, ["orders"], by=User.objects.get(username="ada"))
record([Fact(event="orders.paid", subject="order:1", after={{"paid_at": "2026-01-01"}})])
link_due(); notice_due()
began = time.monotonic(); calls.call_due(); print(time.monotonic() - began)
"""
CALLS = """<html><head>{heads}</head><body background="{url}bg" style="background:url({url}css)">
<img src="{url}img" srcset="{url}set 2x">
<picture><source srcset="{url}source"></picture><iframe src="{url}frame"></iframe>
<object data="{url}object"></object><embed src="{url}embed">
<video src="{url}video" poster="{url}poster" autoplay></video>
<audio src="{url}audio" autoplay></audio><input type="image" src="{url}input">
<form action="{url}form"><button>x</button></form>
<svg><image href="{url}svg"/><use href="{url}use#x"/></svg><table background="{url}table"><td>x</table>
<script src="{url}script"></script><script>fetch("{url}fetch"); navigator.sendBeacon("{url}beacon")</script>
<style>@import "{url}import"; @font-face {{ font-family: x; src: url({url}font) }} p {{ font-family: x }}</style>
<p>x</p>
<a href="{url}link" ping="{url}ping">x</a><body onload="location='{url}onload'">"""
HEADS = [
    "stylesheet",
    "preload",
    "prefetch",
    "preconnect",
    "dns-prefetch",
    "modulepreload",
    "icon",
    "manifest",
    "prerender",
]


@attack
def addresses_inside(stand: Stand) -> Iterator[str]:
    """Webhooks to addresses of the house in every spelling, and to the metadata of clouds."""
    inner = _cases(webhooks.test_addresses_of_the_house_are_not_public)
    hosts = [f"[{it}]" if ":" in it else it for it in inner] + NAMES
    browser, page = stand.browser("admin"), "/settings/api/webhooks/new/"
    if browser.post(page, {"url": "https://shop.example/", "topics": ["orders"]}).status >= 400:
        yield "it was not tried: an honest address was refused"
    for host in hosts:
        for url in (f"https://{host}/", f"https://{host}:8443/x", f"http://{host}/"):
            answer = browser.post(page, {"url": url, "topics": ["orders"]})
            if answer.status >= 500:
                yield f"{url}: {answer.status}"
    resolved = [url for url in Subscription.objects.values_list("url", flat=True) if not _is_a_name(url)]
    yield from (f"{url} was taken" for url in resolved)


@attack
def subscribers_that_answer_slowly(stand: Stand) -> Iterator[str]:
    """Subscribers that answer a byte now and then, headers without end, and nothing: how long the caller is held."""
    for first, rest, scheme in webhooks.SLOW.values():
        with tempfile.TemporaryDirectory() as folder, _dribbling(first, rest) as port:
            copy(stand.desk.file, Path(folder, FILE))
            env = environment(Path(folder), f"sqlite:///{folder}/{FILE}", DEPESA_WEBHOOKS_PRIVATE="True")
            done = python(env, SLOW.format(url=f"{scheme}://localhost:{port}/hook"))
            if done.returncode or float(done.stdout) > LONGEST:
                yield f"{first!r}: {done.stdout or done.stderr[-200:]} s"


@attack
def letters_that_are_none(stand: Stand) -> Iterator[str]:
    """Broken, endless and dishonest letters by SMTP; their pages are read, and an honest letter is taken afterwards."""
    contents = [
        *_cases(letters.test_hostile_letters_are_read_quickly_and_never_fail),
        *_cases(letters.test_104_dishonest_letters_are_not_taken_apart),
    ]
    for content in contents:
        before = CaughtLetter.objects.count()
        with suppress(smtplib.SMTPException), smtplib.SMTP("127.0.0.1", stand.desk.catcher_port) as connection:
            connection.sendmail("x@evil.example", ["shop@vaivorykste.example"], content)
        if CaughtLetter.objects.count() == before:
            continue  # refused
        key = CaughtLetter.objects.latest("pk").pk
        for page in (each.url for each in OURS if each.url.startswith("/catcher/1/")):
            began = time.monotonic()
            answer = stand.browser("cleo").get(page.replace("/1/", f"/{key}/", 1))
            if answer.status >= 500 or time.monotonic() - began > LONGEST:
                yield f"{page}: {answer.status} {content[:30]!r}"
    if (status := stand.browser("cleo").get("/catcher/").status) != 200:
        yield f"/catcher/: {status}"


@attack
def conversations_out_of_turn(stand: Stand) -> Iterator[str]:
    """SMTP out of turn: smuggled ends, pipelines, long lines, silence of 200 at once; then one honest letter."""
    said = [
        b"MAIL FROM:<a@b>\r\nDATA\r\n",
        b"EHLO x\r\n" * 5000,
        b"EHLO " + b"x" * 1_000_000 + b"\r\n",
        b"\0" * 100_000,
        b"\r\n" * 100_000,
        b"EHLO x\r\nMAIL FROM:<a@b>\r\nRCPT TO:<c@d>\r\nDATA\r\nx\n.\nMAIL FROM:<evil@x>\r\n.\r\nQUIT\r\n",
        b"EHLO x\r\nMAIL FROM:<a@b>\r\n" + b"RCPT TO:<c@d>\r\n" * 20_000 + b"DATA\r\nx\r\n.\r\nQUIT\r\n",
        b"EHLO x\r\nMAIL FROM:<a@b> SIZE=99999999999999\r\n",
        b"GET / HTTP/1.1\r\n\r\n",
        b"EHLO x\r\nAUTH PLAIN AGEAYg==\r\nVRFY root\r\n",
    ]
    for words in said:
        with suppress(OSError), socket.create_connection(("127.0.0.1", stand.desk.catcher_port), 10) as connection:
            connection.settimeout(3)
            connection.sendall(words)
            while connection.recv(65536):
                pass
    if any("evil@x" in text for text in CaughtLetter.objects.values_list("envelope_from", flat=True)):
        yield "a letter was smuggled in"
    held = [socket.create_connection(("127.0.0.1", stand.desk.catcher_port), 10) for _ in range(200)]
    before = CaughtLetter.objects.count()
    for connection in held:
        connection.close()
    with smtplib.SMTP("127.0.0.1", stand.desk.catcher_port, timeout=LONGEST) as connection:
        connection.sendmail("ben@b.example", ["ada@b.example"], b"Subject: honest\r\n\r\nx")
    if CaughtLetter.objects.count() == before:
        yield "an honest letter was not taken"


@attack
def letters_that_call_home(stand: Stand) -> Iterator[str]:
    """A letter with thirty ways of telling that it is looked at, in a browser: connections that were made."""
    path = find()
    if not path:
        yield "it was not tried: there is no Chromium; run python -m tests.chromium"
        return
    with _listening() as (port, calls):
        url = f"http://127.0.0.1:{port}/"
        heads = "".join(f'<link rel="{rel}" href="{url}{rel}" as="image">' for rel in HEADS)
        heads += f'<meta http-equiv="refresh" content="0;url={url}meta"><base href="{url}">'
        content = "MIME-Version: 1.0\r\nContent-Type: text/html\r\nSubject: x\r\n\r\n" + CALLS.format(
            heads=heads, url=url
        )
        with smtplib.SMTP("127.0.0.1", stand.desk.catcher_port) as connection:
            connection.sendmail("x@evil.example", ["shop@vaivorykste.example"], content)
        key, cookies = CaughtLetter.objects.latest("pk").pk, stand.browser("cleo").cookies
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
            context = browser.new_context()
            context.add_cookies(
                [{"name": name, "value": value, "url": stand.desk.url} for name, value in cookies.items()]
            )
            page = context.new_page()
            page.goto(url)  # so that it is known to hear
            wait_until(lambda: calls, 10)
            page.wait_for_timeout(1000)  # it asks for the icon, too
            heard = len(calls)
            for shown in (f"/catcher/{key}/", f"/catcher/{key}/html/"):
                page.goto(stand.desk.url + shown)
                page.wait_for_timeout(3000)
            browser.close()
        if not heard:
            yield "it was not tried: the listener hears nothing"
        yield from (f"{it!r}" for it in calls[heard:])


def _cases(test: Any) -> list[Any]:
    """The values with which a test of the suite is tried."""
    (mark,) = (each for each in test.pytestmark if each.name == "parametrize")
    return [each.values[0] if hasattr(each, "values") else each for each in mark.args[1]]


def _is_a_name(url: str) -> bool:
    """Whether only the one who calls can know where it leads."""
    return any(name in url for name in ("nip.example", "google.internal", "shop.example"))


@contextmanager
def _dribbling(first: bytes, rest: bytes) -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as door:

        def answer() -> None:
            with suppress(OSError):
                while True:
                    connection, _from = door.accept()
                    threading.Thread(target=webhooks.dribble, args=(connection, first, rest), daemon=True).start()

        threading.Thread(target=answer, daemon=True).start()
        yield door.getsockname()[1]
        door.shutdown(socket.SHUT_RDWR)


@contextmanager
def _listening() -> Iterator[tuple[int, list[bytes]]]:
    """A port that keeps the first words of whoever connects, and the list of them."""
    calls: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as door:

        def hear() -> None:
            with suppress(OSError):
                while True:
                    connection, _from = door.accept()
                    with closing(connection):
                        connection.settimeout(2)
                        calls.append(b"a connection")
                        with suppress(OSError):
                            calls[-1] = connection.recv(200).split(b"\r\n")[0] or calls[-1]
                            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")

        threading.Thread(target=hear, daemon=True).start()
        yield door.getsockname()[1], calls
        door.shutdown(socket.SHUT_RDWR)
