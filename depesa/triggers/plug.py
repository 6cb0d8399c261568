"""What triggers bring to the apps below: their settings as a record."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from depesa.core.plugs import Plug
from depesa.core.records import Kind
from depesa.history.contributions import Vocabulary
from depesa.triggers.queries import names

PLUG: Final[Plug] = (
    Kind("triggers", _("letters after events")),
    Vocabulary(
        app="triggers",
        events={
            "triggers.queued": (_("put a letter in the outbox"), "letter"),
            "triggers.failed": (_("could not write a letter"), "warning"),
            "triggers.left-out": (_("left a letter out"), "minus"),
            "triggers.undone": (_("took a letter back before it was written"), "undo"),
            "triggers.tried-again": (_("asked for a letter once more"), "refresh"),
            "triggers.hold-saved": (_("set how long letters are held"), "clock"),
        },
        names=names,
    ),
)
