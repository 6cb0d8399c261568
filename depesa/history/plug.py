"""What the history brings to itself: what people and other systems remark."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from depesa.core.plugs import Plug
from depesa.history.contributions import Vocabulary
from depesa.history.rules import NOTED, TOLD

PLUG: Final[Plug] = (
    Vocabulary(
        app="history",
        events={
            NOTED: (_("noted"), "note"),
            TOLD: (_("was told by another system"), "globe"),
        },
    ),
)
