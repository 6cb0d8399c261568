"""What the page of one order shows above its tabs: where it can go, and what that would do."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.shortcuts import get_object_or_404

from depesa.core.reasons import gettext as _
from depesa.documents.rules.sums import Rate
from depesa.emails.models import SystemEmail
from depesa.emails.queries import title_of
from depesa.orders.models import AutomaticInvoice, Invoicing, Order, OrderDocument, State
from depesa.orders.queries.settings import invoicing
from depesa.staff.models import User
from depesa.ui.parts import Text


@dataclass(frozen=True, slots=True)
class Move:
    """A state that an order may go to, with what follows from it in words."""

    state: State
    effects: Sequence[Text]
    is_current: bool = False


def order_of(pk: int, user: User) -> Order:
    """The order with what its page always needs, removed ones too; 404 if there is none."""
    rows = Order.objects.visible_to(user).select_related(
        "customer__price_list", "state", "price_list", "created_by", "removed_by"
    )
    return get_object_or_404(rows, pk=pk)


def rates_of(order: Order) -> list[Rate]:
    """The recap of VAT."""
    return [Rate(*map(Decimal, rate)) for rate in order.rates]


def moves_of(order: Order) -> list[Move]:
    """Every state, and what the change to it would do to this order: paid, invoice, resolved, letters."""
    settings = invoicing()
    has_invoice = OrderDocument.objects.filter(order=order, type__code="invoice", is_sole=True).exists()
    states = State.objects.select_related("system_email")
    return [
        Move(state, list(_effects(order, state, settings, has_invoice=has_invoice)), state.pk == order.state_id)
        for state in states
    ]


def _effects(order: Order, state: State, settings: Invoicing, *, has_invoice: bool) -> Iterator[Text]:
    is_paying = state.marks_paid and not order.is_paid
    is_invoicing = is_paying and settings.automatic == AutomaticInvoice.PAID and not has_invoice
    if is_paying:
        yield _("marks it paid")
    if is_invoicing:
        yield _("generates the invoice")
    if state.marks_resolved and not order.is_resolved:
        yield _("marks it resolved")
    yield from _letters(order, state.system_email)
    if is_invoicing and settings.system_email:
        yield from _letters(order, settings.system_email)


def _letters(order: Order, email: SystemEmail | None) -> Iterator[Text]:
    if email is None:
        yield _("no letter")
    elif not email.is_active:
        yield _("“%(email)s” is switched off") % {"email": title_of(email)}
    elif not order.email:
        yield _("no letter, for there is no address")
    else:
        yield _("letter “%(email)s”") % {"email": title_of(email)}
