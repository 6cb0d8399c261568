"""Documents of one order as its page shows them, and what can be done with each."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.shortcuts import get_object_or_404

from depesa.company.queries import today
from depesa.core.reasons import gettext as _
from depesa.documents.models import DocumentType
from depesa.orders.models import Order, OrderDocument
from depesa.orders.queries.settings import invoicing
from depesa.outbox.queries import sent_with
from depesa.staff.models import User

LONG_AGO: Final = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


@dataclass(frozen=True, slots=True)
class Row:
    """A document of an order; `is_sent` when a letter carries it, `is_credited` when a credit note takes it back."""

    document: OrderDocument
    is_sent: bool
    is_credited: bool

    @property
    def may_regenerate(self) -> bool:
        """Whether it may be made again under its number."""
        return self.document.type.may_regenerate and not self.is_credited

    @property
    def may_credit(self) -> bool:
        """Whether something of it may be left to take back."""
        return self.document.type.code == "invoice" and self.document.is_sole


@dataclass(frozen=True, slots=True)
class Shelf:
    """The documents of an order, and the types that it may still get."""

    rows: Sequence[Row]
    missing: Sequence[DocumentType]
    always: Sequence[DocumentType]
    """Types without a number: there for every order, made when somebody opens them."""

    @property
    def is_waiting(self) -> bool:
        """Whether a PDF is being made."""
        return any(not row.document.paper_id and not row.document.problem for row in self.rows)


def shelf_of(order: Order) -> Shelf:
    """The documents of this order, oldest first, in a fixed number of questions."""
    found = OrderDocument.objects.filter(order=order).select_related("type", "paper", "invoice", "generated_by")
    rows = list(found.defer("content", "portions", "invoice__content", "invoice__portions").order_by("id"))
    sent = sent_papers(order, rows)
    credited = {row.invoice_id for row in rows}
    here = {row.type_id for row in rows if row.is_sole}
    types = [kind for kind in DocumentType.objects.select_related("series") if kind.books != "credit-note"]
    missing = [kind for kind in types if kind.pk not in here]
    return Shelf(
        rows=[Row(row, row.paper_id in sent, row.pk in credited) for row in rows],
        missing=[kind for kind in missing if kind.series_id],
        always=[kind for kind in missing if not kind.series_id],
    )


def sent_papers(order: Order, rows: Sequence[OrderDocument]) -> set[int | None]:
    """Which papers of these documents a letter carries."""
    papers = [row.paper_id for row in rows if row.paper_id]
    return set(sent_with(order.ref, papers, LONG_AGO).values_list("paper", flat=True)) if papers else set()


def document_of(pk: int, user: User) -> OrderDocument:
    """One document with its order; 404 if there is none."""
    rows = OrderDocument.objects.filter(order__in=Order.objects.visible_to(user))
    its_order = rows.select_related("order__customer", "order__state", "order__removed_by")
    more = its_order.select_related("type__series", "series", "paper__blob", "invoice", "generated_by")
    return get_object_or_404(more, pk=pk)


def usual_values(order: Order, kind: DocumentType) -> dict[str, Any]:
    """What the dialog of a document is prefilled with."""
    now = today()
    due_on = now + dt.timedelta(days=invoicing().due_days) if kind.has_due_on else None
    return {
        "issued_on": now,
        "due_on": due_on,
        "tax_on": now,
        "variable_symbol": order.variable_symbol,
        "send_emails": True,
    }


def why_it_stays(row: OrderDocument) -> str:
    """Why the document cannot be deleted; empty where it can, as far as can be seen."""
    if row.credit_notes.exists():
        return _("A credit note takes this invoice back. Delete that first.")
    if row.type.is_accounting and row.series and row.serial != row.series.last:
        return _("%(number)s is not the last of its number series; deleting it would leave a gap.") % {
            "number": row.number
        }
    return ""
