"""Regenerate, delete and credit documents that an order has."""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from django.db import transaction
from django.db.models import ProtectedError
from django.utils import timezone

from depesa.core.errors import Faults, Refused, StaleState
from depesa.core.money import digits_of
from depesa.core.reasons import gettext as _
from depesa.core.texts import one_line
from depesa.documents.models import DocumentType
from depesa.documents.rules import CREDIT_NOTE, INVOICE
from depesa.documents.services import give_back, reissue, withdraw
from depesa.history.models import Origin
from depesa.history.services import Fact, record
from depesa.orders.models import Order, OrderDocument
from depesa.orders.paper import OrderPaper
from depesa.orders.services.documents.content import Portion
from depesa.orders.services.documents.home import why_no_rate
from depesa.orders.services.documents.issue import Issued, Wish, as_issue, fill, generate, open_price, sources_of
from depesa.staff.models import User

LONGEST_REASON: Final = 200


def regenerate(
    document: OrderDocument,
    *,
    by: User | None,
    origin: str = Origin.STAFF.value,
    issued_on: dt.date | None = None,
    due_on: dt.date | None = None,
    tax_on: dt.date | None = None,
    variable_symbol: str = "",
    revision: int | None = None,
) -> OrderDocument:
    """Generate it again from the order as it is now, under its number; Refused for credit notes and receipts.

    `revision` is the one that somebody saw; StaleState if it has been generated again since.

    Letters that carried the former one keep it: their bytes are sealed.
    """
    with transaction.atomic():
        order = _locked_order(document)
        row = _locked(document, revision)
        if not row.type.may_regenerate:
            raise Refused(
                _("A document of the type %(type)s is never generated again. Make a new one.") % {"type": row.type}
            )
        if row.credit_notes.exists():
            raise Refused(_("A credit note takes this invoice back, so it stays as it is."))
        if order.is_individual_shipping and row.type.is_accounting:
            raise Refused(open_price())
        before = _revision_told(row)
        row.issued_on = issued_on or row.issued_on
        row.due_on = due_on or row.due_on
        row.tax_on = tax_on or row.tax_on
        row.variable_symbol = variable_symbol or row.variable_symbol
        row.language = order.language
        sources = sources_of([order])
        if reason := why_no_rate(order, row.type, row.tax_on or row.issued_on, sources.company):
            raise Refused(reason)
        fill(row, Wish(order=order, type=row.type), sources)
        row.revision += 1
        row.paper, row.problem, row.held_by, row.held_until = None, "", "", None
        row.generated_at, row.generated_by = timezone.now(), by
        row.save()
        if row.sales_document:
            reissue(row.sales_document, as_issue(row), by=by, origin=origin)
        _tell_order(row, "orders.document-regenerated", before, _revision_told(row), by=by, origin=origin)
    return row


def delete(
    document: OrderDocument, *, by: User | None, origin: str = Origin.STAFF.value, revision: int | None = None
) -> None:
    """Delete a document as somebody saw it in this revision.

    The last number of its series is given back, one from the middle leaves a hole.

    Refused for invoice, credit note and receipt unless it is the last of its series.
    """
    try:
        with transaction.atomic():
            _locked_order(document)
            row = _locked(document, revision)
            if row.credit_notes.exists():
                raise Refused(_("A credit note takes this invoice back. Delete that first."))
            sales, invoice = row.sales_document, row.invoice
            _tell_order(row, "orders.document-deleted", _revision_told(row), None, by=by, origin=origin)
            row.delete()
            if sales:
                withdraw(sales, by=by, origin=origin)
            else:
                _give_back(row)
            if invoice:
                _make_sole_again(invoice)
    except ProtectedError:
        raise Refused(_("It stands in a statement or a letter, so it stays.")) from None


def _give_back(row: OrderDocument) -> None:
    if row.series and row.serial and not give_back(row.series, row.serial) and row.type.is_accounting:
        raise Refused(
            _("%(number)s is not the last of its number series; deleting it would leave a gap.")
            % {"number": row.number}
        )


def credit(
    invoice: OrderDocument,
    quantities: Mapping[int, Decimal] | None = None,
    *,
    by: User | None,
    origin: str = Origin.STAFF.value,
    reason: str,
    issued_on: dt.date | None = None,
    tax_on: dt.date | None = None,
) -> OrderDocument:
    """A credit note of all items of the invoice, or of these quantities by item; it names its invoice.

    Never more is taken back than was sold. An invoice that is taken back whole makes room for a new one.
    `reason` is printed on it, as § 45 (1) of the Czech VAT act asks.
    """
    if not (reason := one_line(reason)):
        raise Faults({"reason": _("Write why the invoice is corrected, for example “goods returned”.")})
    with transaction.atomic():
        order = _locked_order(invoice)
        row = _locked(invoice)
        if row.type.books != INVOICE:
            raise Refused(_("A credit note is made from an invoice."))
        portions, is_whole = _portions(row, quantities)
        order.includes_vat = OrderPaper.of(row.content).prices_include_vat  # the order may say otherwise by now
        kind = DocumentType.objects.select_related("series").get(code=CREDIT_NOTE)
        wish = Wish(
            order=order, type=kind, invoice=row, portions=portions, language=row.language,
            issued_on=issued_on, tax_on=tax_on, variable_symbol=row.variable_symbol, reason=reason[:LONGEST_REASON],
        )  # fmt: skip
        issued: Issued = generate([wish], by=by, origin=origin)
        if issued.refused:
            raise Refused(issued.refused[order.pk])
        if is_whole:
            OrderDocument.objects.filter(pk=row.pk).update(is_sole=False)
    return issued.made[0]


def left_to_credit(invoice: OrderDocument) -> dict[int, Decimal]:
    """How much of each line of the invoice, by position, no credit note has taken back yet."""
    left = {line.position: line.quantity for line in map(Portion.of, invoice.portions)}
    for note in invoice.credit_notes.all():
        for line in map(Portion.of, note.portions):
            left[line.position] -= line.quantity
    return left


def _portions(invoice: OrderDocument, quantities: Mapping[int, Decimal] | None) -> tuple[list[Portion], bool]:
    """The lines of the credit note, and whether nothing of the invoice is left after it."""
    left = left_to_credit(invoice)
    wanted = {place: left[place] for place in left if left[place]} if quantities is None else dict(quantities)
    wanted = {place: quantity for place, quantity in wanted.items() if quantity}
    if not wanted:
        raise Faults({"items": _("Nothing is taken back. Write how much of at least one item.")})
    for place, quantity in wanted.items():
        if not 0 < quantity <= left.get(place, Decimal(0)):
            raise Faults(
                {
                    "items": _("Line %(n)s: at most %(left)s can be taken back.")
                    % {"n": place + 1, "left": left.get(place, Decimal(0)).normalize()}
                }
            )
    lines = [
        line.some(wanted[line.position], after=line.quantity - left[line.position], digits=digits_of(invoice.currency))
        for line in map(Portion.of, invoice.portions)
        if line.position in wanted
    ]
    return lines, all(left[place] == wanted.get(place, Decimal(0)) for place in left)


def _make_sole_again(invoice: OrderDocument) -> None:
    """The deleted credit note had made room for a new invoice; the old one is the order's again, if none came."""
    others = OrderDocument.objects.filter(order=invoice.order_id, type=invoice.type_id, is_sole=True)
    if others.exclude(pk=invoice.pk).exists():
        raise Refused(_("A new invoice has been made since. The credit note stays."))
    OrderDocument.objects.filter(pk=invoice.pk).update(is_sole=True)


def _locked_order(document: OrderDocument) -> Order:
    order = Order.objects.select_for_update(of=("self",), no_key=True).get(pk=document.order_id)
    if order.is_removed:
        raise Refused(_("The order was removed. Restore it first."))
    return order


def _locked(document: OrderDocument, revision: int | None = None) -> OrderDocument:
    rows = OrderDocument.objects.select_for_update(of=("self",), no_key=True)
    row = rows.select_related("type", "series", "sales_document", "invoice").filter(pk=document.pk).first()
    if row is None or (revision is not None and row.revision != revision):
        raise StaleState
    return row


def _revision_told(row: OrderDocument) -> dict[str, Any]:
    return {
        "type": row.type.code,
        "number": row.number,
        "gross": f"{row.signed_gross:f}",
        "currency": row.currency,
        "issued_on": row.issued_on.isoformat(),
        "due_on": row.due_on.isoformat() if row.due_on else None,
        "revision": row.revision,
    }


def _tell_order(row: OrderDocument, event: str, before: Any, after: Any, *, by: User | None, origin: str) -> None:
    fact = Fact(
        event=event, subject=Order.ref_of(row.order_id), customer_id=row.customer_id, before=before, after=after
    )
    record([fact], by=by, origin=origin)
