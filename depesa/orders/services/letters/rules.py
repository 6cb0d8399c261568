"""The rules that orders bring: which change causes which letter."""

from collections.abc import Iterator

from django.urls import reverse

from depesa.core.reasons import gettext_lazy as _
from depesa.orders.models import State
from depesa.orders.queries.settings import invoicing
from depesa.orders.rules.presets import order_preset
from depesa.triggers.contributions import Rule
from depesa.triggers.rules import Reason

CUSTOMER = _("the address on the order")


def tell_rules() -> Iterator[Rule]:
    """Every rule of orders in words: a new order, each state, an invoice."""
    yield from _of_new_orders()
    for state in State.objects.select_related("system_email"):
        yield Rule(
            when=_("The state of an order changes to %(state)s") % {"state": state},
            whom=CUSTOMER,
            email=state.system_email.code if state.system_email else "",
            reason=_why(state),
            detail="order-placed" if state.is_bound else "",
            url=reverse("orders:edit_state", args=[state.pk]),
            event="state-changed",
        )
    chosen = invoicing().system_email
    yield Rule(
        when=_("An invoice is generated"),
        whom=CUSTOMER,
        email=chosen.code if chosen else "",
        reason="" if chosen else Reason.NOT_CHOSEN,
        url=reverse("orders:invoicing"),
        event="invoice-generated",
    )


def _why(state: State) -> str:
    if state.is_bound:
        return Reason.PREDEFINED
    return "" if state.system_email_id else Reason.NOT_CHOSEN


def _of_new_orders() -> Iterator[Rule]:
    cases = (
        (True, True, _("An order is placed with an account, paid by bank transfer")),
        (True, False, _("An order is placed with an account, paid otherwise")),
        (False, True, _("An order is placed without an account, paid by bank transfer")),
        (False, False, _("An order is placed without an account, paid otherwise")),
    )
    for has_account, is_transfer, when in cases:
        email = order_preset(has_account=has_account, is_transfer=is_transfer)
        yield Rule(when=when, whom=CUSTOMER, email=email, event="order-placed")
    yield Rule(
        when=_("An order is placed with shipping to be agreed"),
        whom=CUSTOMER,
        email=order_preset(has_account=False, is_transfer=False, is_individual=True),
        event="order-placed",
    )
