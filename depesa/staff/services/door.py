"""Who came in and left, and what was taken along."""

from depesa.history.services import tell
from depesa.staff.models import User


def note_entrance(user: User, *, machine: str, device: str) -> None:
    """Remember that the user signed in, from where and with what."""
    tell(user, "staff.signed-in", after={"machine": machine, "device": device}, by=user)


def note_exit(user: User, *, machine: str) -> None:
    """Remember that the user signed out."""
    tell(user, "staff.signed-out", after={"machine": machine}, by=user)


def note_saved_list(user: User, name: str, *, ending: str, query: str) -> None:
    """Remember that the user saved a list as a file, and what the list was asked for."""
    tell(user, "staff.list-saved", after={"list": name, "ending": ending, "query": query[:200]}, by=user)
