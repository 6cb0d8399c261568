"""Whatever stands in addresses, queries, forms, heads and bodies: no answer is a fault of ours."""

import socket
from collections.abc import Iterator
from contextlib import suppress

import schemathesis
from hypothesis import given
from schemathesis import GenerationMode

from depesa.api.models import Scope
from depesa.api.services import make_token
from depesa.api.tests.test_schema import CHECKS, SETTINGS, can_be_wrong
from depesa.emails.tests.test_injection import VALUES
from depesa.staff.models import User
from tests.attacks.stand import Browser, Stand, attack
from tests.test_hostile_values import IN_FORMS, IN_PATHS, IN_QUERIES, names_read_by
from tests.test_policy import ALL, BY_TOKEN

OURS = [each for each in ALL if not each.is_foreign and each not in BY_TOKEN]
MORE = ["\udcff", "-1", "1e999999", "\u202e", "x" * 60_000, "[]", "../../etc/passwd", *VALUES[:10]]
ENDS = ("/removal/", "/revoking/", "/password/", "/emptying/")  # asked last: they take away what others stand on


@attack
def addresses_and_queries(stand: Stand) -> Iterator[str]:
    """Every hole of every address, and every word that a page reads from a query, with hostile values."""
    admin = stand.browser("admin")
    for each in OURS:
        holes = [
            (each.with_hole(hole, text), None) for hole in each.holes for text in IN_PATHS.get(each.holes[hole], [])
        ]
        queries = [(each.url, dict.fromkeys(names_read_by(each), text)) for text in (*IN_QUERIES, *MORE[:4])]
        for url, data in [*holes, *queries]:
            if (answer := _answered(admin, url, data)).startswith("5"):
                yield f"{url[:80]} {str(data)[:60]}: {answer}"


@attack
def fields_of_forms(stand: Stand) -> Iterator[str]:
    """Every field that a form reads, at every address, by an administrator, a customer and a stranger."""
    admin, people = stand.browser("admin"), [stand.shopper("ada@sroub.example"), stand.stranger()]
    for each in sorted(OURS, key=lambda it: it.url.endswith(ENDS)):
        browsers = people if each.name.startswith("shop:") else [admin]
        for text in (*IN_FORMS, *MORE):
            for browser in browsers:
                status = browser.post(each.url, dict.fromkeys(names_read_by(each), text[:20_000])).status
                if status >= 500:
                    yield f"{each.url} {text[:20]!r}: {status}"


@attack
def heads_and_bytes(stand: Stand) -> Iterator[str]:
    """Odd methods, paths, encodings, heads, cookies and bodies, byte by byte; the pages answer afterwards."""
    cookie = "; ".join(f"{name}={value}" for name, value in stand.browser("admin").cookies.items())
    heads = [
        "GET /%00 HTTP/1.1",
        "GET /%ff%fe/ HTTP/1.1",
        "GET /..%2f..%2fetc/passwd HTTP/1.1",
        "GET /static/../../etc/passwd HTTP/1.1",
        "GET /static/%2e%2e/%2e%2e/settings.py HTTP/1.1",
        "GET http://evil.example/ HTTP/1.1",
        "GET //evil.example// HTTP/1.1",
        "TRACE / HTTP/1.1",
        "CONNECT evil.example:80 HTTP/1.1",
        "OPTIONS * HTTP/1.1",
        "PROPFIND / HTTP/1.1",
        "GET / HTTP/3.0",
        f"GET /{'x' * 60_000} HTTP/1.1",
        "GET /orders/?q=%ff%fe HTTP/1.1",
        "GET /orders/?" + "a&" * 30_000 + " HTTP/1.1",
        "POST /account/login/ HTTP/1.1\r\nContent-Length: 5\r\nTransfer-Encoding: chunked",
        "POST / HTTP/1.1\r\nContent-Length: -1",
        "POST / HTTP/1.1\r\nTransfer-Encoding: chunked, identity",
        "POST / HTTP/1.1\r\nContent-Length: 99999999999999999999",
        f"GET / HTTP/1.1\r\nCookie: {'a=b; ' * 5000}",
        "GET / HTTP/1.1\r\nCookie: sessionid=\x00\xff; csrftoken=\x00",
        "GET /orders/ HTTP/1.1\r\nAccept-Language: " + "x-," * 3000,
        "GET / HTTP/1.1\r\nX-HTTP-Method-Override: DELETE",
        "GET / HTTP/1.1\r\nIf-Modified-Since: 99999999999999999999",
        "GET /orders/ HTTP/1.1\r\nHX-Target: \xff\x00\r\nHX-Request: true",
        "GET /catcher/1/source/ HTTP/1.1\r\nRange: bytes=-999999999999,5-1",
        "POST /account/login/ HTTP/1.1\r\nContent-Type: " + "x" * 9000,
        "POST /account/login/ HTTP/1.1\r\nContent-Type: application/x-www-form-urlencoded; charset=utf-7",
        "POST /account/login/ HTTP/1.1\r\nContent-Type: text/html; charset=\xff\r\nContent-Length: 3",
        "\x16\x03\x01\x02",
        "",
    ]
    for head in heads:
        for who in ("", f"\r\nCookie: {cookie}"):
            asked = (
                f"{head}{who}\r\nHost: 127.0.0.1:{stand.port}\r\nConnection: close\r\n\r\nabc"
                if " HTTP" in head
                else head
            )
            answer = _said(stand, asked.encode("latin-1"))
            if (
                (answer.split(b" ")[1:2] and answer.split(b" ")[1].startswith(b"5"))
                or b"root:" in answer
                or b"Traceback" in answer
            ):
                yield f"{head[:80]!r}: {answer[:200]!r}"
            if head.startswith("TRACE") and cookie.encode() in answer:
                yield "TRACE echoes the cookie"
    if (status := stand.stranger().get("/account/login/").status) != 200:
        yield f"afterwards the pages answer {status}"


@attack
def requests_of_programs(stand: Stand) -> Iterator[str]:
    """Schemathesis over the API: every operation, right and wrong; each answer is one of its description."""
    token = make_token("schema", scopes=Scope.values, by=User.objects.get(username="ada"))[1]
    schema = schemathesis.openapi.from_url(f"{stand.desk.url}/api/v1/openapi.json")
    through: list[str] = []
    for found in schema.get_all_operations():
        operation = found.ok()
        for mode in [GenerationMode.POSITIVE, *([GenerationMode.NEGATIVE] if can_be_wrong(operation) else [])]:

            @given(case=operation.as_strategy(generation_mode=mode))
            @SETTINGS
            def walk(case):
                next(stand.requests)
                try:
                    case.call_and_validate(checks=CHECKS, headers={"Authorization": f"Bearer {token}"})
                except Exception as problem:  # noqa: BLE001 - many kinds, each a finding
                    through.append(f"{case.method} {case.path}: {str(problem)[:200]}")

            walk()
    yield from through


def _answered(browser: Browser, url: str, data: dict[str, str] | None) -> str:
    try:
        return str(
            browser.get(
                url,
                {name: text[:2000].encode("utf-8", "surrogatepass") for name, text in data.items()} if data else None,
            ).status
        )
    except OSError as problem:
        return f"5xx, no answer: {problem!r}"


def _said(stand: Stand, words: bytes) -> bytes:
    answer = b""
    next(stand.requests)
    with suppress(OSError), socket.create_connection(("127.0.0.1", stand.port), 10) as connection:
        connection.settimeout(3)
        connection.sendall(words)
        while more := connection.recv(65536):
            answer += more
    return answer
