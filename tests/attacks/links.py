"""One-time links that are used wrongly or read by others, and requests that say where to go on."""

import re
from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import urlsplit

from django.utils import timezone

from depesa.catcher.models import CaughtLetter
from depesa.core.tests.test_links import HOSTILE
from depesa.outbox.models import Message
from depesa.outbox.queries import sealed_bytes
from depesa.shop.models import LinkKind, OneTimeLink
from depesa.shop.services.links import token_of
from depesa.shop.tests.test_private_letters import readings
from tests.attacks.stand import SHOPPER, Browser, Stand, at_once, attack, wait_until
from tests.test_policy import ALL, OURS

NEW = "seven green stools"
BACK = ("next", "back", "to", "return", "url", "redirect_to", "path")


@attack
def links_of_letters_used_by_the_wrong_one(stand: Stand) -> Iterator[str]:
    """A link to a new password: of another kind, on a foreign host, without token, too old, four at once, twice."""
    stand.shopper("ada@sroub.example")
    token = _link_to_a_password(stand, "ada@sroub.example")
    for path in (f"/shop/en/activation/{token}/", f"/shop/en/newsletter/{token}/"):
        if stand.stranger().post(path, {"password": NEW}).status == 302:
            yield f"it opened {urlsplit(path).path.split('/')[3]}"
    page = f"/shop/en/new-password/{token}/"
    if stand.stranger().get(page, Host="evil.example").status != 400:
        yield "it was answered under a foreign host"
    if stand.stranger().post(page, {"password": NEW}, with_token=False).status != 403:
        yield "it was taken without the token of the form"
    for method in ("GET", "HEAD", "OPTIONS"):
        stand.stranger().ask(method, page)
    OneTimeLink.objects.filter(used_at=None).update(valid_until=timezone.now() - timedelta(seconds=1))
    if stand.stranger().post(page, {"password": NEW}).status == 302:
        yield "it was taken when it was too old"
    OneTimeLink.objects.filter(used_at=None).update(valid_until=timezone.now() + timedelta(minutes=5))
    browsers = [_with_token(stand) for _ in range(4)]
    answers = at_once(lambda it=it: it.post(page, {"password": NEW}) for it in browsers)
    if (worked := sum(it.status == 302 for it in answers)) != 1:
        yield f"of four at once {worked} worked"
    if stand.stranger().post(page, {"password": NEW + "x"}).status == 302:
        yield "it worked twice"
    if token in stand.desk.log.read_text():
        yield "the link stands in the log"


@attack
def links_of_letters_at_the_desk(stand: Stand) -> Iterator[str]:
    """Letters with a link to a password, an activation, the newsletter and a sender, at every page by every role."""
    stand.shopper("cleo@sroub.example")
    _link_to_a_password(stand, "cleo@sroub.example")
    before = CaughtLetter.objects.count()
    stand.stranger().post("/shop/en/registration/", {"name": "Dan", "email": "dan@sroub.example", "password": SHOPPER})
    stand.stranger().post("/shop/en/newsletter/", {"email": "dan@sroub.example"})
    stand.browser("ben").post("/settings/communication/senders/", {"address": "ceo@vaivorykste.example"})
    wait_until(lambda: CaughtLetter.objects.count() >= before + 3, 30)
    tokens = {token_of(link) for link in OneTimeLink.objects.filter(used_at=None)}
    letters = list(Message.objects.order_by("-pk")[:6])
    tokens |= {found for it in letters for found in re.findall(r"confirming/([\w:-]+)/", readings(sealed_bytes(it)))}
    caught = CaughtLetter.objects.order_by("-pk").values_list("pk", flat=True)[:6]
    for who in ("admin", "ada", "ben", "cleo"):
        for url in _pages_with_letters([it.pk for it in letters], [] if who == "admin" else list(caught)):
            answer = stand.browser(who).get(url)
            if any(token in readings(answer.content) for token in tokens):
                yield f"{who} reads it at {url}"
    log = stand.desk.log.read_text()
    yield from ("a link stands in the log" for token in tokens if token in log)
    if len(tokens) < 4:
        yield f"only {len(tokens)} links were made: nothing was tried"


@attack
def pages_that_lead_elsewhere(stand: Stand) -> Iterator[str]:
    """Whatever a request says about where to go on: at the doors every hostile address, at every other page three."""
    host = urlsplit(stand.desk.url).netloc
    doors = (
        "/account/login/",
        "/theme/",
        "/account/language/",
        "/account/reauthenticate/",
        "/shop/",
        "/operations/records/",
    )
    browsers: list[Browser] = [stand.stranger(), stand.browser("cleo")]
    asked = [(path, text) for path in doors for text in HOSTILE]
    asked += [(each.url, text) for each in ALL for text in HOSTILE[8:11]]
    for path, text in asked:
        for browser in browsers:
            data = dict.fromkeys(BACK, text[:500])
            answers = [browser.get(path, data)] + ([browser.post(path, data)] if path in doors else [])
            for answer in answers:
                if answer.status >= 500:
                    yield f"{path} {text!r}: {answer.status}"
                to = re.sub(r"[\\\t\r\n]", "/", answer.location)
                if to and (
                    to.startswith("//")
                    or urlsplit(to).netloc not in ("", host)
                    or ":" in to.split("?")[0].split("/")[0]
                ):
                    yield f"{path} {text!r}: {answer.location}"
                if answer.headers.get("Refresh"):
                    yield f"{path} {text!r}: refreshes"


@attack
def a_foreign_host(stand: Stand) -> Iterator[str]:
    """Foreign, empty and odd hosts at the doors."""
    for host in (
        "evil.example",
        "",
        "127.0.0.1@evil.example",
        "127.0.0.1.evil.example",
        "evil.example:80",
        "[::ffff:1]",
        "a b",
    ):
        for path in ("/account/login/", "/shop/en/forgotten/", "/api/v1/openapi.json"):
            answer = stand.stranger().get(path, Host=host)
            forwarded = stand.stranger().get(path, X_Forwarded_Host=host or "evil.example")
            if answer.status != 400 or (host and host in forwarded.text):
                yield f"{host!r} {path}: {answer.status}"


def _link_to_a_password(stand: Stand, email: str) -> str:
    stand.stranger().post("/shop/en/forgotten/", {"email": email})
    found = OneTimeLink.objects.filter(kind=LinkKind.PASSWORD, email=email).latest("pk")
    wait_until(lambda: [email] in CaughtLetter.objects.values_list("recipients", flat=True), 30)
    return token_of(found)


def _pages_with_letters(messages: list[int], caught: list[int]) -> Iterator[str]:
    for each in OURS:
        keys = messages if each.url.startswith("/letters/") else caught if each.url.startswith("/catcher/") else [1]
        yield from (each.url.replace("/1/", f"/{key}/", 1) for key in keys)
    yield from ("/letters/?file=csv", "/history/?file=csv", "/customers/?file=csv", "/search/?q=password")


def _with_token(stand: Stand) -> Browser:
    browser = stand.stranger()
    browser.get("/account/login/")
    return browser
