"""What imports bring to the apps below: imported files as records."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from depesa.core.plugs import Plug
from depesa.core.records import Kind
from depesa.history.contributions import Vocabulary
from depesa.imports.models import ImportBatch

PLUG: Final[Plug] = (
    Kind(ImportBatch.record_kind, _("import"), "documents:import"),
    Vocabulary(
        app="imports",
        labels={
            "file": _("file"),
            "profile": _("profile"),
        },
    ),
)
