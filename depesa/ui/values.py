"""Values as a page shows them, in the reader's language."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from depesa.core.languages import formatter, spoken
from depesa.core.money import SCALE


def write_value(value: Any) -> str:
    """Text, number, amount, date, time, yes or nothing."""
    match value:
        case bool():
            return _("yes") if value else ""
        case Decimal() | int():
            return formatter(spoken()).number(value, _decimals(Decimal(value)), minus="-")
        case dt.datetime():
            return date_format(timezone.localtime(value), "SHORT_DATETIME_FORMAT")
        case dt.date():
            return date_format(value, "SHORT_DATE_FORMAT")
        case _:
            return str(value)


def _decimals(value: Decimal) -> int:
    """As many as the value has; an amount as the database gives it (four) loses zeros down to two."""
    decimals = max(-int(value.as_tuple().exponent), 0)
    return decimals if decimals < SCALE else 2
