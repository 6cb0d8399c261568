"""Change the state of orders, and what hangs on it: paid, resolved, stock, invoice; letters come after."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from depesa.core.edits import raise_version, raised
from depesa.core.errors import DomainError
from depesa.core.reasons import gettext as _
from depesa.history.models import Entry, Origin
from depesa.history.services import Fact, fact_of, record
from depesa.orders.models import AutomaticInvoice, Order, State
from depesa.orders.queries.settings import invoicing
from depesa.orders.rules.states import GATEWAY, StateType, gateway_may_move
from depesa.orders.services import shelf
from depesa.orders.services.documents.invoices import invoice_by_itself
from depesa.orders.services.documents.issue import leaves
from depesa.orders.services.letters.recalls import recall
from depesa.staff.models import User
from depesa.triggers.rules import Reason
from depesa.triggers.services import Change, note


@dataclass(slots=True)
class Outcome:
    """What became of orders: changed, as they were already, or refused with the reason as the clerk reads it."""

    changed: list[int] = field(default_factory=list)
    unchanged: list[int] = field(default_factory=list)
    refused: dict[int, str] = field(default_factory=dict)
    letters: dict[int, int] = field(default_factory=dict)
    """How many letters are on their way, by order."""
    without_invoice: dict[int, str] = field(default_factory=dict)
    """Why the invoice that should follow by itself was not made, by order."""

    def count_letters(self, transitions: Iterable[tuple[int, int]]) -> None:
        """Add what was noted: (order, how many letters follow)."""
        for order, letters in transitions:
            self.letters[order] = self.letters.get(order, 0) + letters


def change_state(
    ids: Sequence[int],
    state: State,
    *,
    by: User | None,
    origin: str = Origin.STAFF.value,
    send_emails: bool = True,
    seen: int | None = None,
) -> Outcome:
    """Move these orders to the state, in one transaction; saving the same state again changes and sends nothing.

    The chain is state, paid, invoice, letters: the letters are noted last and written out after the transaction,
    when the invoice exists. With `seen`, the number of changes of state that somebody saw, an order that has moved
    since is refused with who moved it.
    """
    outcome = Outcome()
    with transaction.atomic():
        orders = _locked(ids)
        if seen is not None:
            outcome.refused = {order.pk: _overtaken(order) for order in orders if order.state_changes != seen}
            orders = [order for order in orders if order.pk not in outcome.refused]
        moving = [order for order in orders if _may_move(order, state, origin, outcome)]
        before = {order.pk: order.state for order in moving}
        _move(moving, state, by)
        _shelve(moving, before, state)
        if state.type == StateType.CANCELLED:
            recall(moving, only_requests=False, reason=_("The order was cancelled."), by=by)
        changes = [_change(order, before[order.pk], send_emails=send_emails) for order in moving]
        noted = note(changes, by=by, origin=origin)
        outcome.count_letters((o.pk, leaves(t, o)) for o, t in zip(moving, noted, strict=True))
        record([_moved(order, before[order.pk]) for order in moving], by=by, origin=origin)
        if state.marks_resolved:
            _mark_resolved([o for o in moving if not o.is_resolved], is_resolved=True, by=by, origin=origin)
        if state.marks_paid:
            unpaid = [order for order in moving if not order.is_paid]
            _mark_paid(unpaid, outcome, by=by, origin=origin, send_emails=send_emails)
        outcome.changed = [order.pk for order in moving]
    return outcome


def mark_paid(
    ids: Sequence[int],
    *,
    is_paid: bool,
    by: User | None,
    origin: str = Origin.STAFF.value,
    send_emails: bool = True,
    at: dt.datetime | None = None,
) -> Outcome:
    """Mark these orders paid, `at` an instant or now, or not paid; paying may generate the invoice and so its letter.

    What is said to be paid later than now was paid now: clocks differ.
    """
    outcome = Outcome()
    with transaction.atomic():
        changing = []
        for order in _locked(ids):
            if order.is_removed:
                outcome.refused[order.pk] = _("The order was removed. Restore it first.")
            elif order.is_paid == is_paid:
                outcome.unchanged.append(order.pk)
            else:
                changing.append(order)
        outcome.changed = [order.pk for order in changing]
        if is_paid:
            _mark_paid(changing, outcome, by=by, origin=origin, send_emails=send_emails, at=at)
        else:
            _set_paid(changing, None, by=by, origin=origin)
    return outcome


def mark_resolved(
    ids: Sequence[int], *, is_resolved: bool, by: User | None, origin: str = Origin.STAFF.value
) -> Outcome:
    """Mark that nothing is left to do with these orders, or that something is."""
    outcome = Outcome()
    with transaction.atomic():
        orders = _locked(ids)
        changing = [order for order in orders if order.is_resolved != is_resolved and not order.is_removed]
        _mark_resolved(changing, is_resolved=is_resolved, by=by, origin=origin)
        outcome.changed = [order.pk for order in changing]
        outcome.unchanged = [o.pk for o in orders if o.is_resolved == is_resolved and o.pk not in outcome.changed]
        outcome.refused = {o.pk: _("The order was removed. Restore it first.") for o in orders if o.is_removed}
    return outcome


def _locked(ids: Sequence[int]) -> list[Order]:
    rows = Order.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=list(ids))
    return list(rows.select_related("state", "customer").order_by("pk"))


def _overtaken(order: Order) -> str:
    moved = Entry.objects.filter(subject=order.ref, event="orders.state-changed").order_by("-pk").first()
    who = moved.actor or moved.get_origin_display() if moved else "?"
    return _("%(who)s has moved the order to %(state)s since you opened the page. Look at it, then choose again.") % {
        "who": who,
        "state": order.state,
    }


def _may_move(order: Order, state: State, origin: str, outcome: Outcome) -> bool:
    if order.is_removed:
        outcome.refused[order.pk] = _("The order was removed. Restore it first.")
    elif order.state_id == state.pk:
        outcome.unchanged.append(order.pk)
    elif state.type in GATEWAY and not gateway_may_move(
        is_over=order.is_paid or order.state.type == StateType.CANCELLED, origin=origin
    ):
        outcome.refused[order.pk] = _("The order is paid or cancelled; the payment gateway moves it no more.")
    else:
        return True
    return False


def _move(orders: Sequence[Order], state: State, by: User | None) -> None:
    Order.objects.filter(pk__in=[order.pk for order in orders]).update(
        state=state, state_changes=F("state_changes") + 1, **raised(by)
    )
    for order in orders:
        order.state = state
        order.state_changes += 1
        raise_version(order, by)


def _shelve(orders: Sequence[Order], before: dict[int, State], state: State) -> None:
    """Goods of cancelled orders go back on the shelf; those of orders that come back to life are taken again."""
    if state.type == StateType.CANCELLED:
        shelf.give_back([order.pk for order in orders])
    was_cancelled = [order for order in orders if before[order.pk].type == StateType.CANCELLED]
    shelf.take_again([order.pk for order in was_cancelled if shelf.holds_goods(order)])


def _change(order: Order, before: State, *, send_emails: bool) -> Change:
    return Change(
        key=f"{order.ref}:state:{order.state_changes}",
        event="state-changed",
        subject=order.ref,
        name=order.number,
        customer_id=order.customer_id,
        before=before.code,
        after=order.state.code,
        system_email=order.state.system_email_id,
        reason=Reason.PREDEFINED if order.state.is_bound else "",
        detail="order-placed" if order.state.is_bound else "",
        language=order.language,
        send_emails=send_emails,
    )


def _moved(order: Order, before: State) -> Fact:
    return fact_of(order, "orders.state-changed", before={"state": before.code}, after={"state": order.state.code})


def _mark_paid(
    orders: Sequence[Order],
    outcome: Outcome,
    *,
    by: User | None,
    origin: str,
    send_emails: bool,
    at: dt.datetime | None = None,
) -> None:
    now = timezone.now()
    _set_paid(orders, min(at or now, now), by=by, origin=origin)
    recall(orders, only_requests=True, reason=_("The order is paid already."), by=by)
    if invoicing().automatic == AutomaticInvoice.PAID:
        made = invoice_by_itself(orders, by=by, origin=origin, send_emails=send_emails)
        outcome.count_letters(made.letters.items())
        outcome.without_invoice |= made.refused


def _set_paid(orders: Sequence[Order], at: dt.datetime | None, *, by: User | None, origin: str) -> None:
    Order.objects.filter(pk__in=[order.pk for order in orders]).update(paid_at=at, **raised(by))
    event, facts = "orders.paid" if at else "orders.unpaid", []
    for order in orders:
        was, now = ({"paid_at": day.isoformat() if day else None} for day in (order.paid_at, at))
        facts.append(fact_of(order, event, before=was, after=now))
        order.paid_at = at
    record(facts, by=by, origin=origin)


def _mark_resolved(orders: Sequence[Order], *, is_resolved: bool, by: User | None, origin: str) -> None:
    at = timezone.now() if is_resolved else None
    Order.objects.filter(pk__in=[order.pk for order in orders]).update(resolved_at=at, **raised(by))
    event, facts = "orders.resolved" if is_resolved else "orders.unresolved", []
    for order in orders:
        facts.append(fact_of(order, event, before={"resolved": order.is_resolved}, after={"resolved": is_resolved}))
        order.resolved_at = at
    record(facts, by=by, origin=origin)


class UnknownState(DomainError):
    """There is no such state. Look into Settings → States of orders."""


def state_named(text: str) -> State:
    """The state with this code, or with this name in any language; UnknownState if there is none, or more."""
    wanted = text.strip().casefold()
    states = list(State.objects.all())
    found = [s for s in states if s.code == wanted] or [
        s for s in states if wanted in {str(name).casefold() for name in s.names.values()}
    ]
    if len(found) != 1:
        raise UnknownState(
            _("There is no state “%(text)s”. There are: %(known)s.")
            % {"text": text, "known": ", ".join(s.code for s in states)}
        )
    return found[0]
