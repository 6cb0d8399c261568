"""Keep what a person sets about a channel."""

from collections.abc import Mapping
from functools import partial
from typing import Any, Final

from django.db import transaction

from depesa.core.edits import Snapshot, edited, put, snapshot
from depesa.core.errors import Faults
from depesa.core.reasons import gettext as _
from depesa.core.tables import free_code
from depesa.history.services import tell
from depesa.outbox.models import Channel
from depesa.outbox.services.channels import keep_password
from depesa.staff.models import User

FIELDS: Final = (
    "name", "host", "port", "security", "username", "from_address", "from_name", "sender_domains", "reply_to",
    "max_connections", "rate_per_minute", "max_size",
)  # fmt: skip


THE_SERVER: Final = ("host", "port", "security", "username")  # for which a password was typed


@transaction.atomic
def add_channel(values: Mapping[str, Any], *, password: str, by: User) -> Channel:
    """A new channel, not used until somebody chooses it; its code is made from the name."""
    channel = Channel(
        code=free_code(Channel, values["name"], usual="channel", most=34), **{name: values[name] for name in FIELDS}
    )
    keep_password(channel, password)
    channel.save()
    tell(channel, "outbox.channel-added", after=_open_part(channel), by=by)
    return channel


def change_channel(
    channel: Channel, values: Mapping[str, Any], *, password: str | None, version: int | None, by: User
) -> None:
    """Set the channel anew; `password` None keeps the old one. Overtaken if somebody else was faster.

    A kept password goes only to the server for which it was typed: Faults asks for it anew for another one.
    """
    with edited(channel, version, by=by, told=_channel_told, tell=partial(_tell_change, by=by)) as row:
        if password is None and row.secret and any(values[name] != getattr(row, name) for name in THE_SERVER):
            raise Faults({"password": _("This is another mail server or user: type the password once more.")})
        put(row, values, FIELDS)
        if password is not None:
            keep_password(row, password)
        # What it suffered from may be mended now: the next letter tries at once.
        row.fault, row.fault_count, row.probe_at = "", 0, None
    channel.refresh_from_db()


def _channel_told(channel: Channel) -> dict[str, Any]:
    """What is set about a channel and what it suffers from; the password for nobody but this comparison."""
    return _open_part(channel) | snapshot(channel, ("secret", "fault", "fault_count", "probe_at"))


def _tell_change(channel: Channel, before: Snapshot | None, after: Snapshot, *, by: User) -> None:
    was, now = ({name: value for name, value in (side or {}).items() if name in FIELDS} for side in (before, after))
    note = "password" if "secret" in after else ""
    if was or now or note:
        tell(channel, "outbox.channel-changed", before=was, after=now, note=note, by=by)


def _open_part(channel: Channel) -> dict[str, Any]:
    """What of a channel may stand in the history: everything but the password."""
    return {name: str(getattr(channel, name)) for name in FIELDS}
