"""What system e-mails bring to the apps below: their kind of records."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from depesa.core.plugs import Plug
from depesa.core.records import Kind
from depesa.emails.models import SystemEmail
from depesa.history.contributions import Vocabulary

PLUG: Final[Plug] = (
    Kind(SystemEmail.record_kind, _("system e-mail")),
    Vocabulary(
        app="emails",
        events={
            "emails.text-saved": (_("saved a text"), "pencil"),
            "emails.email-added": (_("added a system e-mail"), "plus"),
            "emails.email-changed": (_("changed a system e-mail"), "pencil"),
            "emails.email-removed": (_("removed a system e-mail"), "bin"),
        },
        labels={
            "system_email": _("system e-mail"),
            "version": _("version"),
        },
        former={"letters.": "emails."},
    ),
)
