"""What system e-mails bring to the apps below: the occasions on which letters are written."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from depesa.core.plugs import Plug
from depesa.core.records import Kind
from depesa.emails.models import SystemEmail
from depesa.emails.placeholders import ACCOUNT, CONTACT_FORM, MONTHLY_STATEMENT, NEWSLETTER, ORDER

PLUG: Final[Plug] = (
    Kind(SystemEmail.record_kind, _("system e-mail")),
    ORDER,
    ACCOUNT,
    NEWSLETTER,
    CONTACT_FORM,
    MONTHLY_STATEMENT,
)
