"""Quarantine: nothing leaves from a database that was restored, copied, or lags behind its permit journal."""

import os
import time
import uuid
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from depesa.core.edges import kill_point
from depesa.core.errors import Refused
from depesa.core.processes import is_dead
from depesa.core.reasons import gettext as _
from depesa.history.services import Fact, record, tell
from depesa.outbox import journal
from depesa.outbox.mime import event_of
from depesa.outbox.models import Delivery, Departed, EvidenceKind, Installation, Message, Place, State
from depesa.outbox.rules import Reply
from depesa.outbox.services import ledger
from depesa.outbox.services.places import enter_here, here, journal_folder, others_at_work, say_here
from depesa.outbox.services.rests import end_standstill
from depesa.staff.models import User

KEPT: Final = 90 * 24 * 3600.0  # seconds that the journal of a process that has ended is kept
SHOWN: Final = 1000  # letters that the report names one by one
_sound: set[tuple[str, str]] = set()

type Books = Mapping[Path, journal.Book]


def examine_once() -> str:
    """Examine at the first need of this process; why letters are under quarantine, or an empty text."""
    place = (str(settings.DEPESA_DATA_DIR), str(connection.settings_dict["NAME"]))
    if place in _sound:
        return ""
    reason = examine()
    if not reason:
        _sound.add(place)
    return reason


def is_quarantined() -> bool:
    """Whether nothing leaves from anywhere until a person has read the list."""
    return Installation.objects.filter(quarantined_at__isnull=False).exists()


def settle_by_answer(row: Delivery, answer: journal.Answer) -> None:
    """The journal knows what the server said although the database does not: settle the delivery by it."""
    reply = Reply(answer.code, answer.enhanced, answer.text)
    ledger.settle(Delivery.objects.filter(pk=row.pk, state=State.UNKNOWN), answer.token, reply, EvidenceKind.JOURNAL)


def examine() -> str:
    """At the start of a process, or at its first need: is this database at home here, and as young as its journals?

    Returns why nothing leaves from here, or an empty text. A restored backup, a lagging replica and a copy on another
    machine would all send again what has left; they are held until a person has read the list. Under quarantine the
    journals of this place are replayed onto the database, once.
    """
    # In the order in which a permit is written down, backwards: another process gives some meanwhile. The place says
    # what its journals hold already, and what they hold the installation knows already.
    at_least = Place.objects.filter(key=here()).values_list("last_permit", flat=True).first() or 0
    books = journal.books(journal_folder())
    highest = journal.highest(books.values())
    installation = Installation.objects.get(pk=1)
    if installation.quarantined_at:
        _replay_here(books)
        return installation.quarantine_reason
    if reason := _why_not_here(installation):
        return reason
    if reason := _what_is_wrong(installation, at_least, highest):
        return _quarantine(reason, books)
    enter_here(last_permit=highest)
    say_here("")
    _settle_uncertain(books)
    _forget_old_journals(books)
    return ""


def _why_not_here(installation: Installation) -> str:
    """Why this process has no part in the installation, while letters leave from the place that has."""
    known = _identity_here() or _settle_here()
    if known == str(installation.identity) or not others_at_work():
        return ""
    why = _("Letters of this database leave from another place. Nothing leaves from %(folder)s.")
    reason = why % {"folder": str(settings.DEPESA_DATA_DIR)}
    say_here(reason)
    return reason


def _what_is_wrong(installation: Installation, at_least: int, highest: int) -> str:
    """Why this database and this place do not fit each other; empty if they do."""
    known = _identity_here()
    if known is None:
        return _("This database has sent letters from another place. Its permit journal is not here.")
    if known != str(installation.identity):
        return _("This database belongs to another installation.")
    is_known = Place.objects.filter(key=here()).exists()
    if not is_known and installation.last_permit and Place.objects.exists() and not _may_join(highest):
        return _("This is a copy or a restore of everything: the database knows another computer or another folder.")
    if highest > installation.last_permit:
        return _("The database is older than its permit journal; it was probably restored from a backup.")
    if highest < at_least:
        return _("The permit journal of this place is gone, or older than the database.")
    return ""


def _may_join(highest: int) -> bool:
    """Whether a place that the database does not know may send: beside others, without a past of its own."""
    return is_shared() and not highest and (bool(settings.DEPESA_INSTALLATION) or others_at_work())


def is_shared() -> bool:
    """Whether several places can send from this database."""
    return connection.vendor == "postgresql"


@transaction.atomic
def _settle_here() -> str | None:
    """The first start of a fresh database makes it belong here: the identity, or None if it has sent from elsewhere.

    One process at a time: of several that start at once the others find what the first one wrote, and its letters
    are no letters from elsewhere.
    """
    installation = Installation.objects.select_for_update(no_key=True).get(pk=1)
    if known := _identity_here():
        return known
    if installation.last_permit or Message.objects.exists():
        return None
    _write_identity(installation.identity)
    return str(installation.identity)


def _settle_uncertain(books: Books) -> None:
    """A place that comes back may know more of letters that another one has called uncertain meanwhile: what was
    answered, or that whoever died here had not sent the dot.
    """
    rows = {row.lease_token: row for row in Delivery.objects.filter(state=State.UNKNOWN, lease_token__isnull=False)}
    for path, book in books.items() if rows else ():
        for token, answer in book.answers.items():
            if row := rows.get(token):
                settle_by_answer(row, answer)
        if any(permit.token in rows for permit in book.permits) and journal.is_left(path):
            ended = journal.book_of(path)  # read anew, for it might still have been at work before
            ledger.put_back(permit.token for permit in ended.permits if ended.surely_kept(permit.token))


def _forget_old_journals(books: Books) -> None:
    """Journals of processes that ended long ago prove nothing that the database does not know; the last one stays."""
    highest = journal.highest(books.values())
    for path, book in books.items():
        is_last = any(permit.number == highest for permit in book.permits)
        if not is_last and is_dead(journal.owner_of(path)) and time.time() - path.stat().st_mtime > KEPT:
            path.unlink(missing_ok=True)


def is_replayed_here() -> bool:
    """Whether the journals of this place have been replayed in this quarantine."""
    since = Installation.objects.get(pk=1).quarantined_at
    return since is None or Place.objects.filter(key=here(), replayed_at__gte=since).exists()


def _replay_here(books: Books) -> None:
    """What the journals of this place prove, brought into the database and into the report, once a quarantine."""
    highest = journal.highest(books.values())
    place = enter_here(last_permit=highest)
    if is_replayed_here():
        return
    with transaction.atomic():
        row = Installation.objects.select_for_update(no_key=True).get(pk=1)
        report = row.quarantine_report
        since = report.get("since", row.last_permit)
        found = _replay([permit for book in books.values() for permit in book.permits if permit.number > since], books)
        report["corrected"] = report.get("corrected", 0) + found["corrected"]
        report["unrecorded"] = [*report.get("unrecorded", []), *found["unrecorded"]][:SHOWN]
        Installation.objects.filter(pk=1).update(quarantine_report=report, last_permit=max(row.last_permit, highest))
        Place.objects.filter(pk=place.pk).update(replayed_at=timezone.now(), last_permit=highest)
    kill_point("replayed")


def _replay(permits: Collection[journal.Permit], books: Books) -> dict[str, Any]:
    """Bring deliveries up to what the journal proves; return what a person must read before letters leave again."""
    answers = {token: answer for book in books.values() for token, answer in book.answers.items()}
    corrected, unrecorded = 0, []
    for permit in permits:
        letter = Delivery.objects.filter(pk=permit.delivery, message__message_id=permit.message_id)
        row = letter.filter(permit_seq__lt=permit.permit_seq).exclude(state=State.ACCEPTED).first()
        if row is None:
            if not letter.exists():
                unrecorded.append({"message_id": permit.message_id, "at": permit.at})
            continue
        letter.filter(pk=row.pk).update(
            state=State.UNKNOWN,
            permit_seq=permit.permit_seq,
            permit_at=timezone.now(),
            lease_token=permit.token,
            reason=_("The permit journal says that this letter was handed over."),
        )
        corrected += 1
        if answer := answers.get(permit.token):
            settle_by_answer(row, answer)
    Departed.objects.bulk_create(
        [Departed(key=event_of(each["message_id"]), left_at=each["at"]) for each in unrecorded],
        ignore_conflicts=True,
    )
    return {"corrected": corrected, "unrecorded": unrecorded}


def _quarantine(reason: str, books: Books) -> str:
    is_foreign = _identity_here() != str(Installation.objects.get(pk=1).identity)
    with transaction.atomic():
        installation = Installation.objects.select_for_update(no_key=True).get(pk=1)
        if installation.quarantined_at:
            return installation.quarantine_reason
        report: dict[str, object] = {"since": installation.last_permit, "foreign": is_foreign}
        Installation.objects.filter(pk=1).update(
            quarantined_at=timezone.now(), quarantine_reason=reason, quarantine_report=report
        )
        record([Fact(event="outbox.quarantined", subject=Installation.ref_of(1), note=reason, after=report)])
    _replay_here(books)
    return reason


def places_awaited() -> QuerySet[Place]:
    """Places from which letters have left and whose journals have not been replayed in this quarantine."""
    since = Installation.objects.get(pk=1).quarantined_at or timezone.now()
    is_done = Q(replayed_at__gte=since) | Q(lost_at__gte=since)
    return Place.objects.filter(last_permit__gt=0).exclude(is_done).order_by("name", "pk")


@transaction.atomic
def end_quarantine(*, by: User, lost: Collection[int] = ()) -> None:
    """A person has read the list: letters may leave again, under a new epoch.

    `lost` names places whose journal is gone for good. Refused while the journal of another place has not been
    replayed: what left from there would leave once more.
    """
    installation = Installation.objects.select_for_update(no_key=True).get(pk=1)
    gone = places_awaited().filter(pk__in=lost)
    names = [place.name for place in gone]
    gone.update(lost_at=timezone.now())
    if awaited := [place.name for place in places_awaited()]:
        why = _("Letters have left from %(names)s, too, and the journals there have not been read. Start Depesa there.")
        raise Refused(why % {"names": awaited})
    identity = str(installation.identity)
    if settings.DEPESA_INSTALLATION:
        identity = str(settings.DEPESA_INSTALLATION)
    elif installation.quarantine_report.get("foreign"):
        identity = str(uuid.uuid4())
    if installation.quarantined_at:
        end_standstill(installation.quarantined_at)
    Installation.objects.filter(pk=1).update(
        quarantined_at=None, quarantine_reason="", epoch=F("epoch") + 1, identity=identity
    )
    told = installation.quarantine_report | ({"lost": names} if names else {})
    tell(installation, "outbox.quarantine-ended", after=told, by=by)
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
