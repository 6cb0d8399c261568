"""What every page says while letters cannot leave at all."""

from collections.abc import Iterator

from django.db.models import Subquery
from django.urls import reverse
from django.utils.translation import gettext as _

from depesa.outbox.models import Installation, Place
from depesa.ui.contributions import Notice
from depesa.ui.parts import Action


def standstill() -> Iterator[Notice]:
    """The quarantine, and what stands in the way at one of the places from which letters leave."""
    troubled = Place.objects.exclude(trouble="").order_by("-seen_at")
    row = Installation.objects.filter(pk=1).annotate(trouble=Subquery(troubled.values("trouble")[:1])).first()
    if row is None:
        return
    if row.quarantined_at:
        read_list = Action(_("Read the list"), reverse("outbox:quarantine"), "list")
        yield Notice("error", _("No letter leaves: %(reason)s") % {"reason": row.quarantine_reason}, read_list)
    if row.trouble:
        yield Notice("error", row.trouble)
