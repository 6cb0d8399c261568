"""What needs a person today, counted from indexes: fast however much is stored."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import reverse

from depesa.core.languages import period_in_words
from depesa.core.reasons import ngettext
from depesa.documents.queries import series_ending
from depesa.imports.models import BatchState, ImportBatch
from depesa.operations.models import Operation
from depesa.orders.models import Order
from depesa.orders.queries.money import look_at_money, otherwise_elsewhere
from depesa.outbox.models import State
from depesa.outbox.queries import letters_in, states_needing_person
from depesa.shop.models import Message
from depesa.statements.models import StatementRun
from depesa.statements.queries import count_segments, missing_runs, stale
from depesa.triggers.queries import count_failed

MOST = 1000  # of one kind that are counted; more are "more than 1,000"


@dataclass(frozen=True, slots=True)
class Need:
    """One thing that waits for a person: how many, what, and where it is settled."""

    key: str
    count: int
    text: str
    url: str
    icon: str
    tone: str


def needs(today: dt.date, run: StatementRun | None) -> list[Need]:
    """Everything that waits for a person, what is worst first; `run` is the newest month."""
    of_month = _statements(run) if run else ()
    found = [
        *_letters(),
        *_unwritten(),
        *_messages(),
        *_orders(today),
        *_months(today),
        *of_month,
        *_delayed(today),
        *_imports(),
    ]
    return [need for need in found if need.count]


def needs_of_month(run: StatementRun) -> list[Need]:
    """What waits for a person in this month alone."""
    return [need for need in _statements(run) if need.count]


def _letters() -> Iterator[Need]:
    """Letters that nobody but a person moves on."""
    counts = states_needing_person()
    for state, icon, tone, sentence in (
        (State.UNKNOWN, "question", "doubt", _uncertain),
        (State.REJECTED, "cross", "bad", _refused_words),
        (State.EXPIRED, "clock", "bad", _too_late),
        (State.HELD, "pause", "doubt", _held),
    ):
        count = counts.get(state, 0)
        yield Need(state.value, count, sentence(count), letters_in(state), icon, tone)


def _unwritten() -> Iterator[Need]:
    """Letters that an event should have caused and that could not be written."""
    count = count_failed()
    text = ngettext("letter could not be written", "letters could not be written", count)
    yield Need("unwritten", count, text, f"{reverse('triggers:transitions')}?status=failed", "warning", "bad")


def _messages() -> Iterator[Need]:
    """What visitors of the shop wrote, and nobody has answered."""
    count = Message.objects.waiting()[:MOST].count()
    text = ngettext("message from the shop waits for an answer", "messages from the shop wait for an answer", count)
    yield Need("messages", count, text, f"{reverse('shop_desk:messages')}?open=yes", "note", "doubt")


def _orders(today: dt.date) -> Iterator[Need]:
    """Orders whose money or invoice a person should look at, and series of invoices that end with the year."""
    url = reverse("orders:orders")
    count = Order.objects.filter(look_at_money())[:MOST].count()
    text = ngettext("order has money to look at", "orders have money to look at", count)
    yield Need("money", count, text, f"{url}?money=yes", "money", "bad")
    count = Order.objects.present().filter(otherwise_elsewhere())[:MOST].count()
    text = ngettext("order is otherwise in its shop", "orders are otherwise in their shop", count)
    yield Need("differs", count, text, f"{url}?differs=yes", "globe", "bad")
    count = Order.objects.present().filter(invoice_missing_at__isnull=False)[:MOST].count()
    text = ngettext("order has no invoice: see why", "orders have no invoice: see why", count)
    yield Need("uninvoiced", count, text, f"{url}?uninvoiced=yes", "stamp", "bad")
    ending = series_ending(today)
    text = ngettext(
        "number series gives no number in the new year: %(names)s",
        "number series give no number in the new year: %(names)s",
        len(ending),
    )
    names = ", ".join(series.code for series in ending)
    yield Need("series", len(ending), text % {"names": names}, reverse("documents:series"), "calendar", "doubt")


def _uncertain(n: int) -> str:
    return ngettext("letter may have left, or not: decide", "letters may have left, or not: decide", n)


def _refused_words(n: int) -> str:
    return ngettext("letter was refused", "letters were refused", n)


def _too_late(n: int) -> str:
    return ngettext("letter could not leave in time", "letters could not leave in time", n)


def _held(n: int) -> str:
    return ngettext("letter is held", "letters are held", n)


def _months(today: dt.date) -> Iterator[Need]:
    missing = missing_runs(today)
    count = len(missing)
    name = period_in_words(missing[0]) if missing else ""
    text = ngettext("month was never formed: %(name)s", "months were never formed, the first %(name)s", count)
    url = reverse("statements:run", args=[missing[0]]) if count == 1 else reverse("statements:runs")
    yield Need("months", count, text % {"name": name}, url, "calendar", "bad")


def _statements(run: StatementRun) -> Iterator[Need]:
    """What stands in the way of the newest month's letters."""
    url, name = run.get_absolute_url(), period_in_words(run.period)
    counts = count_segments(run)
    in_month = {"name": name}
    ready, bare, failed = counts.get("ready", 0), counts.get("no-address", 0), counts.get("no-pdf", 0)
    refused, outdated = counts.get("not-posted", 0), stale(run).count()
    text = ngettext("statement of %(name)s has no PDF", "statements of %(name)s have no PDF", failed)
    yield Need("no-pdf", failed, text % in_month, f"{url}?where=no-pdf#list", "warning", "bad")
    text = ngettext("statement of %(name)s was not posted", "statements of %(name)s were not posted", refused)
    yield Need("not-posted", refused, text % in_month, f"{url}?where=not-posted#list", "cross", "bad")
    text = ngettext("statement of %(name)s has no address", "statements of %(name)s have no address", bare)
    yield Need("no-address", bare, text % in_month, f"{url}?where=no-address#list", "letter", "doubt")
    text = ngettext("statement of %(name)s is out of date", "statements of %(name)s are out of date", outdated)
    yield Need("stale", outdated, text % in_month, f"{url}changed/", "difference", "doubt")
    text = ngettext("statement of %(name)s is ready to send", "statements of %(name)s are ready to send", ready)
    yield Need("ready", ready, text % in_month, url, "send", "busy")


def _delayed(today: dt.date) -> Iterator[Need]:
    rows = Operation.objects.present().delayed(today).order_by("planned_end_on")
    count = rows[:MOST].count()
    text = ngettext("operation is late", "operations are late", count)
    yield Need("late", count, text, f"{reverse('operations:operations')}?late=yes", "clock", "doubt")


def _imports() -> Iterator[Need]:
    waiting = ImportBatch.objects.filter(state=BatchState.PREVIEWED).count()
    text = ngettext("import waits for your decision", "imports wait for your decision", waiting)
    yield Need("imports", waiting, text, reverse("documents:imports"), "upload", "busy")
    stuck = (
        ImportBatch.objects.filter(state__in=[BatchState.UPLOADED, BatchState.CONFIRMED]).exclude(problem="").count()
    )
    text = ngettext("import has stopped", "imports have stopped", stuck)
    yield Need("imports-stopped", stuck, text, reverse("documents:imports"), "warning", "bad")
