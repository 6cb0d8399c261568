"""Keep what the trader chooses about statements."""

from collections.abc import Mapping
from typing import Any, Final

from depesa.core.edits import Snapshot, edited
from depesa.core.records import Ref
from depesa.history.services import Fact, record
from depesa.staff.models import User
from depesa.statements.models import Settings

SUBJECT: Final = Ref("statements", "settings")
FIELDS: Final = ("forms_by_itself", "sums_differ_by", "note", "small_untagged")


def save_settings(values: Mapping[str, Any], *, by: User | None, version: int | None = None) -> None:
    """Keep the choices as somebody saw and changed them."""

    def tell(_row: Settings, before: Snapshot | None, after: Snapshot) -> None:
        record([Fact(event="statements.settings-saved", subject=SUBJECT, before=before, after=after)], by=by)

    with edited(Settings(pk=1), version, by=by, told=_settings_told, tell=tell) as choices:
        for name in FIELDS:
            setattr(choices, name, values[name])


def _settings_told(choices: Settings) -> Snapshot:
    return {name: getattr(choices, name) for name in FIELDS}
