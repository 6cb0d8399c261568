"""What system e-mails bring to the apps below: their kind of records."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from depesa.core.plugs import Plug
from depesa.core.records import Kind
from depesa.emails.models import SystemEmail

PLUG: Final[Plug] = (Kind(SystemEmail.record_kind, _("system e-mail")),)
