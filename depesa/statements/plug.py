"""What statements bring to the apps below: the work of forming and of sending operations, and their settings."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from depesa.core.plugs import Plug
from depesa.core.records import Kind
from depesa.history.contributions import Vocabulary
from depesa.operations.contributions import Work
from depesa.staff.rules import Right
from depesa.statements.placeholders import MONTHLY_STATEMENT
from depesa.statements.presets import EMAILS
from depesa.statements.queries import foresee_forming, foresee_sending, page_of, papers_of
from depesa.statements.services import FORMING, SENDING, leave_out, post_forming, post_sending, send_again, take_back

PLUG: Final[Plug] = (
    *EMAILS,
    MONTHLY_STATEMENT,
    Work(runs=FORMING, post=post_forming, right=Right.POST, is_periodic=True, foresee=foresee_forming, page=page_of),
    Work(
        runs=SENDING,
        post=post_sending,
        right=Right.SEND,
        leave_out=leave_out,
        take_back=take_back,
        foresee=foresee_sending,
        papers=papers_of,
        send_again=send_again,
        page=page_of,
    ),
    Kind("statements", _("statements")),
    Vocabulary(
        app="statements",
        events={
            "statements.formed": (_("formed the statement"), "documents"),
            "statements.run-formed": (_("formed the statements of a month"), "documents"),
            "statements.re-formed": (_("formed the statement anew"), "refresh"),
            "statements.settings-saved": (_("changed the settings of statements"), "pencil"),
            "statements.posted": (_("sent the statement"), "send"),
            "statements.sent-again": (_("sent the statement again"), "send"),
            "statements.arrived-after-all": (_("posted the statement again: its letter was tried once more"), "send"),
            "statements.returned": (_("brought the statement back: nobody received it"), "returned"),
        },
    ),
)
