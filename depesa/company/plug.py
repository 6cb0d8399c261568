"""What the company brings to the apps below: our own firm as a record."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from depesa.company.models import Company
from depesa.core.plugs import Plug
from depesa.core.records import Kind
from depesa.history.contributions import Vocabulary

PLUG: Final[Plug] = (
    Kind(Company.record_kind, _("company")),
    Vocabulary(
        app="company",
        security=frozenset(
            {
                "company.changed",
            }
        ),
        events={
            "company.changed": (_("changed the company"), "pencil"),
        },
    ),
)
