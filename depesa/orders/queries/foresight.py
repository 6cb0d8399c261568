"""What a bulk edit will do, said before it is confirmed: from the rows, nothing is written."""

from dataclasses import dataclass
from itertools import chain
from typing import Any, Final

from django.db.models import Exists, OuterRef, QuerySet

from depesa.documents.models import DocumentType
from depesa.emails.models import SystemEmail
from depesa.orders.models import AutomaticInvoice, Item, Order, OrderDocument, State
from depesa.orders.models.bulk import Verb
from depesa.orders.queries.settings import invoicing
from depesa.pdf.glyphs import without_glyph
from depesa.triggers.models import Status, Transition

PRINTED: Final = ("name", "street", "city", "delivery_name", "delivery_street", "delivery_city", "note")


@dataclass(frozen=True, slots=True, kw_only=True)
class Foresight:
    """How many orders change, how many letters follow, who had that letter before, who has no address."""

    orders: int
    changing: int
    mailed: int = 0
    already: int = 0
    without_address: int = 0
    invoices: int = 0
    documents: int = 0
    unprinted: int = 0  # with characters that no font has on what is generated
    system_email: SystemEmail | None = None


def foresee(orders: QuerySet[Order], verb: Verb, value: str = "") -> Foresight:
    """What the bulk edit does to these orders as they stand now."""
    total = orders.count()
    present = orders.filter(removed_at__isnull=True)
    match verb:
        case Verb.STATE:
            return _foresee_state(present, total, State.objects.select_related("system_email").get(code=value))
        case Verb.PAID:
            changing = present.filter(paid_at__isnull=True)
            return Foresight(orders=total, changing=changing.count(), **_invoices_of_paid(changing))
        case Verb.INVOICES:
            changing = _without(present, "invoice")
            return Foresight(orders=total, changing=changing.count(), **_invoices(changing))
        case Verb.DOCUMENTS:
            codes = [code for code in value.split(",") if code]
            documents = sum(_without(present, code).count() for code in codes)
            found: dict[str, Any] = {"documents": documents, "unprinted": _unprinted(present)}
            return Foresight(orders=total, changing=present.count(), **found)
        case _:
            return Foresight(orders=total, changing=_unlike(present, verb).count())


def _unlike(present: QuerySet[Order], verb: Verb) -> QuerySet[Order]:
    """The orders that are not as the verb makes them."""
    narrowed = {
        Verb.UNPAID: {"paid_at__isnull": False},
        Verb.RESOLVED: {"resolved_at__isnull": True},
        Verb.UNRESOLVED: {"resolved_at__isnull": False},
    }
    return present.filter(**narrowed.get(verb, {}))


def _foresee_state(present: QuerySet[Order], total: int, state: State) -> Foresight:
    changing = present.exclude(state=state)
    told: dict[str, Any] = {"orders": total, "changing": changing.count()}
    if state.marks_paid:
        invoices = _invoices_of_paid(changing.filter(paid_at__isnull=True))
        told |= {name: invoices[name] for name in ("invoices", "unprinted") if name in invoices}
    email = state.system_email
    if email is not None and email.is_active:
        sent = Transition.objects.filter(
            subject=Order.ref_in(OuterRef("pk")), event="state-changed", status=Status.QUEUED, system_email=email
        )
        told |= _addresses(changing) | {"already": changing.filter(Exists(sent)).count(), "system_email": email}
    return Foresight(**told)


def _addresses(changing: QuerySet[Order]) -> dict[str, int]:
    without = changing.filter(email="").count()
    return {"mailed": changing.count() - without, "without_address": without}


def _invoices_of_paid(changing: QuerySet[Order]) -> dict[str, Any]:
    return _invoices(_without(changing, "invoice")) if invoicing().automatic == AutomaticInvoice.PAID else {}


def _invoices(changing: QuerySet[Order]) -> dict[str, Any]:
    email = invoicing().system_email
    told: dict[str, Any] = {"invoices": changing.count(), "unprinted": _unprinted(changing)}
    if email is not None and email.is_active:
        told |= _addresses(changing) | {"system_email": email}
    return told


def _unprinted(orders: QuerySet[Order]) -> int:
    """How many of the orders have a character on their documents that no font has."""
    texts = orders.order_by().values_list("pk", *PRINTED)
    lines = Item.objects.filter(order__in=orders.order_by().values("pk")).values_list("order", "text", "invoice_note")
    rows = chain(texts.iterator(), lines.order_by().iterator())
    return len({pk for pk, *printed in rows if without_glyph("".join(printed))})


def _without(present: QuerySet[Order], code: str) -> QuerySet[Order]:
    kind = DocumentType.objects.filter(code=code).values("pk")
    has = OrderDocument.objects.filter(order=OuterRef("pk"), type__in=kind, is_sole=True)
    return present.filter(~Exists(has))
