"""Places: the computers and data folders from which letters leave, each with a permit journal of its own."""

import datetime as dt
import errno
import hashlib
import os
from pathlib import Path
from typing import Final

from django.conf import settings
from django.db.models import Value
from django.db.models.functions import Greatest
from django.utils import timezone

from depesa.core.batches import FULL
from depesa.core.processes import HOST, MACHINE
from depesa.core.reasons import gettext as _
from depesa.outbox.journal import which
from depesa.outbox.models import Place

AT_WORK: Final = dt.timedelta(minutes=5)  # a place that was seen since is at work
SEEN_EVERY: Final = dt.timedelta(seconds=30)
_NO_ROOM: Final = FULL - {errno.EIO}


def journal_folder() -> Path:
    """Where permits are written down outside the database."""
    return Path(settings.DEPESA_DATA_DIR) / "outbox-journal"


def here() -> str:
    """This place by what a copy of its data folder cannot have: the machine, the path, and the folder itself.

    A folder that was made anew may get the number of the old one; file systems that count that tell them apart.
    """
    folder = Path(settings.DEPESA_DATA_DIR)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle = os.open(folder, os.O_RDONLY)
    try:
        known = f"{MACHINE}\n{folder.resolve()}\n{which(handle)}"
    finally:
        os.close(handle)
    return hashlib.sha256(known.encode()).hexdigest()[:32]


def enter_here(*, last_permit: int = 0) -> Place:
    """The row of this place, seen now."""
    now = timezone.now()
    place, is_new = Place.objects.get_or_create(
        key=here(), defaults={"name": HOST, "seen_at": now, "last_permit": last_permit}
    )
    if not is_new and (place.seen_at < now - SEEN_EVERY or place.last_permit < last_permit):
        place.seen_at, place.last_permit = now, max(place.last_permit, last_permit)
        Place.objects.filter(pk=place.pk).update(seen_at=now, last_permit=place.last_permit)
    return place


def seen_here() -> None:
    """Letters may leave from here: seen now, if it has been entered."""
    now = timezone.now()
    long_ago = Place.objects.filter(key=here(), seen_at__lt=now - SEEN_EVERY)
    if long_ago.exists():  # asked first, for an update that finds nothing takes the lock of all writers, too
        long_ago.update(seen_at=now)


def keep_permit(place: Place, last_permit: int) -> None:
    """Letters leave from the place, and its journal holds this permit."""
    highest = Greatest("last_permit", Value(last_permit))  # another process of this place may have got further
    Place.objects.filter(pk=place.pk).update(last_permit=highest, seen_at=timezone.now())


def others_at_work() -> bool:
    """Whether letters leave from another place meanwhile."""
    return Place.objects.filter(seen_at__gt=timezone.now() - AT_WORK).exclude(key=here()).exists()


def halt_here(problem: OSError) -> None:
    """Nothing can leave from here until the journal can be written; the banner says why."""
    if problem.errno in _NO_ROOM:
        why = _("No letter leaves from %(place)s: there is no space left for the permit journal. Make room.")
    else:
        why = _("No letter leaves from %(place)s: the permit journal cannot be written (%(why)s).")
    say_here(why % {"place": HOST, "why": problem.strerror or problem})


def is_in_trouble_here() -> bool:
    """Whether something stood in the way here when it was looked at last."""
    return Place.objects.filter(key=here()).exclude(trouble="").exists()


def say_here(trouble: str) -> Place:
    """What stands in the way at this place, for the banner; nothing if nothing does."""
    place = enter_here()
    if place.trouble != trouble:
        Place.objects.filter(pk=place.pk).update(trouble=trouble)
    return place
