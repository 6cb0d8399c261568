"""Make and revoke tokens, and recognise them."""

import datetime as dt
import threading
from collections.abc import Sequence
from typing import Final

from django.conf import settings
from django.db import transaction
from django.db.models import Case, F, Q, Value, When
from django.utils import timezone

from depesa.api.models import ApiToken, Scope
from depesa.api.rules.signatures import SHOWN, new_token
from depesa.core.errors import Refused, StaleState, raise_faults
from depesa.core.locks import digest_of
from depesa.core.reasons import gettext as _
from depesa.history.services import tell
from depesa.staff.models import User

LIVES: Final = dt.timedelta(days=365)
LONGEST_LIFE: Final = dt.timedelta(days=5 * 365)
TOLD_EVERY: Final = dt.timedelta(minutes=5)  # a token's last use is not written more often
SHARES: Final = 20  # of a minute's requests, each taken by one process in one statement


class NotLetIn(Refused):
    """This token lets nobody in."""


def usual_end() -> dt.date:
    """The last day of a token for which nobody said another one."""
    return timezone.localdate() + LIVES


def make_token(name: str, *, scopes: Sequence[str], by: User, ends_on: dt.date | None = None) -> tuple[ApiToken, str]:
    """A new token and its text, which is shown now and never again; its last day is usually in a year."""
    name, ends_on = name.strip(), ends_on or usual_end()
    _check_wish(name, scopes, ends_on)
    text = new_token()
    with transaction.atomic():
        token = ApiToken.objects.create(
            name=name,
            prefix=text[:SHOWN],
            hash=digest_of(text),
            scopes=sorted(scopes),
            ends_on=ends_on,
            created_by=by,
        )
        told = {"name": token.name, "scopes": ", ".join(token.scopes), "ends_on": ends_on.isoformat()}
        tell(token, "api.token-made", after=told, by=by)
    return token, text


def _check_wish(name: str, scopes: Sequence[str], ends_on: dt.date) -> None:
    faults, today = {}, timezone.localdate()
    if not name:
        faults["name"] = _("Write what the token is for.")
    if not scopes or set(scopes) - set(Scope.values):
        faults["scopes"] = _("Choose what the token may do: at least one thing.")
    if ends_on < today:
        faults["ends_on"] = _("This day is over. Choose today or a later day.")
    elif ends_on > today + LONGEST_LIFE:
        faults["ends_on"] = _("A token lives for five years at most. Choose an earlier day.")
    raise_faults(faults)


def revoke(token: ApiToken, *, by: User) -> None:
    """Let nobody in with this token any more; StaleState when somebody has done so already."""
    with transaction.atomic():
        free = ApiToken.objects.filter(pk=token.pk, revoked_at__isnull=True)
        if not free.update(revoked_at=timezone.now(), revoked_by=by):
            raise StaleState
        tell(token, "api.token-revoked", before={"name": token.name}, by=by)


def token_of(text: str, *, machine: str = "") -> ApiToken | None:
    """The token with this text, None when there is none; NotLetIn says why it lets nobody in. Its use is remembered."""
    found = ApiToken.objects.filter(hash=digest_of(text)).select_related("created_by").first()
    if found is None:
        return None
    if found.revoked_at:
        raise NotLetIn(_("This token was revoked. Make another one in Settings → API and webhooks."))
    if found.is_over:
        said = {"day": found.ends_on}
        raise NotLetIn(_("This token ended on %(day)s. Make another one in Settings → API and webhooks.") % said)
    if not found.created_by.is_active:
        raise NotLetIn(_("Whoever made this token may not sign in any more. Somebody else makes another one."))
    now = timezone.now()
    ApiToken.objects.filter(Q(last_used_at__isnull=True) | Q(last_used_at__lt=now - TOLD_EVERY), pk=found.pk).update(
        last_used_at=now, last_used_from=machine
    )
    return found


_shares: Final[dict[str, tuple[str, int]]] = {}  # by token: a minute, and what is left of it in this process
_sharing: Final = threading.Lock()


def is_too_fast(token: ApiToken) -> bool:
    """Whether the token has asked as often in this minute as DEPESA_API_RATE allows, by all processes together.

    A process takes a share of the minute's requests at a time, so that it does not write for each of them.
    """
    minute = f"{timezone.now():%Y%m%d%H%M}"
    with _sharing:
        of, left = _shares.get(token.hash, ("", 0))
        if of != minute or not left:
            left = _take_share(token, minute)
        _shares[token.hash] = (minute, max(left - 1, 0))
    return not left


def _take_share(token: ApiToken, minute: str) -> int:
    share = settings.DEPESA_API_RATE // SHARES or 1
    has_left = ~Q(minute=minute) | Q(asked__lte=settings.DEPESA_API_RATE - share)
    asked = Case(When(minute=minute, then=F("asked") + share), default=Value(share))
    return share if ApiToken.objects.filter(has_left, pk=token.pk).update(asked=asked, minute=minute) else 0
