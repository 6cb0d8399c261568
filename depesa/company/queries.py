"""Reads of our own firm."""

import datetime as dt
import zoneinfo
from typing import Final

from babel.numbers import get_territory_currencies
from django.utils import timezone

from depesa.company.models import Company

_AS_OF: Final = dt.date(2026, 1, 1)
_EURO_SINCE_2026: Final = frozenset({"BG"})  # Unicode may list the lev


def current() -> Company:
    """Our firm; a new installation gets an empty one named "Our company"."""
    return Company.objects.select_related("logo").filter(pk=1).first() or Company(pk=1, name="Our company")


def home_currency(company: Company) -> str:
    """The currency of our country, in which its tax office counts; empty while the country is not known."""
    if company.country in _EURO_SINCE_2026:
        return "EUR"
    return str(next(iter(get_territory_currencies(company.country, _AS_OF) if company.country else ()), ""))


def today() -> dt.date:
    """Today in the company's time zone: the day that is written on papers."""
    return timezone.now().astimezone(zoneinfo.ZoneInfo(current().time_zone)).date()


def midnight(day: dt.date) -> dt.datetime:
    """When the day begins by the clock of whoever asks."""
    return timezone.make_aware(dt.datetime.combine(day, dt.time()))
