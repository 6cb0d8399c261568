"""Quarantine: nothing leaves from a database that was restored, copied, or lags behind its permit journal."""

import os
import time
import uuid
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone

from depesa.core.edges import kill_point
from depesa.core.processes import is_dead
from depesa.core.reasons import gettext as _
from depesa.history.services import Fact, record, tell
from depesa.outbox import journal
from depesa.outbox.models import Delivery, EvidenceKind, Installation, Message, State
from depesa.outbox.rules import Reply
from depesa.outbox.services import ledger
from depesa.staff.models import User

KEPT: Final = 90 * 24 * 3600.0  # seconds that the journal of a process that has ended is kept
_sound: set[tuple[str, str]] = set()


def journal_folder() -> Path:
    """Where permits are written down outside the database."""
    return Path(settings.DEPESA_DATA_DIR) / "outbox-journal"


def examine_once() -> str:
    """Examine at the first need of this process; why letters are under quarantine, or an empty text."""
    here = (str(settings.DEPESA_DATA_DIR), str(connection.settings_dict["NAME"]))
    if here in _sound:
        return ""
    reason = examine()
    if not reason:
        _sound.add(here)
    return reason


def settle_by_answer(row: Delivery, answer: journal.Answer) -> None:
    """The journal knows what the server said although the database does not: settle the delivery by it."""
    reply = Reply(answer.code, answer.enhanced, answer.text)
    ledger.settle(Delivery.objects.filter(pk=row.pk, state=State.UNKNOWN), answer.token, reply, EvidenceKind.JOURNAL)


def examine() -> str:
    """Does this database belong here, and is it as young as its journals?

    Returns why letters are under quarantine, or an empty text. A restored backup, a lagging replica and a copy on
    another machine would all send again what has left; they are held until a person has read the list.
    """
    installation = Installation.objects.get(pk=1)
    if installation.quarantined_at:
        return installation.quarantine_reason
    known = _identity_here() or _settle_here()
    if known is None:
        return _quarantine(_("This database has sent letters from another place. Its permit journal is not here."), {})
    if known != installation.identity:
        return _quarantine(_("This database belongs to another installation."), {})
    permits = [event for event in journal.read(journal_folder()) if isinstance(event, journal.Permit)]
    ahead = [event for event in permits if event.number > installation.last_permit]
    if ahead:
        return _quarantine(
            _("The database is older than its permit journal; it was probably restored from a backup."), replay(ahead)
        )
    _forget_old_journals()
    return ""


@transaction.atomic
def _settle_here() -> str | None:
    """The first start of a fresh database makes it belong here: the identity, or None if it has sent from elsewhere.

    One process at a time: of several that start at once the others find what the first one wrote, and its letters
    are no letters from elsewhere.
    """
    installation = Installation.objects.select_for_update().get(pk=1)
    if known := _identity_here():
        return known
    if installation.last_permit or Message.objects.exists():
        return None
    _write_identity(installation.identity)
    return str(installation.identity)


def _forget_old_journals() -> None:
    """Journals of processes that ended long ago prove nothing that the database does not know."""
    for path in journal_folder().glob("*.log"):
        if is_dead(path.stem.replace(".", "/")) and time.time() - path.stat().st_mtime > KEPT:
            path.unlink(missing_ok=True)


def replay(permits: Sequence[journal.Permit]) -> dict[str, object]:
    """Bring deliveries up to what the journal proves; return what a person must read before letters leave again."""
    answers = journalled_answers({permit.token for permit in permits})
    corrected, unrecorded = 0, []
    with transaction.atomic():
        for permit in permits:
            rows = Delivery.objects.filter(
                pk=permit.delivery, message__message_id=permit.message_id, permit_seq__lt=permit.permit_seq
            ).exclude(state=State.ACCEPTED)
            row = rows.first()
            if row is None:
                if not Delivery.objects.filter(pk=permit.delivery, message__message_id=permit.message_id).exists():
                    unrecorded.append({"message_id": permit.message_id, "at": permit.at})
                continue
            why = _("The permit journal says that this letter was handed over.")
            rows.filter(pk=row.pk).update(
                state=State.UNKNOWN,
                permit_seq=permit.permit_seq,
                permit_at=timezone.now(),
                lease_token=permit.token,
                reason=why,
            )
            corrected += 1
            if answer := answers.get(permit.token):
                settle_by_answer(row, answer)
    kill_point("replayed")
    return {"corrected": corrected, "unrecorded": unrecorded[:1000]}


@transaction.atomic
def _quarantine(reason: str, report: dict[str, object]) -> str:
    Installation.objects.filter(pk=1).update(
        quarantined_at=timezone.now(), quarantine_reason=reason, quarantine_report=report
    )
    record([Fact(event="outbox.quarantined", subject=Installation.ref_of(1), note=reason, after=report)])
    return reason


@transaction.atomic
def end_quarantine(*, by: User) -> None:
    """A person has read the list: letters may leave again from here, under a new epoch."""
    highest = journal.highest(journal_folder())
    installation = Installation.objects.select_for_update().get(pk=1)
    identity = str(uuid.uuid4()) if _identity_here() != installation.identity else installation.identity
    Installation.objects.filter(pk=1).update(
        quarantined_at=None,
        quarantine_reason="",
        epoch=F("epoch") + 1,
        identity=identity,
        last_permit=max(installation.last_permit, highest),
    )
    tell(installation, "outbox.quarantine-ended", after=installation.quarantine_report, by=by)
    _write_identity(identity)


def _identity_file() -> Path:
    return Path(settings.DEPESA_DATA_DIR) / "installation.id"


def _identity_here() -> str | None:
    if settings.DEPESA_INSTALLATION:
        return str(settings.DEPESA_INSTALLATION)
    return _identity_file().read_text(encoding="utf-8").strip() if _identity_file().exists() else None


def _write_identity(identity: str) -> None:
    """All of it or nothing: a half written file would make this database look like another installation's."""
    file = _identity_file()
    file.parent.mkdir(parents=True, exist_ok=True)
    half = file.with_name(f"{file.name}.{uuid.uuid4().hex[:8]}")
    with half.open("w", encoding="utf-8") as written:
        written.write(identity)
        written.flush()
        os.fsync(written.fileno())
    kill_point("identity-half-written")
    half.replace(file)


def journalled_answers(tokens: set[str]) -> dict[str, journal.Answer]:
    """What the journals know of the answers to these tokens."""
    events = journal.read(journal_folder()) if tokens else ()
    return {event.token: event for event in events if isinstance(event, journal.Answer) and event.token in tokens}
