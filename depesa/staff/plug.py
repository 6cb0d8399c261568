"""What staff bring to the apps below: users as records."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from depesa.core.plugs import Plug
from depesa.core.records import Kind
from depesa.staff.models import User

PLUG: Final[Plug] = (Kind(User.record_kind, _("user")),)
