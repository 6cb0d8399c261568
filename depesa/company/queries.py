"""Reads of our own firm."""

import datetime as dt
import zoneinfo

from django.utils import timezone

from depesa.company.models import Company


def current() -> Company:
    """Our firm; a new installation gets an empty one named "Our company"."""
    return Company.objects.select_related("logo").filter(pk=1).first() or Company(pk=1, name="Our company")


def today() -> dt.date:
    """Today in the company's time zone: the day that is written on papers."""
    return timezone.now().astimezone(zoneinfo.ZoneInfo(current().time_zone)).date()


def midnight(day: dt.date) -> dt.datetime:
    """When the day begins by the clock of whoever asks."""
    return timezone.make_aware(dt.datetime.combine(day, dt.time()))
