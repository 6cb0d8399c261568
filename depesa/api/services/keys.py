"""Idempotency keys: asked twice, done once, answered alike."""

import datetime as dt
import hashlib
from collections.abc import Callable
from typing import Any, Final

from django.db import transaction
from django.utils import timezone

from depesa.api.models import ApiToken, IdempotencyKey
from depesa.core.deadlocks import undeterred
from depesa.core.errors import Faults
from depesa.core.reasons import gettext as _

KEPT: Final = dt.timedelta(days=7)
MOST: Final = 1000
type Answer = tuple[int, dict[str, Any]]


@undeterred
def once(token: ApiToken, key: str, asked: bytes, act: Callable[[], Answer]) -> Answer:
    """Do the act and keep its answer under the key, in one transaction; the same request again gets that answer.

    `asked` is the whole request. Faults when the key was used for another one. What is refused is not kept: it may be
    mended and sent again with the same key.
    """
    with transaction.atomic():
        if not key:
            return act()
        digest = hashlib.sha256(asked).hexdigest()
        row, is_new = IdempotencyKey.objects.get_or_create(token=token, key=key, defaults={"request_hash": digest})
        if not is_new:
            if row.request_hash != digest:
                sentence = _("This key was used for another request. Send a new key with a new request.")
                raise Faults({"Idempotency-Key": sentence})
            return row.status, row.answer
        row.status, row.answer = act()
        row.save(update_fields=["status", "answer"])
        return row.status, row.answer


def forget_keys() -> int:
    """Remove keys that are older than a week, at most a thousand; how many."""
    old = IdempotencyKey.objects.filter(created_at__lt=timezone.now() - KEPT).order_by("created_at")
    found = list(old.values_list("pk", flat=True)[:MOST])
    IdempotencyKey.objects.filter(pk__in=found).delete()
    return len(found)
