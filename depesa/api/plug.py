"""What the API brings to the apps below: who speaks for events of other shops."""

from typing import Final

from depesa.api.services.events import draft
from depesa.core.plugs import Plug
from depesa.triggers.contributions import Source

PLUG: Final[Plug] = (Source(kind="event", draft=draft),)
