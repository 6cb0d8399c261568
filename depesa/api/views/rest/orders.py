"""Orders, their documents and their history."""

import datetime as dt
from typing import Annotated, Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from ninja import Header, Router
from pydantic import Field, StringConstraints

from depesa.api import queries
from depesa.api.forms.schemas import (
    DocumentIn,
    DocumentOut,
    EntryOut,
    HistoryOut,
    Kept,
    NoteIn,
    OrderIn,
    OrderOut,
    OrderPatch,
    OrdersOut,
    Short,
)
from depesa.api.services import change_order, generate_document, place_order
from depesa.api.views.rest.door import REFUSALS, Bearer, Refusal, page_of, write
from depesa.core.texts import fold
from depesa.history.models import Origin
from depesa.history.queries import entries_of
from depesa.history.services import append_external
from depesa.orders.models import Order
from depesa.staff.rules import Right

router = Router(tags=["orders"])
READ: Final = Bearer("orders", Right.SEE)
WRITE: Final = Bearer("orders", Right.WRITE)
Number = Short
Key = Annotated[str | None, Header(alias="Idempotency-Key", max_length=200, min_length=1)]
After = Annotated[int | None, Field(ge=1, le=9_000_000_000_000_000_000)]


def _order(number: str) -> Order:
    return get_object_or_404(queries.orders(), number=number)


@router.post("", response={201: OrderOut, **REFUSALS}, auth=WRITE, operation_id="place_order")
def place(request: HttpRequest, body: OrderIn, idempotency_key: Key = None) -> Any:
    """Place an order: number, state, stock, invoice and letters follow as for any other order."""

    def act(token: Any) -> tuple[int, dict[str, Any]]:
        order = place_order(body.dict(), by=token.created_by)
        return 201, queries.order_again(order.pk)

    return write(request, idempotency_key, act)


@router.get("", response={200: OrdersOut, **REFUSALS}, auth=READ, operation_id="list_orders")
def list_orders(
    request: HttpRequest,
    after: After = None,
    state: Short | None = None,
    paid: bool | None = None,
    email: Annotated[str, StringConstraints(max_length=254), Kept] | None = None,
    external_number: Annotated[str, StringConstraints(max_length=60), Kept] | None = None,
    changed_since: dt.datetime | None = None,
) -> Any:
    """Orders, newest first, 100 a page."""
    asked = {
        "state__code": state,
        "paid_at__isnull": None if paid is None else not paid,
        "email_key": None if email is None else fold(email),
        "external_number": external_number,
        "changed_at__gte": None if changed_since is None else _moment(changed_since),
    }
    rows = queries.orders().filter(**{name: value for name, value in asked.items() if value is not None})
    return page_of(rows, after, queries.order_shape)


def _moment(text: dt.datetime) -> dt.datetime:
    """The moment in UTC; without an offset it is meant so."""
    if not 1990 <= text.year <= 2100:
        raise Refusal(422, _("Write a time between 1990 and 2100."), field="changed_since")
    return text if text.tzinfo else text.replace(tzinfo=dt.UTC)


@router.get("/{number}", response={200: OrderOut, **REFUSALS}, auth=READ, operation_id="get_order")
def show(request: HttpRequest, number: Number) -> Any:
    """One order."""
    return queries.order_shape(_order(number))


@router.patch("/{number}", response={200: OrderOut, **REFUSALS}, auth=WRITE, operation_id="change_order")
def change(request: HttpRequest, number: Number, body: OrderPatch, idempotency_key: Key = None) -> Any:
    """Change state, payment, tracking; the letters of the state follow unless `send_emails` is false."""

    def act(token: Any) -> tuple[int, dict[str, Any]]:
        order = _order(number)
        change_order(order, body.dict(exclude_unset=True), by=token.created_by)
        return 200, queries.order_again(order.pk)

    return write(request, idempotency_key, act)


@router.post(
    "/{number}/documents", response={201: DocumentOut, **REFUSALS}, auth=WRITE, operation_id="generate_document"
)
def generate(request: HttpRequest, number: Number, body: DocumentIn, idempotency_key: Key = None) -> Any:
    """Generate a document with its number; the PDF is ready a moment later."""

    def act(token: Any) -> tuple[int, dict[str, Any]]:
        order = _order(number)
        document = generate_document(order, body.dict(), by=token.created_by)
        return 201, queries.document_shape(document, order.number)

    return write(request, idempotency_key, act)


PDF = {
    "responses": {
        200: {
            "description": "The PDF",
            "content": {"application/pdf": {"schema": {"type": "string", "format": "binary"}}},
        }
    }
}


@router.get("/{number}/documents/{id}.pdf", response=REFUSALS, auth=READ, operation_id="get_pdf", openapi_extra=PDF)
def pdf(request: HttpRequest, number: Number, id: Annotated[int, Field(ge=1, le=2**62)]) -> Any:  # noqa: A002
    """The PDF of a document; 409 while it is being made."""
    document = get_object_or_404(_order(number).documents.select_related("paper__blob"), pk=id)
    if document.paper is None:
        raise Refusal(409, document.problem or _("The PDF is being made. Ask again in a moment."))
    return HttpResponse(bytes(document.paper.blob.content), content_type="application/pdf")


@router.get("/{number}/history", response={200: HistoryOut, **REFUSALS}, auth=READ, operation_id="get_history")
def history(request: HttpRequest, number: Number, after: After = None) -> Any:
    """What happened to the order, newest first; notes of staff never leave."""
    return page_of(queries.history_of(_order(number)), after, queries.entry_shape)


@router.post("/{number}/history", response={201: EntryOut, **REFUSALS}, auth=WRITE, operation_id="add_to_history")
def tell(request: HttpRequest, number: Number, body: NoteIn, idempotency_key: Key = None) -> Any:
    """Keep what another system says about the order: a name of 50 characters, a value of 500."""

    def act(token: Any) -> tuple[int, dict[str, Any]]:
        order = _order(number)
        told = {"customer_id": order.customer_id, "by": token.created_by, "origin": Origin.API}
        append_external(order.ref, body.name, body.value, **told)
        return 201, queries.entry_shape(entries_of(order.ref)[0])

    return write(request, idempotency_key, act)
