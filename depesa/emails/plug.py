"""What system e-mails bring to the apps below: the occasions on which letters are written."""

from typing import Final

from depesa.core.plugs import Plug
from depesa.emails.placeholders import ACCOUNT, CONTACT_FORM, MONTHLY_STATEMENT, NEWSLETTER, ORDER

PLUG: Final[Plug] = (ORDER, ACCOUNT, NEWSLETTER, CONTACT_FORM, MONTHLY_STATEMENT)
