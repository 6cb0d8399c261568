"""Generate documents of orders: number and content are fixed in one transaction, the PDF follows from them."""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from django.db import transaction
from django.utils import timezone

from depesa.company.models import Company
from depesa.company.queries import current, today
from depesa.core.edits import raised, unless_there
from depesa.core.errors import Refused
from depesa.core.reasons import gettext as _
from depesa.documents.models import DocumentType
from depesa.documents.rules import CREDIT_NOTE, INVOICE, Sums
from depesa.documents.services import Issue, issue_posted, reserve
from depesa.history.models import Origin
from depesa.history.services import Fact, record
from depesa.mail.addresses import usable_addresses
from depesa.orders.models import Invoicing, Order, OrderDocument
from depesa.orders.paper import OrderPaper
from depesa.orders.queries.settings import invoicing
from depesa.orders.services.documents.content import Portion, paper_of, portions_by_order, register_lines, sums_of
from depesa.orders.services.documents.home import why_no_rate, with_home_vat
from depesa.staff.models import User
from depesa.triggers.models import Status, Transition
from depesa.triggers.services import Change, note


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """A document that an order is to have; what is left out gets its usual value."""

    order: Order
    type: DocumentType
    issued_on: dt.date | None = None
    due_on: dt.date | None = None
    tax_on: dt.date | None = None
    variable_symbol: str = ""
    language: str = ""
    invoice: OrderDocument | None = None
    """The invoice that a credit note takes back."""
    portions: Sequence[Portion] | None = None
    """What a credit note takes back; left out: everything."""
    reason: str = ""
    """Why a credit note is made."""


@dataclass(slots=True)
class Issued:
    """What was generated, and which orders were refused and why; letters on their way, by order."""

    made: list[OrderDocument] = field(default_factory=list)
    refused: dict[int, str] = field(default_factory=dict)
    letters: dict[int, int] = field(default_factory=dict)


class Exists(Refused):
    """The order has this document already."""


def generate(
    wishes: Sequence[Wish], *, by: User | None, origin: str = Origin.STAFF.value, send_emails: bool = True
) -> Issued:
    """Generate these documents, at most one a type and order but credit notes; what one cannot have stops no other.

    Refused for all of them where a series has ended or the register refuses one (closed books, a date too early).
    Numbers are taken here, inside the transaction: if it fails, they were never given.
    """
    issued = Issued()
    with transaction.atomic():
        ready = _sorted_out(wishes, issued)
        sources = sources_of([wish.order for wish in ready])
        rows = [row_of(wish, sources, by) for wish in ready]
        number(rows)
        for row, wish in zip(rows, ready, strict=True):
            fill(row, wish, sources)
        insert(rows, by=by, origin=origin)
        issued.made = rows
        changes = [_change(row, sources.settings, send_emails=send_emails) for row in rows if _is_invoice(row)]
        invoices = [row for row in rows if _is_invoice(row)]
        for row, noted in zip(invoices, note(changes, by=by, origin=origin), strict=True):
            issued.letters[row.order_id] = issued.letters.get(row.order_id, 0) + leaves(noted, row.order)
    return issued


def leaves(noted: Transition, order: Order) -> bool:
    """Whether a letter is on its way: it is meant, and the order has an address."""
    return noted.status == Status.HELD and bool(usable_addresses(order.email))


@dataclass(frozen=True, slots=True)
class Sources:
    """What documents are made from: our firm, the settings, the items of each order."""

    company: Company
    settings: Invoicing
    portions: Mapping[int, list[Portion]]


def sources_of(orders: Sequence[Order]) -> Sources:
    """What documents of these orders are made from, read now."""
    return Sources(current(), invoicing(), portions_by_order(orders))


def _sorted_out(wishes: Sequence[Wish], issued: Issued) -> list[Wish]:
    """Which of the wishes can be fulfilled; the orders are locked, so that it stays so."""
    ids = {wish.order.pk for wish in wishes}
    locked = {
        o.pk: o for o in Order.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=ids).order_by("pk")
    }
    sole = OrderDocument.objects.filter(order__in=ids, is_sole=True)
    here = set(sole.values_list("order_id", "type_id"))
    ready, company = [], current()
    for wish in wishes:
        if why := _why_not(wish, locked.get(wish.order.pk), here, company):
            issued.refused[wish.order.pk] = why
        else:
            ready.append(wish)
            here.add((wish.order.pk, wish.type.pk))
    return ready


def _why_not(wish: Wish, order: Order | None, here: set[tuple[int, int]], company: Company) -> str:
    if order is None or order.is_removed:
        return _("The order was removed. Restore it first.")
    if wish.type.books == CREDIT_NOTE:
        return "" if wish.invoice else _("A credit note is made from an invoice; open the invoice.")
    if order.is_individual_shipping and wish.type.is_accounting:
        return open_price()
    if (wish.order.pk, wish.type.pk) in here:
        return _("%(order)s has its %(type)s already.") % {"order": order.number, "type": wish.type}
    return why_no_rate(order, wish.type, wish.tax_on or wish.issued_on or today(), company)


def open_price() -> str:
    """Why nothing is invoiced yet."""
    return _(
        "The price of shipping is still to be agreed. Write it as a line of the order, or untick “price of "
        "shipping to be agreed”; then generate."
    )


def row_of(wish: Wish, sources: Sources, by: User | None) -> OrderDocument:
    """The document without its number and content; what was not wished has its usual value."""
    order, kind = wish.order, wish.type
    issued_on = wish.issued_on or today()
    return OrderDocument(
        order=order,
        customer_id=order.customer_id,
        type=kind,
        is_sole=kind.books != CREDIT_NOTE,
        series=kind.series,
        language=wish.language or order.language,
        issued_on=issued_on,
        due_on=(wish.due_on or issued_on + dt.timedelta(days=sources.settings.due_days)) if kind.has_due_on else None,
        tax_on=(wish.tax_on or issued_on) if kind.has_tax_on else None,
        variable_symbol=wish.variable_symbol or order.variable_symbol,
        currency=order.currency,
        invoice=wish.invoice,
        generated_at=timezone.now(),
        generated_by=by,
    )


def number(rows: Sequence[OrderDocument]) -> None:
    """Take the next numbers, series by series in a fixed order, so that two processes never wait for each other."""
    by_series: dict[int, list[OrderDocument]] = defaultdict(list)
    series_of = {row.series.pk: row.series for row in rows if row.series}
    for row in rows:
        if row.series_id:
            by_series[row.series_id].append(row)
    for series_id, group in sorted(by_series.items()):
        series, kind = series_of[series_id], group[0].type
        serials = reserve(series, len(group), kind=kind.books, taken=taken_numbers(kind), on=group[0].issued_on)
        for row, serial in zip(group, serials, strict=True):
            row.serial, row.number = serial, series.written(serial)


def taken_numbers(kind: DocumentType) -> Callable[[Sequence[str]], set[str]]:
    """Asks which numbers documents of this type bear in orders already."""

    def taken(written: Sequence[str]) -> set[str]:
        return set(OrderDocument.objects.filter(type=kind, number__in=written).values_list("number", flat=True))

    return taken


def fill(row: OrderDocument, wish: Wish, sources: Sources) -> None:
    """Write what the document says, with its number, from the order as it is now."""
    portions = wish.portions if wish.portions is not None else sources.portions[row.order_id]
    sums = sums_of(wish.order, portions, wish.invoice)
    paper = paper_of(wish.order, portions, row, sums=sums, company=sources.company, settings=sources.settings)
    paper = with_home_vat(replace(paper, reason=wish.reason), row, sources.company)
    row.content, row.gross = paper.kept(), paper.gross
    row.portions = [portion.kept() for portion in portions]


def insert(rows: Sequence[OrderDocument], *, by: User | None, origin: str) -> None:
    """Insert documents with their content: in the register of sales documents too, if they book; with history."""
    booking = [row for row in rows if row.type.books]
    sales = issue_posted([as_issue(row) for row in booking], by=by, origin=origin)
    for row, document in zip(booking, sales, strict=True):
        row.sales_document = document
    with unless_there(Exists(_("Somebody else has generated it at this moment. Look again."))):
        OrderDocument.objects.bulk_create(rows, batch_size=200)
    invoiced = Order.objects.filter(pk__in=[row.order_id for row in rows if _is_invoice(row)])
    invoiced.filter(invoice_missing_at__isnull=False).update(invoice_missing_at=None, invoice_problem="", **raised(by))
    record([_generated(row) for row in rows], by=by, origin=origin)


def foreseen_paper(order: Order, kind: DocumentType, *, language: str = "") -> OrderPaper:
    """The paper of this type for the order, in its language or another one, with the number that comes next."""
    wish = Wish(order=order, type=kind, language=language)
    sources = sources_of([order])
    row = row_of(wish, sources, None)
    row.number = kind.series.preview if kind.series else ""
    fill(row, wish, sources)
    return OrderPaper.of(row.content)


def as_issue(row: OrderDocument) -> Issue:
    """The document as the register of sales documents takes it."""
    paper = OrderPaper.of(row.content)
    return Issue(
        type=row.type.books,
        number=row.number,
        series_id=row.series_id,
        serial=row.serial,
        customer_id=row.customer_id,
        document_on=row.issued_on,
        due_on=row.due_on,
        currency=row.currency,
        lines=register_lines(paper),
        sums=Sums(tuple((rate.rate, rate.net, rate.vat) for rate in paper.rates)),
    )


def _is_invoice(row: OrderDocument) -> bool:
    return row.type.code == INVOICE


def letter_key(row: OrderDocument) -> str:
    """Names the letter of an invoice: by its row, for a number that was given back is given again."""
    return f"{Order.ref_of(row.order_id)}:invoice:{row.pk}"


def _change(row: OrderDocument, settings: Invoicing, *, send_emails: bool) -> Change:
    return Change(
        key=letter_key(row),
        event="invoice-generated",
        subject=Order.ref_of(row.order_id),
        name=row.order.number,
        customer_id=row.customer_id,
        after=row.number,
        system_email=settings.system_email_id,
        language=row.language,
        send_emails=send_emails,
    )


def _generated(row: OrderDocument) -> Fact:
    return Fact(
        event="orders.document-generated",
        subject=Order.ref_of(row.order_id),
        customer_id=row.customer_id,
        after={
            "type": row.type.code,
            "number": row.number,
            "gross": f"{row.signed_gross:f}",
            "currency": row.currency,
            "revision": row.revision,
        },
    )
