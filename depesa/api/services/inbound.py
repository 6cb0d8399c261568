"""Webhooks of other shops become the same orders and customers as everything else; told twice, it is once."""

import json
from collections.abc import Mapping
from types import ModuleType
from typing import Any, Final

from django.db import transaction
from django.utils import timezone

from depesa.api.models import ForeignRecord, Source, System
from depesa.api.rules import shopify, woocommerce
from depesa.api.rules.foreign import ForeignCustomer, ForeignItem, ForeignOrder, Unreadable
from depesa.api.rules.signatures import is_signed
from depesa.catalog.models import Product
from depesa.core.edits import Snapshot, edited, put
from depesa.core.errors import DomainError, Faults
from depesa.core.inputs import NotRead, read_json
from depesa.core.locks import lock, unlock
from depesa.core.reasons import gettext as _
from depesa.customers.services import found_or_made
from depesa.history.models import Origin
from depesa.history.services import append_external, tell
from depesa.orders import services as orders
from depesa.orders.models import Order, State
from depesa.orders.services import ItemDraft, OrderDraft, Way
from depesa.staff.models import User

SYSTEMS: Final[Mapping[str, ModuleType]] = {System.WOOCOMMERCE: woocommerce, System.SHOPIFY: shopify}
MOST_UNKNOWN: Final = 50
SOURCE_FIELDS: Final = ("name", "system", "sends_emails", "is_active", "states")


class NotSigned(DomainError):
    """The signature is not that of this shop. Check the secret on both sides."""


def save_source(
    source: Source, values: Mapping[str, Any], *, secret: str, by: User, version: int | None = None
) -> Source:
    """Keep how another shop tells us, as somebody saw it; the secret is the one that signs there."""

    def tell_open_part(row: Source, before: Snapshot | None, after: Snapshot) -> None:
        was, now = (
            {name: value for name, value in (side or {}).items() if name != "secret"} for side in (before, after)
        )
        tell(row, "api.source-saved", before=was, after=now, by=by)

    with edited(source, version, by=by, told=_source_told, tell=tell_open_part) as row:
        put(row, values, SOURCE_FIELDS)
        row.unknown_states = {word: at for word, at in row.unknown_states.items() if word not in row.states}
        if secret.strip():
            row.secret = lock(secret.strip(), "api")
        if not row.secret:
            raise Faults({"secret": _("Write the secret that the shop signs with.")})
    return row


def _source_told(source: Source) -> Snapshot:
    plain = {name: getattr(source, name) for name in (*SOURCE_FIELDS, "secret") if name != "states"}
    return plain | {"states": json.dumps(source.states, sort_keys=True)}


def receive(source: Source, *, body: bytes, headers: Mapping[str, str]) -> str:
    """Do what a signed webhook tells: made, changed, known or ignored; NotSigned, or why it cannot be done."""
    system = SYSTEMS[source.system]
    if not is_signed(unlock(source.secret, "api"), body, headers.get(system.SIGNATURE, "")):
        raise NotSigned
    kind = system.TOPICS.get(headers.get(system.TOPIC, ""), "")
    if not kind:
        return "ignored"
    try:
        payload = _payload(body)
        if kind == "customer":
            done = _take_customer(source, system.customer_of(payload))
        else:
            done = _take_order(source, system.order_of(payload), system.STATES)
    except (Unreadable, DomainError) as problem:
        _keep(source, problem=str(problem))
        raise problem if isinstance(problem, DomainError) else Faults({"": str(problem)}) from problem
    _keep(source, problem="")
    return done


def _payload(body: bytes) -> Mapping[str, Any]:
    try:
        found = read_json(body)
    except NotRead as problem:
        raise Unreadable(str(problem)) from None
    if not isinstance(found, dict):
        raise Unreadable(_("This is no object."))
    return found


def _keep(source: Source, *, problem: str) -> None:
    Source.objects.filter(pk=source.pk).update(last_received_at=timezone.now(), problem=problem)


def _take_order(source: Source, told: ForeignOrder, usual: Mapping[str, str]) -> str:
    with transaction.atomic():
        row, is_new = _locked_row(source, "order", told.id)
        if not is_new and (row.changed >= told.changed if told.changed else row.changed == ""):
            return "known"
        if row.order is None:
            row.order = _place(source, told)
        if told.is_paid and not row.order.is_paid:
            orders.mark_paid([row.order.pk], is_paid=True, by=None, origin=Origin.API, send_emails=source.sends_emails)
        if state := _state_meant(source, told.state, usual):
            orders.change_state([row.order.pk], state, by=None, origin=Origin.API, send_emails=source.sends_emails)
        row.changed = told.changed
        row.save(update_fields=["order", "changed"])
    return "made" if is_new else "changed"


def _locked_row(source: Source, kind: str, foreign_id: str) -> tuple[ForeignRecord, bool]:
    """The record of this id, locked; who tells the same at the same moment waits."""
    row, is_new = ForeignRecord.objects.get_or_create(source=source, kind=kind, foreign_id=foreign_id)
    locked = ForeignRecord.objects.select_for_update(of=("self",)).select_related("order").get(pk=row.pk)
    return locked, is_new


def _place(source: Source, told: ForeignOrder) -> Order:
    products = Product.objects.in_bulk({item.code for item in told.items if item.code}, field_name="code")
    draft = OrderDraft(
        party=told.party,
        delivery={f"delivery_{name}": value for name, value in told.delivery.items()},
        items=[_draft_of(item, products) for item in told.items],
        language=told.language,
        currency=told.currency,
        payment_kind=told.payment_kind,
        shipping=Way(name=told.shipping) if told.shipping else None,
        payment=Way(name=told.payment) if told.payment else None,
        external_number=told.number,
        note=told.note,
        has_account=told.has_account,
        is_proven=False,
    )
    made = orders.place([draft], by=None, origin=Origin.API, send_emails=source.sends_emails)[0]
    if made.gross != told.total:
        total = f"{told.total} {told.currency}"
        name = _("total in %(shop)s") % {"shop": source.name[:30]}
        append_external(made.ref, name, total, customer_id=made.customer_id)
    return made


def _draft_of(item: ForeignItem, products: Mapping[str, Product]) -> ItemDraft:
    return ItemDraft(
        text=item.text,
        quantity=item.quantity,
        price=item.price,
        vat_rate=item.vat_rate,
        code=item.code,
        kind=item.kind,
        product=products.get(item.code) if item.kind == "product" else None,
    )


def _state_meant(source: Source, foreign: str, usual: Mapping[str, str]) -> State | None:
    """Our state for the shop's word; None when it moves nothing, and a word that nobody knows is kept for a person."""
    code = source.states.get(foreign, usual.get(foreign))
    if code is None and foreign:
        unknown = {**source.unknown_states, foreign: timezone.now().isoformat(timespec="seconds")}
        source.unknown_states = dict(list(unknown.items())[-MOST_UNKNOWN:])
        Source.objects.filter(pk=source.pk).update(unknown_states=source.unknown_states)
    return State.objects.filter(code=code).first() if code else None


def _take_customer(source: Source, told: ForeignCustomer) -> str:
    with transaction.atomic():
        row, is_new = _locked_row(source, "customer", told.id)
        if row.customer_id:
            return "known"
        row.customer = found_or_made([told.card], by=None, origin=Origin.API)[0]
        row.changed = told.changed
        row.save(update_fields=["customer", "changed"])
    return "made" if is_new else "changed"
