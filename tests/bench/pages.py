"""How long the pages take with much in the database: CPU time of this process and queries, as a table in Markdown.

python -m tests.bench.pages                        5,000 customers, 50,000 documents, 500 letters
python -m tests.bench.pages --customers 100000 --documents 1000000 --statements 10000
python -m tests.bench.pages --folder DIR ...       keep the database there, or use the one that is there

SQLite, made by the database itself: documents by one statement, letters as rows; nothing is rendered or sent.
"""

import argparse
import datetime as dt
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, Final


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--customers", type=int, default=5000)
    parser.add_argument("--documents", type=int, default=50000)
    parser.add_argument("--statements", type=int, default=0, help="of the month; a tenth of the customers")
    parser.add_argument("--folder", type=Path, help="of the database")
    parser.add_argument("--times", type=int, default=7)
    parser.add_argument("--only", default="", help="a part of the page's name")
    return parser.parse_args()


OPTIONS: Final = _options()
_TEMPORARY: Final = None if OPTIONS.folder else tempfile.TemporaryDirectory(prefix="depesa-pages-")
FOLDER: Final = Path(OPTIONS.folder or _TEMPORARY.name)
FOLDER.mkdir(parents=True, exist_ok=True)
os.environ |= {
    "DJANGO_SETTINGS_MODULE": "depesa.config.settings",
    "DEPESA_DATA_DIR": str(FOLDER),
    "DEPESA_DATABASE_URL": f"sqlite:///{FOLDER / 'pages.sqlite3'}",
    "DEPESA_LOG_LEVEL": "WARNING",
}

import django

django.setup()

from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from tests.bench.seed import MONTH, seed

from depesa.core.tables import update_rows
from depesa.customers.models import Customer
from depesa.documents.models import Document
from depesa.operations.models import Operation
from depesa.outbox.models import Attempt, Channel, Delivery, Message, State
from depesa.staff.models import User
from depesa.statements.models import Statement
from depesa.statements.services import form

A_STATEMENT: Final = 10  # documents
SIZE: Final = 2000

# Waybills of the two years before the month, every customer in turn.
_DOCUMENTS: Final = """
INSERT INTO documents_document (type, number, number_key, customer_id, document_on, month, currency, net, vat, gross,
    rates, lines, posting, version, content_hash, created_at)
WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < %(count)s),
    dated AS (SELECT i, 2024 + i / 12 %% 2 AS year, 1 + i %% 12 AS month, 1 + i %% 28 AS day FROM n)
SELECT 'waybill', 'WB-' || i, 'wb-' || i, %(first)s + i %% %(customers)s, printf('%%d-%%02d-%%02d', year, month, day),
    year * 100 + month, 'EUR', 1000000, 210000, 1210000, '[["21","100","21"]]', '[]', 'posted', 1, '', %(now)s
FROM dated
"""


def fill() -> None:
    """Customers, documents, and a month whose letters were all accepted."""
    statements = OPTIONS.statements or OPTIONS.customers // 10
    with transaction.atomic():
        seed(customers=statements, documents=A_STATEMENT)
        seed_more(OPTIONS.customers - statements, after=statements)
        count = OPTIONS.documents - statements * A_STATEMENT
        first = Customer.objects.order_by("pk").values_list("pk", flat=True)[0]
        now = timezone.now()
        words = {"count": count, "first": first, "customers": OPTIONS.customers, "now": now}
        with connection.cursor() as cursor:
            cursor.execute(_DOCUMENTS, words)
    ben = User.objects.create_user("ben", password=None, name="Ben", role="manager")
    form(MONTH, by=ben)
    with transaction.atomic():
        send_all(ben)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def seed_more(count: int, *, after: int) -> None:
    """Customers who buy nothing in the month."""
    for start in range(after, after + count, SIZE):
        numbers = range(start, min(start + SIZE, after + count))
        Customer.objects.bulk_create(
            Customer(code=f"B{n:07}", name=f"Klientas {n} UAB", city="Vilnius", email=f"c{n}@sink.example")
            for n in numbers
        )


def send_all(ben: User) -> None:
    """Every statement made, posted and accepted, as rows."""
    now, channel = timezone.now(), Channel.objects.filter(is_default=True)[0]
    Statement.objects.update(state="ready", rendered_at=now - dt.timedelta(hours=1))
    rows = list(Statement.objects.defer("sheet").select_related("operation").order_by("pk"))
    for start in range(0, len(rows), SIZE):
        chunk = rows[start : start + SIZE]
        letters = Message.objects.bulk_create(_message(row, channel, now) for row in chunk)
        copies = Delivery.objects.bulk_create(
            Delivery(
                message=letter,
                channel=channel,
                recipient=row.operation.addresses or "nobody@sink.example",
                state=State.ACCEPTED,
                next_attempt_at=now,
                expires_at=now,
                attempts=1,
                permit_seq=1,
                permit_at=now,
                accepted_at=now - dt.timedelta(hours=1, seconds=-(letter.pk // 10)),
            )
            for row, letter in zip(chunk, letters, strict=True)
        )
        Attempt.objects.bulk_create(_attempt(copy, now) for copy in copies)
        posted = connection.ops.adapt_datetimefield_value(now)
        update_rows(
            Operation,
            ["posting", "posted_at", "posted_by", "posting_count", "message"],
            [
                ("posted", posted, ben.pk, 1, letter.pk, row.operation_id)
                for row, letter in zip(chunk, letters, strict=True)
            ],
        )


def _message(row: Statement, channel: Channel, now: dt.datetime) -> Message:
    return Message(
        dedupe_key=f"bench:{row.pk}",
        message_id=f"<{row.pk}@bench.example>",
        customer_id=row.customer_id,
        channel=channel,
        kind="statement",
        subject=row.operation.subject,
        sender="desk@vaivorykste.example",
        envelope_from="desk@vaivorykste.example",
        skeleton=b"",
        sha256=f"{row.pk:064x}",
        size=1,
        sealed_at=now,
        useless_after=now + dt.timedelta(days=14),
    )


def _attempt(copy: Delivery, now: dt.datetime) -> Attempt:
    return Attempt(
        delivery=copy,
        number=1,
        token=f"bench{copy.pk}",
        worker="bench",
        started_at=now,
        permit_seq=1,
        permit_at=now,
        phase="reply",
        code=250,
        text=f"2.0.0 Ok: queued as {copy.pk:010X}",
        host="mail.example",
        outcome=State.ACCEPTED,
        ended_at=now,
    )


LIVE: Final = {"HTTP_HX_REQUEST": "true"}


def pages() -> list[tuple[str, str, dict[str, str]]]:
    """Name, address and headers of every page that is timed."""
    run, operation = f"/runs/{MONTH}/", Operation.objects.filter(message__isnull=False).order_by("pk")[0]
    customer = Customer.objects.get(pk=operation.customer_id)
    found: list[tuple[str, str, dict[str, str]]] = [
        ("start", "/", {}),
        ("start, the month", "/start/month/", LIVE),
        ("months", "/runs/", {}),
        ("a month", run, {}),
        ("a month, alive", f"{run}live/", LIVE),
        ("a month, its table", run, LIVE | {"HTTP_HX_TARGET": "list"}),
        ("a month, searched", f"{run}?q=Klientas+Sviesa+99", {}),
        ("operations", "/operations/", {}),
        ("operations, searched", "/operations/?q=Klientas+Sviesa+99", {}),
        ("an operation", operation.get_absolute_url(), {}),
        ("letters", "/letters/", {}),
        ("documents", "/documents/", {}),
        ("customers", "/customers/", {}),
        ("customers, of a kind", "/customers/?kind=company", {}),
        ("a customer", customer.get_absolute_url(), {}),
        ("a customer, figures", f"/documents/of-customer/{customer.pk}/figures/", LIVE),
        ("a customer, trade", f"/documents/of-customer/{customer.pk}/trade/", LIVE),
        ("a customer, documents", f"/documents/of-customer/{customer.pk}/", LIVE),
        ("a customer, orders", f"/orders/of-customer/{customer.pk}/", LIVE),
        ("a customer, timeline", f"/timeline/customer:{customer.pk}/", LIVE),
        ("history", "/history/", {}),
        ("history, of a customer", f"/history/?customer={customer.code}", {}),
        ("history, of what never was", "/history/?what=orders.placed", {}),
        ("history, through what never was", "/history/?through=gateway", {}),
        ("history, from a day", f"/history/?from={timezone.localdate()}", {}),
    ]
    return [page for page in found if OPTIONS.only in page[0]]


def measure(client: Client, url: str, headers: dict[str, str]) -> tuple[float, int, int]:
    """CPU in milliseconds (the median), queries, bytes."""

    def ask() -> Any:
        answer = client.get(url, SERVER_NAME="localhost", **headers)
        if answer.status_code != 200:
            raise SystemExit(f"{url}: {answer.status_code} {answer.headers.get('Location', '')}")
        return answer

    with CaptureQueriesContext(connection) as seen:
        size = len(ask().content)
        queries = len(seen)  # the next request forgets them
    times = []
    for _turn in range(OPTIONS.times):
        began = time.process_time()
        ask()
        times.append((time.process_time() - began) * 1000)
    return statistics.median(times), queries, size


def main() -> None:
    is_new = not (FOLDER / "pages.sqlite3").exists()
    call_command("migrate", verbosity=0)
    if is_new:
        began = time.perf_counter()
        fill()
        sys.stderr.write(f"filled in {time.perf_counter() - began:.0f} s\n")
    client = Client()
    client.force_login(User.objects.get(username="ben"))
    counts = f"{Customer.objects.count():,} customers, {Document.objects.count():,} documents"
    lines = [f"{counts}, {Statement.objects.count():,} statements in the month.", ""]
    lines += ["| page | CPU ms | queries | KiB |", "| --- | --: | --: | --: |"]
    for name, url, headers in pages():
        cpu, queries, size = measure(client, url, headers)
        lines.append(f"| {name} | {cpu:.0f} | {queries} | {size / 1024:.0f} |")
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
