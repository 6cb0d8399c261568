"""Keep what a person sets about a channel."""

from collections.abc import Mapping
from typing import Any, Final

from django.db import transaction
from django.db.models import F
from django.utils.text import slugify

from depesa.core.errors import StaleState
from depesa.history.services import Fact, record
from depesa.outbox.models import Channel
from depesa.outbox.services.channels import keep_password
from depesa.staff.models import User

FIELDS: Final = (
    "name",
    "host",
    "port",
    "security",
    "username",
    "from_address",
    "from_name",
    "reply_to",
    "max_connections",
    "rate_per_minute",
    "max_size",
)


@transaction.atomic
def add_channel(values: Mapping[str, Any], *, password: str, by: User) -> Channel:
    """A new channel, not used until somebody chooses it; its code is made from the name."""
    channel = Channel(code=_free_code(values["name"]), **{name: values[name] for name in FIELDS})
    keep_password(channel, password)
    channel.save()
    record([_fact("outbox.channel-added", channel, before=None)], by=by)
    return channel


@transaction.atomic
def change_channel(
    channel: Channel, values: Mapping[str, Any], *, password: str | None, version: int, by: User
) -> None:
    """Set the channel anew; `password` None keeps the old one. StaleState if somebody else was faster."""
    before = _shown(Channel.objects.get(pk=channel.pk))
    if password is not None:
        keep_password(channel, password)
    changes = {name: values[name] for name in FIELDS} | {"secret": channel.secret}
    rows = Channel.objects.filter(pk=channel.pk, version=version)
    # What it suffered from may be mended now: the next letter tries at once.
    if not rows.update(**changes, version=F("version") + 1, fault="", fault_count=0, probe_at=None):
        raise StaleState
    channel.refresh_from_db()
    fact = _fact("outbox.channel-changed", channel, before=before)
    fact.note = "" if password is None else "password"
    record([fact], by=by)


def _fact(event: str, channel: Channel, *, before: dict[str, Any] | None) -> Fact:
    return Fact(event=event, subject=channel.ref, before=before, after=_shown(channel))


def _shown(channel: Channel) -> dict[str, Any]:
    """What of a channel may stand in the history: everything but the password."""
    return {name: str(getattr(channel, name)) for name in FIELDS}


def _free_code(name: str) -> str:
    stem = slugify(name)[:30] or "channel"
    taken = set(Channel.objects.filter(code__startswith=stem).values_list("code", flat=True))
    return next(code for code in (stem, *(f"{stem}-{n}" for n in range(2, 10_000))) if code not in taken)
