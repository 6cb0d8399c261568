"""Closed books: until their day nothing is posted, changed or taken back, nor made by who has begun before."""

import datetime as dt
from typing import Final

from depesa.core.edits import Snapshot, edited
from depesa.core.turns import take_turn
from depesa.documents.models import Books
from depesa.documents.queries import closed_until
from depesa.history.services import tell
from depesa.staff.models import User

BOOKS: Final = "books"


def held_until() -> dt.date | None:
    """The last day of the closed books; nobody closes further ones until the transaction ends.

    First in a transaction that posts, so that nobody who waits for it holds rows.
    """
    take_turn(BOOKS, shared=True)
    return closed_until()


def hold_still() -> None:
    """Nobody posts, changes or takes back a posted document until the transaction ends; waits for those who do."""
    take_turn(BOOKS)


def save_books(closed_until: dt.date | None, *, by: User | None, version: int | None = None) -> None:
    """Close the books up to this day, or open them again, as somebody saw them; waits for who is posting."""

    def tell_closed(books: Books, before: Snapshot | None, after: Snapshot) -> None:
        days = [(side or {}).get("closed_until") for side in (before, after)]
        tell(books, "documents.books-closed", before=days[0], after=days[1], by=by)

    with edited(Books(pk=1), version, by=by, told=_closed, tell=tell_closed) as books:
        hold_still()
        books.closed_until = closed_until


def _closed(books: Books) -> Snapshot:
    return {"closed_until": books.closed_until.isoformat() if books.closed_until else None}
