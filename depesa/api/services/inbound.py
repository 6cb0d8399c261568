"""Webhooks of other shops become the same orders and customers as everything else; told twice, it is once."""

import json
import zoneinfo
from collections.abc import Mapping, Sequence
from decimal import Decimal
from types import ModuleType
from typing import Any, Final

from django.db import transaction
from django.utils import timezone

from depesa.api.models import ForeignRecord, Source, System
from depesa.api.rules import shopify, woocommerce
from depesa.api.rules.figures import ForeignItem
from depesa.api.rules.foreign import ForeignCustomer, ForeignOrder, Home, Unreadable, text_of
from depesa.api.rules.signatures import is_signed
from depesa.catalog.models import Product
from depesa.company.queries import current
from depesa.core.edits import Snapshot, edited, put
from depesa.core.errors import DomainError, Faults
from depesa.core.inputs import NotRead, read_json
from depesa.core.locks import lock, unlock
from depesa.core.reasons import gettext as _
from depesa.core.reasons import kept
from depesa.customers.services import found_or_made
from depesa.history.models import Origin
from depesa.history.services import tell
from depesa.orders import services as orders
from depesa.orders.models import Order, State
from depesa.orders.rules import StateType
from depesa.orders.services import DELIVERY, ItemDraft, OrderDraft, Way
from depesa.staff.models import User

SYSTEMS: Final[Mapping[str, ModuleType]] = {System.WOOCOMMERCE: woocommerce, System.SHOPIFY: shopify}
MOST_UNKNOWN: Final = 50
MOST_REFUSALS: Final = 100
MOST_SEEN: Final = 20
"""Notices of one second that are known when they come again."""
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
    """Do what a signed webhook tells: made, changed, noted, known or ignored; NotSigned, or why it cannot be done."""
    system = SYSTEMS[source.system]
    if system.is_ping(body, headers.get(system.TOPIC, "")):
        return "ignored"
    if not is_signed(unlock(source.secret, "api"), body, headers.get(system.SIGNATURE, "")):
        raise NotSigned
    kind = system.TOPICS.get(headers.get(system.TOPIC, ""), "")
    if not kind:
        return "ignored"
    payload: Mapping[str, Any] = {}
    try:
        payload = _payload(body)
        if kind == "customer":
            done = _take_customer(source, system.customer_of(payload))
        else:
            company = current()
            home = Home(country=company.country, zone=zoneinfo.ZoneInfo(company.time_zone))
            done = _take_order(source, system.order_of(payload, home), system.STATES)
    except (Unreadable, DomainError) as problem:
        _keep_refusal(source, text_of(payload.get("number") or payload.get("name") or payload.get("id"), 60), problem)
        raise problem if isinstance(problem, DomainError) else Faults({"": str(problem)}) from problem
    Source.objects.filter(pk=source.pk).update(last_received_at=timezone.now())
    return done


def _payload(body: bytes) -> Mapping[str, Any]:
    try:
        found = read_json(body)
    except NotRead as problem:
        raise Unreadable(str(problem)) from None
    if not isinstance(found, dict):
        raise Unreadable(_("This is no object."))
    return found


def _keep_refusal(source: Source, what: str, problem: Exception) -> None:
    now = timezone.now()
    with transaction.atomic():
        row = Source.objects.select_for_update(no_key=True).get(pk=source.pk)
        refusals = [*row.refusals, [now.isoformat(timespec="seconds"), what, kept(str(problem))]][-MOST_REFUSALS:]
        Source.objects.filter(pk=source.pk).update(last_received_at=now, refusals=refusals)


def forget_refusals(source: Source, *, by: User) -> None:
    """A person has seen what was refused."""
    with transaction.atomic():
        row = Source.objects.select_for_update(no_key=True).get(pk=source.pk)
        told = {"refusals": len(row.refusals)}
        Source.objects.filter(pk=source.pk).update(refusals=[])
        tell(row, "api.refusals-seen", before=told, after={"refusals": 0}, by=by)


def _take_order(source: Source, told: ForeignOrder, usual: Mapping[str, str]) -> str:
    if not told.is_real and not ForeignRecord.objects.filter(source=source, kind="order", foreign_id=told.id).exists():
        return "ignored"
    with transaction.atomic():
        row, is_new = _locked_row(source, "order", told.id)
        mark = told.mark()
        seen = row.told.get("seen", []) if row.changed == told.changed else []
        if mark in seen or (told.changed and told.changed < row.changed):
            return "known"
        state = _state_meant(source, told, usual)
        if row.order is None:
            row.order, done = _place(source, told, state), "made"
        else:
            done = _follow(source, row, told)
        row.order.refresh_from_db(fields=["gross", "differs"])
        done = _settle(source, row.order, told, state) or done
        if state is None and told.state and row.told.get("state") != told.state:
            note = _("%(shop)s says “%(word)s” of the order.") % {"shop": source.name, "word": told.state}
            tell(row.order, "api.state-told", after={"word": told.state}, note=note, origin=Origin.API)
        row.changed, row.told = told.changed, told.content() | {"state": told.state, "seen": [*seen, mark][-MOST_SEEN:]}
        row.save(update_fields=["order", "changed", "told"])
    return "made" if is_new else done


def _settle(source: Source, order: Order, told: ForeignOrder, state: State | None) -> str:
    """Take over what is paid, what went back, and the state; "changed" if anything was."""
    pk, changed, sends = [order.pk], [], source.sends_emails
    if told.is_paid and order.gross != told.total:
        state = None if state and state.marks_paid else state
        if not order.is_paid and not order.differs:
            order.differs = _("%(shop)s says that %(total)s is paid, and the order makes something else here.") % {
                "shop": source.name, "total": f"{told.total} {told.currency}",
            }  # fmt: skip
            order.save(update_fields=["differs"])
    elif told.is_paid and not order.is_paid:
        done = orders.mark_paid(pk, is_paid=True, by=None, origin=Origin.API, send_emails=sends, at=told.paid)
        changed += done.changed
    taken_out = max(Decimal(0), told.first_total - order.gross)
    more = told.returned - taken_out - Order.objects.get(pk=order.pk).returned
    if more > 0:
        orders.payments.give_back(order.pk, more, origin=Origin.API)
        changed += pk
    if state:
        done = orders.change_state(pk, state, by=None, origin=Origin.API, send_emails=sends)
        changed += done.changed
    if order.differs and Order.objects.get(pk=order.pk).is_resolved:
        orders.mark_resolved(pk, is_resolved=False, by=None, origin=Origin.API)
    return "changed" if changed else ""


def _follow(source: Source, row: ForeignRecord, told: ForeignOrder) -> str:
    """Take over what was changed there since it was told last: as a change of the order, else as a note.

    What somebody has changed here stays, unless just that was changed there, too.
    """
    before, now = row.told, told.content()
    names = [name for name in now if name in before and before[name] != now[name]]
    if not names or row.order is None:
        return "known"
    order = Order.objects.get(pk=row.order.pk)
    try:
        why = _why_not(order, names)
        if not why:
            with transaction.atomic():
                _change_order(order, told, names, before)
    except DomainError as problem:
        why = str(problem)
    if not why:
        Order.objects.filter(pk=order.pk).update(differs=told.differs)
        return "changed"
    total = f"{told.total} {told.currency}"
    differs = _("In %(shop)s the order is otherwise now and makes %(total)s. %(why)s") % {
        "shop": source.name, "total": total, "why": why,
    }  # fmt: skip
    Order.objects.filter(pk=order.pk).update(differs=differs)
    tell(
        order,
        "api.order-differs",
        before={name: str(before[name]) for name in names},
        after={name: str(now[name]) for name in names},
        note=differs,
        origin=Origin.API,
    )
    return "noted"


def _why_not(order: Order, names: Sequence[str]) -> str:
    if order.is_removed:
        return _("The order was removed.")
    if order.documents.filter(sales_document__isnull=False).exists():
        return _("It has been invoiced here.")
    return _("Its currency cannot be changed.") if "currency" in names else ""


def _change_order(order: Order, told: ForeignOrder, names: Sequence[str], before: Mapping[str, Any]) -> None:
    values: dict[str, Any] = {"note": told.note} if "note" in names else {}
    if "party" in names:
        values |= {name: text for name, text in told.party.items() if before["party"].get(name, "") != text}
    if "delivery" in names:
        values |= dict.fromkeys(DELIVERY, "") | {f"delivery_{name}": text for name, text in told.delivery.items()}
    values |= {f"{name}_name": getattr(told, name) for name in ("shipping", "payment") if name in names}
    values |= {name: getattr(told, name) for name in ("person",) if name in names}
    if "more" in names:
        Order.objects.filter(pk=order.pk).update(told_more=dict(told.more))
    items = _items(told, includes_vat=order.includes_vat) if {"items", "total"} & set(names) else None
    orders.change(order, values, items, version=None, by=None, origin=Origin.API)


def _locked_row(source: Source, kind: str, foreign_id: str) -> tuple[ForeignRecord, bool]:
    """The record of this id, locked; who tells the same at the same moment waits."""
    row, is_new = ForeignRecord.objects.get_or_create(source=source, kind=kind, foreign_id=foreign_id)
    locked = ForeignRecord.objects.select_for_update(of=("self",), no_key=True).select_related("order").get(pk=row.pk)
    return locked, is_new


def _place(source: Source, told: ForeignOrder, state: State | None) -> Order:
    draft = OrderDraft(
        party=told.party,
        delivery={f"delivery_{name}": value for name, value in told.delivery.items()},
        items=_items(told, includes_vat=told.includes_vat),
        includes_vat=told.includes_vat,
        placed_at=min(told.placed or timezone.now(), timezone.now()),
        paid_at=told.paid,
        person=told.person,
        told_more=told.more,
        differs=told.differs,
        language=told.language,
        currency=told.currency,
        payment_kind=told.payment_kind,
        shipping=Way(name=told.shipping) if told.shipping else None,
        payment=Way(name=told.payment) if told.payment else None,
        external_number=told.number,
        elsewhere=source.name,
        note=told.note,
        has_account=told.has_account,
        is_proven=False,
        is_paid=told.is_paid,
        is_cancelled=state is not None and state.type == StateType.CANCELLED,
    )
    return orders.place([draft], by=None, origin=Origin.API, send_emails=source.sends_emails)[0]


def _items(told: ForeignOrder, *, includes_vat: bool) -> list[ItemDraft]:
    products = Product.objects.in_bulk({item.code for item in told.items if item.code}, field_name="code")
    return [_draft_of(item, products, includes_vat=includes_vat) for item in told.items]


def _draft_of(item: ForeignItem, products: Mapping[str, Product], *, includes_vat: bool) -> ItemDraft:
    return ItemDraft(
        text=item.text,
        quantity=item.quantity,
        price=item.price(includes_vat=includes_vat),
        told=(item.net, item.vat),
        vat_rate=item.vat_rate,
        code=item.code,
        kind=item.kind,
        product=products.get(item.code) if item.kind == "product" else None,
    )


def _state_meant(source: Source, told: ForeignOrder, usual: Mapping[str, str]) -> State | None:
    """Our state for the shop's word; None when it moves nothing, and a word that nobody knows is kept for a person.

    A word that usually means paid means it only of an order that the shop says to be paid.
    """
    foreign = told.state
    code = source.states.get(foreign, usual.get(foreign))
    if code is None and foreign:
        unknown = {**source.unknown_states, foreign: timezone.now().isoformat(timespec="seconds")}
        source.unknown_states = dict(list(unknown.items())[-MOST_UNKNOWN:])
        Source.objects.filter(pk=source.pk).update(unknown_states=source.unknown_states)
    state = State.objects.filter(code=code).first() if code else None
    is_usual = foreign not in source.states
    return None if state and is_usual and state.marks_paid and not told.is_paid else state


def _take_customer(source: Source, told: ForeignCustomer) -> str:
    with transaction.atomic():
        row, is_new = _locked_row(source, "customer", told.id)
        if row.customer_id:
            return "known"
        row.customer = found_or_made([told.card], by=None, origin=Origin.API, keeps_wrong_address=True)[0]
        row.changed = told.changed
        row.save(update_fields=["customer", "changed"])
    return "made" if is_new else "changed"
