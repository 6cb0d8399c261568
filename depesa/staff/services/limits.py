"""What may be tried only so often: a count in the database, the same for all processes.

An attempt is taken before anything is tried, and given back when it was right. So of many at once no more than the
limit are tried, and whoever knows the password is not counted.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Final

from django.conf import settings
from django.utils import timezone
from django.utils.crypto import salted_hmac

from depesa.core.errors import Refused
from depesa.core.security import log_security
from depesa.core.texts import fold
from depesa.staff.models import Attempt
from depesa.staff.rules import LIMITS

_SALT: Final = "depesa.staff.attempt"


class TooOften(Refused):
    """That was tried too often. Wait a while and try again."""


@contextmanager
def attempt(**keys: str) -> Iterator[None]:
    """Take an attempt of each kind by its key, and give them back if the block ends well.

    TooOften if one was tried as often as it may be. Outside of a transaction, so that all others see it at once.
    """
    taken = _take(keys)
    yield
    _give_back(taken)


def pass_through(**keys: str) -> None:
    """Count one more of each kind by its key, whatever follows; TooOften as above."""
    _take(keys)


def forget_old() -> int:
    """Take away what counts no more; 0: nothing more is due."""
    longest = max(limit.within for limit in LIMITS.values())
    Attempt.objects.filter(at__lt=timezone.now() - longest).delete()
    return 0


def _take(keys: Mapping[str, str]) -> list[Attempt]:
    taken = [Attempt(kind=kind.replace("_", "-"), key=_hashed(key)) for kind, key in keys.items()]
    taken = Attempt.objects.bulk_create(taken)  # one statement, seen by all before anybody counts
    if reached := [each.kind for each in taken if _is_one_too_many(each)]:
        _give_back(taken)
        machine = next((key for kind, key in keys.items() if kind.endswith("machine")), "?")
        log_security("limit-hit", what=", ".join(reached), machine=machine)
        raise TooOften
    return taken


def _is_one_too_many(taken: Attempt) -> bool:
    limit = LIMITS[taken.kind]
    since = timezone.now() - limit.within
    return Attempt.objects.filter(kind=taken.kind, key=taken.key, at__gt=since).count() > limit.most


def _give_back(taken: list[Attempt]) -> None:
    Attempt.objects.filter(pk__in=[each.pk for each in taken]).delete()


def _hashed(key: str) -> str:
    """Neither names and addresses nor machines are kept as they are; all spellings of one are one."""
    return salted_hmac(_SALT, fold(key), secret=settings.SECRET_KEY, algorithm="sha256").hexdigest()
