"""Keep what the trader chooses about statements."""

from collections.abc import Mapping
from functools import partial
from typing import Any, Final

from depesa.core.edits import edited, put, snapshot
from depesa.history.services import teller
from depesa.staff.models import User
from depesa.statements.models import Settings

FIELDS: Final = ("forms_by_itself", "sums_differ_by", "note", "small_untagged")


def save_settings(values: Mapping[str, Any], *, by: User | None, version: int | None = None) -> None:
    """Keep the choices as somebody saw and changed them."""
    told, tell = partial(snapshot, names=FIELDS), teller("statements.settings-saved", by=by)
    with edited(Settings(pk=1), version, by=by, told=told, tell=tell) as choices:
        put(choices, values, FIELDS)
