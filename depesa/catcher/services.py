"""Keep what came over SMTP, and throw it away again. Nothing ever leaves from here."""

from collections.abc import Iterable

from depesa.catcher.models import CaughtLetter
from depesa.catcher.rules import LARGEST, MOST_RECIPIENTS, Caught
from depesa.core.errors import DomainError
from depesa.core.reasons import gettext as _
from depesa.mail.letter import clean, count_files, read_head


class LetterTooLarge(DomainError):
    """The letter is larger than 50 MB; the catcher does not keep it."""


def keep_many(letters: Iterable[Caught]) -> list[CaughtLetter]:
    """Store letters, all or none, whatever stands in their headers; LetterTooLarge over 50 MB."""
    return CaughtLetter.objects.bulk_create([_kept_letter(letter) for letter in letters], batch_size=200)


def _kept_letter(caught: Caught) -> CaughtLetter:
    if len(caught.content) > LARGEST:
        raise LetterTooLarge
    head = read_head(caught.content)
    return CaughtLetter(
        envelope_from=clean(caught.envelope_from)[:254],
        recipients=[clean(address)[:254] for address in caught.recipients[:MOST_RECIPIENTS]],
        subject=head.subject[:300],
        sender=head.sender[:300],
        to=head.to[:500],
        message_id=head.message_id[:200],
        size=len(caught.content),
        attachment_count=count_files(caught.content),
        content=caught.content,
    )


def read(letter: CaughtLetter) -> None:
    """Remember that somebody has opened the letter."""
    CaughtLetter.objects.filter(pk=letter.pk, is_read=False).update(is_read=True)


def empty() -> str:
    """Throw every letter away; return how many, in words."""
    count, _by_model = CaughtLetter.objects.all().delete()
    return _("Letters thrown away: %(count)s.") % {"count": count}
