"""Reads of staff: what was done to a user, and what concerns security that he did."""

from typing import Any

from django.db.models import Q

from depesa.core.records import about
from depesa.history.contributions import SECURITY
from depesa.history.models import Entry
from depesa.history.queries import MOST_SHOWN, in_words
from depesa.staff.models import User


def story_of(user: User) -> dict[str, Any]:
    """The user, and what an administrator should see of him, newest first, at most 50 lines."""
    concerns = about(user.ref) | Q(actor=user, event__in=list(SECURITY))
    rows = Entry.objects.filter(concerns).select_related("actor").order_by("-id")[:MOST_SHOWN]
    return {"person": user, "entries": in_words(rows)}
