"""Make and revoke tokens, and recognise them."""

import datetime as dt
from typing import Final

from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from depesa.api.models import ApiToken
from depesa.api.rules.signatures import SHOWN, new_token
from depesa.core.errors import Faults, StaleState
from depesa.core.locks import digest_of
from depesa.core.reasons import gettext as _
from depesa.history.services import tell
from depesa.staff.models import User

TOLD_EVERY: Final = dt.timedelta(minutes=1)  # a token's last use is not written more often


def make_token(name: str, *, may_write: bool, by: User) -> tuple[ApiToken, str]:
    """A new token and its text, which is shown now and never again."""
    if not name.strip():
        raise Faults({"name": _("Write what the token is for.")})
    text = new_token()
    with transaction.atomic():
        token = ApiToken.objects.create(
            name=name.strip(), prefix=text[:SHOWN], hash=digest_of(text), may_write=may_write, created_by=by
        )
        tell(token, "api.token-made", after={"name": token.name, "writes": may_write}, by=by)
    return token, text


def revoke(token: ApiToken, *, by: User) -> None:
    """Let nobody in with this token any more; StaleState when somebody has done so already."""
    with transaction.atomic():
        free = ApiToken.objects.filter(pk=token.pk, revoked_at__isnull=True)
        if not free.update(revoked_at=timezone.now(), revoked_by=by):
            raise StaleState
        tell(token, "api.token-revoked", before={"name": token.name}, by=by)


def token_of(text: str) -> ApiToken | None:
    """The token with this text, if it lets somebody in; its use is remembered."""
    found = ApiToken.objects.filter(hash=digest_of(text), revoked_at__isnull=True).select_related("created_by").first()
    if found is None or not found.created_by.is_active:
        return None
    now = timezone.now()
    ApiToken.objects.filter(Q(last_used_at__isnull=True) | Q(last_used_at__lt=now - TOLD_EVERY), pk=found.pk).update(
        last_used_at=now
    )
    return found


def is_too_fast(token: ApiToken) -> bool:
    """Whether the token has asked more often in this minute than DEPESA_API_RATE allows."""
    key = f"api:{token.pk}:{timezone.now():%H%M}"
    cache.add(key, 0, timeout=90)
    try:
        return cache.incr(key) > settings.DEPESA_API_RATE
    except ValueError:  # the key ran out at this moment
        return False
