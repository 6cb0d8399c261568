"""What was typed once and stands in many places: markup in pages, formulas in files, line breaks in letters."""

import csv
import io
import re
import time
from collections.abc import Iterator
from email import message_from_bytes, policy

import openpyxl
from django.apps import apps
from django.db import DatabaseError, models, transaction

from depesa.catcher.models import CaughtLetter
from depesa.emails.tests.test_injection import VALUES
from depesa.orders.models import Order
from depesa.ui.tests.test_exports import FORMULAS, HIDDEN
from tests.attacks.stand import Stand, attack, wait_until
from tests.test_policy import ALL

RAW = "\"'><script>x9z(1)</script><img src=x onerror=x9z(2)>{{x9z}}"
NOT_TYPED = re.compile(
    r"^(password|username|digest|sha256|token|key|nonce|secret|codename|session_key|event|subject_key|code|kind|type|state"
    r"|currency|language|country|colour|media_type|direction|policy|role|origin|time_zone|lease_token|held_by|.*_key|hash"
    r"|content_hash|profile|separator|encoding|host|security|model|app_label|source|theme|message_id|date_order|sign)$"
)
MADE_BY_US = {("imports", "problem"), ("triggers", "subject"), ("outbox", "identity")}  # nobody can write there
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ROWS = 3  # of each table that are written to
HEADERS = {"Content-Security-Policy", "X-Content-Type-Options", "Referrer-Policy", "X-Frame-Options", "Cache-Control"}
KNOWN = {
    "from",
    "to",
    "cc",
    "reply-to",
    "subject",
    "date",
    "message-id",
    "mime-version",
    "content-type",
    "received",
    "content-transfer-encoding",
    "auto-submitted",
    "in-reply-to",
    "references",
    "x-auto-response-suppress",
    "precedence",
    "list-unsubscribe",
    "list-unsubscribe-post",
    "feedback-id",
    "return-path",
    "x-peer",
}
LETTER = "ona@azuolas.example"


@attack
def headers_of_letters(stand: Stand) -> Iterator[str]:
    """Line breaks and other headers in subjects, names and addresses of letters that leave."""
    order, ben = Order.objects.filter(removed_at=None).first(), stand.browser("ben")
    page, before = f"/orders/{order.pk}/letters/new/sending/", CaughtLetter.objects.count()
    sent = 0
    for value in [
        *VALUES,
        "x\r\nBcc: x@evil.example",
        "x\nX-Evil: 1",
        "x\r\n\r\nbody",
        "x\x85X-Evil: 1",
        "x\u2028X-Evil: 1",
        "\0",
    ]:
        for fields in ({"subject": value}, {"to": f"{value} <{LETTER}>"}, {"cc": value}):
            answer = ben.post(page, {"to": LETTER, "subject": "Honest", "body": "x", "cc": "", "seen": SEEN, **fields})
            sent += answer.status == 302
            if answer.status >= 500:
                yield f"{fields}: {answer.status}"
    Order.objects.filter(pk=order.pk).update(name="x\r\nBcc: x@evil.example")
    sent += ben.post(page, {"to": order.email, "subject": "Honest", "body": "x", "cc": "", "seen": SEEN}).status == 302
    if sent < 50:
        yield f"it was not tried: only {sent} letters were sent"
    wait_until(lambda: CaughtLetter.objects.count() >= before + sent, 60)
    time.sleep(1)
    for caught in CaughtLetter.objects.all()[before:]:
        letter = message_from_bytes(bytes(caught.content), policy=policy.default)
        if strange := {name.lower() for name in letter} - KNOWN:
            yield f"letter {caught.pk} has {strange}"
        if any("evil" in recipient for recipient in caught.recipients):
            yield f"letter {caught.pk} went to {caught.recipients}"


@attack
def markup_in_rows(stand: Stand) -> Iterator[str]:
    """A script in every field that somebody types, of every table, then every page by an administrator: none raw."""
    written = _write_everywhere(RAW)
    if written < 200:
        yield f"it was not tried: only {written} fields were written"
    admin, keys = stand.browser("admin"), _keys()
    for url in _pages(keys):
        answer = admin.get(url)
        kind = answer.headers.get("Content-Type", "")
        if answer.status >= 500:
            yield f"{url}: {answer.status}"
        if "html" in kind and re.search(r"<script>x9z|<img src=x onerror|\" ?'><", answer.text):
            yield f"{url}: raw"
        if answer.status == 200 and "html" in kind and (missing := HEADERS - set(answer.headers)):
            yield f"{url}: without {', '.join(missing)}"


@attack
def formulas_in_files(stand: Stand) -> Iterator[str]:
    """Formulas in the same fields, then every list as CSV and as a workbook, read back: no formula."""
    admin, files = stand.browser("admin"), 0
    for formula in (FORMULAS[0], FORMULAS[3], HIDDEN[0], HIDDEN[4], HIDDEN[7], HIDDEN[8]):
        _write_everywhere(formula)
        for each in ALL:
            for kind in ("csv", "xlsx"):
                answer = admin.get(each.url, {"file": kind})
                if answer.status >= 500:
                    yield f"{each.url}?file={kind}: {answer.status}"
                if answer.headers.get("Content-Type", "").split(";")[0] not in ("text/csv", WORKBOOK):
                    continue
                files += 1
                found = _formulas_of_csv(answer.text) if kind == "csv" else _formulas_of_workbook(answer.content)
                yield from (f"{each.url}?file={kind}: {cell!r}" for cell in found)
    if files < 60:
        yield f"it was not tried: there were {files} files"


SEEN = [
    "stranger",
    "attached",
    "recently",
    "same-document",
    "blocked",
    "refused",
    "language",
    "gmail",
    "suspect",
    "odd",
]


def _write_everywhere(text: str) -> int:
    """Write this into every field that people type, in the first rows of every table; how many were written."""
    written = 0
    for model in apps.get_models():
        keys = list(model._base_manager.order_by("pk").values_list("pk", flat=True)[:ROWS])
        for name, value in _typed_fields(model, text):
            for key in keys:
                try:
                    with transaction.atomic():
                        written += model._base_manager.filter(pk=key).update(**{name: value})
                except (DatabaseError, ValueError, TypeError):
                    pass  # the database keeps it out
    return written


def _typed_fields(model: type[models.Model], text: str) -> Iterator[tuple[str, object]]:
    for field in model._meta.concrete_fields:
        if (
            (model._meta.app_label, field.name) in MADE_BY_US
            or NOT_TYPED.match(field.name)
            or field.primary_key
            or field.choices
            or not model.__module__.startswith("depesa.")
        ):
            continue
        if isinstance(field, models.CharField | models.TextField) and not isinstance(field, models.SlugField):
            yield field.name, text[: field.max_length or 1000]
        elif isinstance(field, models.JSONField) and field.name in ("names", "descriptions", "terms"):
            yield field.name, dict.fromkeys(("en", "cs", "lt"), text)


def _keys() -> dict[str, list[int]]:
    """The first rows of each app, for addresses with a key in them."""
    return {
        model._meta.app_label: list(model._base_manager.order_by("pk").values_list("pk", flat=True)[:ROWS])
        for model in apps.get_models()
        if model.__module__.startswith("depesa.")
    }


def _pages(keys: dict[str, list[int]]) -> Iterator[str]:
    for each in ALL:
        yield each.url
        if "key" in each.holes.values() and "/1/" in each.url:
            yield from (each.url.replace("/1/", f"/{key}/") for key in range(2, 2 + ROWS))


def _formulas_of_csv(text: str) -> list[str]:
    cells = [cell for row in csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline="")) for cell in row]
    begins = re.compile(r"^[\s\u00a0\u2000-\u200f\u202a-\u202e\ufeff\x00-\x1f]*[=+\-@＝＋－＠]")
    return [cell for cell in cells if begins.match(cell) and not re.fullmatch(r"-?[\d.]+", cell)]


def _formulas_of_workbook(content: bytes) -> list[str]:
    book = openpyxl.load_workbook(io.BytesIO(content))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    return [str(cell.value) for cell in cells if cell.data_type == "f" or cell.hyperlink]
