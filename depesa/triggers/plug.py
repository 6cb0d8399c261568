"""What triggers bring to the apps below: their settings as a record."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from depesa.core.plugs import Plug
from depesa.core.records import Kind

PLUG: Final[Plug] = (Kind("triggers", _("letters after events")),)
