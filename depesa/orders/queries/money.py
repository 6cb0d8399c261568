"""Orders whose money a person should look at."""

from django.db.models import F, Q

from depesa.core.languages import formatter, spoken
from depesa.core.reasons import gettext as _
from depesa.orders.models import Order
from depesa.orders.rules.money import Standing, standing_of
from depesa.orders.rules.states import StateType


def standing(order: Order) -> Standing | None:
    """What is odd about the money of the order, whether or not somebody has resolved it."""
    return standing_of(
        order.gross,
        order.received,
        order.returned,
        is_paid=order.is_paid,
        is_over=order.is_removed or order.state.type == StateType.CANCELLED,
        is_open=order.is_individual_shipping,
    )


def look_at_money() -> Q:
    """Orders with something odd about their money that nobody has resolved yet; the same as `standing` says."""
    is_over = Q(removed_at__isnull=False) | Q(state__type=StateType.CANCELLED)
    odd = (
        Q(is_over, received__gt=F("returned"))
        | ~is_over & Q(returned__gt=0, paid_at__isnull=False, received__lt=F("gross") + F("returned"))
        | ~is_over & Q(received__gt=F("gross") + F("returned"))
        | ~is_over & Q(paid_at__isnull=True, received__gt=F("returned"), received__lt=F("gross") + F("returned"))
        | ~is_over & Q(is_individual_shipping=True, received__gt=F("returned"))
    )
    return Q(odd, received__isnull=False, resolved_at__isnull=True)


def otherwise_elsewhere() -> Q:
    """Another shop says something else of the order, and nobody has resolved it."""
    return ~Q(differs="") & Q(resolved_at__isnull=True)


def money_in_words(order: Order) -> str:
    """What came in and what is odd about it, as a sentence; empty where nothing is."""
    found = standing(order)
    write = formatter(spoken()).money_with_sign
    kept, gross = write(order.money_kept, order.currency), write(order.gross, order.currency)
    values = {
        "kept": kept,
        "gross": gross,
        "returned": write(order.returned, order.currency),
        "more": write(order.money_kept - order.gross, order.currency),
    }
    words = {
        Standing.TO_RETURN: _("%(kept)s came in and is to be returned."),
        Standing.RETURNED: _("%(returned)s went back to the customer. Make a credit note of the invoice."),
        Standing.TOO_MUCH: _("%(kept)s came in: %(more)s too much."),
        Standing.PARTLY: _("%(kept)s of %(gross)s came in."),
        Standing.OPEN_PRICE: _("%(kept)s came in, and the price of shipping is still to be agreed."),
    }
    return words[found] % values if found else ""
