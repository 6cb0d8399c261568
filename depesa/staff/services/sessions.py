"""Sessions of the desk and of the shop."""

from django.contrib.sessions.models import Session
from django.utils import timezone


def forget_sessions() -> int:
    """Take away the sessions that have ended, of the desk and of the shop; how many."""
    ended, _of_kinds = Session.objects.filter(expire_date__lt=timezone.now()).delete()
    return ended
