"""What statements come with: the two tasks of a run, and the letter, whose words stand in the modules beside."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from depesa.emails.presets import Preset

TASKS: Final = [
    ("form-statements", "Form the list of customers to be sent a list of invoices"),
    ("send-statement", "Sending the list of invoices"),
]
EMAILS: Final = (
    Preset(
        "monthly-statement",
        _("Monthly statement"),
        _("Carries the list of a month's sales documents."),
        context="monthly-statement",
        package=__name__,
        is_bound=True,
    ),
)
