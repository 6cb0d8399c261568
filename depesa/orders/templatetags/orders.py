"""Tags of orders: the state of an order as colour, icon and word."""

from decimal import Decimal
from typing import Final

from django import template
from django.utils.formats import number_format
from django.utils.html import format_html
from django.utils.safestring import SafeString

from depesa.emails.models import SystemEmail
from depesa.emails.queries import title_of
from depesa.orders.models import State
from depesa.orders.rules import StateType
from depesa.ui.templatetags.ui import icon

register = template.Library()

ICONS: Final = {
    StateType.RECEIVED: "tray",
    StateType.UNRESOLVED: "question",
    StateType.CANCELLED: "cross",
    StateType.PAYMENT_PENDING: "clock",
    StateType.PAYMENT_SUCCEEDED: "money",
    StateType.PAYMENT_FAILED: "warning",
    StateType.PAYMENT_CANCELLED: "minus",
    StateType.SENT: "send",
    StateType.CUSTOM: "right",
}
_BADGE: Final = (
    '<span class="badge is-calm"><svg class="dot" viewBox="0 0 8 8" aria-hidden="true">'
    '<circle cx="4" cy="4" r="4" fill="{}" /></svg>{}{}</span>'
)


@register.simple_tag
def state_badge(state: State) -> SafeString:
    """The state as its colour, the icon of its type and its name in the reader's language."""
    return format_html(_BADGE, state.colour, icon(ICONS[StateType(state.type)]), state)


@register.filter
def email_title(email: SystemEmail) -> str:
    """What a system e-mail is called, in the reader's language."""
    return str(title_of(email))


@register.filter
def price(amount: Decimal) -> str:
    """The price of one: two decimals, or as many as it has."""
    exponent = amount.normalize().as_tuple().exponent
    decimals = max(2, -exponent) if isinstance(exponent, int) else 2
    return number_format(amount, decimals, force_grouping=True)
