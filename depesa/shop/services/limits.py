"""What may be tried only so often: a count in the database, the same for all processes."""

from typing import Final

from django.conf import settings
from django.utils import timezone
from django.utils.crypto import salted_hmac

from depesa.core.errors import Refused
from depesa.shop.models import Attempt
from depesa.shop.rules import LIMITS

_SALT: Final = "depesa.shop.attempt"


class TooOften(Refused):
    """That was tried too often. Wait a while and try again."""


def check(kind: str, key: str) -> None:
    """TooOften if this was tried as often as it may be."""
    limit = LIMITS[kind]
    since = timezone.now() - limit.within
    if Attempt.objects.filter(kind=kind, key=_hashed(key), at__gt=since).count() >= limit.most:
        raise TooOften


def note(kind: str, key: str) -> None:
    """Count one more."""
    Attempt.objects.create(kind=kind, key=_hashed(key))


def pass_through(kind: str, key: str) -> None:
    """Check and count in one go."""
    check(kind, key)
    note(kind, key)


def forget_old() -> int:
    """Take away what counts no more; 0: nothing more is due."""
    longest = max(limit.within for limit in LIMITS.values())
    Attempt.objects.filter(at__lt=timezone.now() - longest).delete()
    return 0


def _hashed(key: str) -> str:
    """Neither the addresses nor the machines of visitors are kept as they are."""
    return salted_hmac(_SALT, key.casefold(), secret=settings.SECRET_KEY, algorithm="sha256").hexdigest()
