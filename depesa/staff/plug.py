"""What staff bring to the apps below: users as records, and the words for what is done to them."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from depesa.core.plugs import Plug
from depesa.core.records import Kind
from depesa.history.contributions import Vocabulary
from depesa.staff.models import User

_EVENTS: Final = {
    "staff.user-added": (_("added a user"), "plus"),
    "staff.user-changed": (_("changed a user"), "pencil"),
    "staff.profile-changed": (_("changed the own profile"), "pencil"),
    "staff.password-given": (_("gave a one-time password"), "lock"),
    "staff.password-chosen": (_("chose a new password"), "lock"),
    "staff.signed-in": (_("signed in"), "user"),
    "staff.signed-out": (_("signed out"), "lock"),
    "staff.session-ended": (_("ended a session"), "lock"),
    "staff.list-saved": (_("saved a list as a file"), "download"),
}

PLUG: Final[Plug] = (
    Kind(User.record_kind, _("user")),
    Vocabulary(
        app="staff",
        events=_EVENTS,
        security=frozenset(_EVENTS),
        labels={
            "machine": _("machine"),
            "device": _("device"),
            "list": _("list"),
            "query": _("filter"),
            "has_one_time_password": _("one-time password"),
        },
    ),
)
