"""A button is pressed once: sent again from the same page, what it made comes back and nothing more is made."""

import datetime as dt
from collections.abc import Callable
from typing import Any, Final

from django.apps import apps
from django.db import IntegrityError, models, transaction
from django.utils import timezone

from depesa.core.models import Press

KEPT: Final = dt.timedelta(days=7)


def once[Made](key: str, make: Callable[[], Made]) -> Made | Any:
    """What `make` makes in a transaction, or what it made when this key came before; None where that is no row.

    Of two at once the second waits for the first. If it is refused, the key is good for another try.
    """
    if known := Press.objects.filter(key=key).first():
        return _made(known)
    try:
        with transaction.atomic():
            press = Press.objects.create(key=key)
            made = make()
            if isinstance(made, models.Model):
                press.made = f"{made._meta.label}:{made.pk}"
                press.save(update_fields=["made"])
    except IntegrityError:
        if known := Press.objects.filter(key=key).first():
            return _made(known)
        raise
    return made


def _made(press: Press) -> Any:
    label, _colon, key = press.made.rpartition(":")
    return apps.get_model(label)._default_manager.filter(pk=key).first() if label else None


def forget_presses() -> int:
    """Forget buttons that were pressed long ago; 0: nothing more is due."""
    Press.objects.filter(at__lt=timezone.now() - KEPT).delete()
    return 0
