"""Reads of the outbox: evidence, counts, and what must be true of letters."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from depesa.core.models import Blob
from depesa.core.reasons import Sentence
from depesa.core.reasons import gettext as _
from depesa.core.records import Ref
from depesa.outbox import mime
from depesa.outbox.models import (
    IN_ADDRESSES,
    SETTLED,
    After,
    Attempt,
    Channel,
    Delivery,
    Enclosure,
    Evidence,
    EvidenceKind,
    Kind,
    Message,
    PolicyChoice,
    SenderAddress,
    State,
)
from depesa.outbox.rules import CATCHER, SAFE_MODE, Phase, Reply, verdict
from depesa.staff.models import User
from depesa.staff.rules import Right
from depesa.ui.parts import Action, Attachment, Branch, Ladder, Slip, Text, build_ladder


@dataclass(frozen=True, slots=True)
class Proof:
    """What is proven about one delivery: its last try and everything that became known otherwise."""

    delivery: Delivery
    tries: list[Attempt]
    evidence: list[Evidence]

    @property
    def answer(self) -> str:
        """What the server said last, in its own words; empty if it said nothing."""
        last = self.tries[-1] if self.tries else None
        return f"{last.code} {last.text}" if last and last.code else ""

    @property
    def words(self) -> str:
        """The strongest proof in words: the server's own answer and when it came."""
        if self.answer:
            return f"{self.answer}, {timezone.localtime(self.tries[-1].ended_at):%Y-%m-%d %H:%M:%S}"
        return self.delivery.reason


def proofs(message: Message) -> list[Proof]:
    """The evidence of every recipient of a message, in order of recipients."""
    rows = list(message.deliveries.order_by("pk").prefetch_related("tries", "evidence"))
    return [Proof(row, list(row.tries.all()), list(row.evidence.all())) for row in rows]


@dataclass(frozen=True, slots=True)
class Waiting:
    """What needs a person in the outbox."""

    uncertain: int
    refused: int
    expired: int
    held: int
    paused: list[Channel]
    faulty: list[Channel]


def waiting() -> Waiting:
    """Counts of deliveries that nobody but a person moves on, and channels that stand still."""
    counts = states_needing_person()
    return Waiting(
        uncertain=counts.get(State.UNKNOWN, 0),
        refused=counts.get(State.REJECTED, 0),
        expired=counts.get(State.EXPIRED, 0),
        held=counts.get(State.HELD, 0),
        paused=list(Channel.objects.filter(paused_at__isnull=False)),
        faulty=list(Channel.objects.filter(probe_at__isnull=False, paused_at__isnull=True)),
    )


def states_needing_person() -> dict[str, int]:
    """Counts of the states in which a delivery stays until somebody acts."""
    return dict(needing_person().order_by("state").values_list("state").annotate(n=Count("pk")))


def needing_person() -> QuerySet[Delivery]:
    """Deliveries that stay as they are until somebody acts."""
    # As words of the index's own condition: with bound values SQLite does not see that the index holds them.
    return Delivery.objects.extra(where=["outbox_delivery.state IN ('unknown', 'rejected', 'expired', 'held')"])


def letters_in(state: State) -> str:
    """The page of the letters of which a recipient's is in this state."""
    word = next(word for word, states in IN_ADDRESSES.items() if state in states)
    return f"{reverse('outbox:messages')}?state={word}"


def violations(now: datetime | None = None) -> list[str]:
    """What must be true of letters and is not, 20 sentences of a kind at most; empty when all is well."""
    now = now or timezone.now()
    found = [
        f"Message {pk} has no delivery."
        for pk in Message.objects.filter(~Exists(Delivery.objects.filter(message=OuterRef("pk")))).values_list(
            "pk", flat=True
        )[:20]
    ]
    proof = Attempt.objects.filter(delivery=OuterRef("pk"), permit_seq=OuterRef("permit_seq"), code__range=(200, 299))
    other = Evidence.objects.filter(delivery=OuterRef("pk"), verdict="accepted")
    unproven = Delivery.objects.filter(state=State.ACCEPTED).filter(~Exists(proof), ~Exists(other))
    found += [f"Delivery {pk} is accepted without proof." for pk in unproven.values_list("pk", flat=True)[:20]]
    stuck = Q(state__in=[State.LEASED, State.HANDING_OVER], held_until__lt=now - timedelta(minutes=15))
    found += [f"Delivery {pk} is stuck." for pk in Delivery.objects.filter(stuck).values_list("pk", flat=True)[:20]]
    return found


# What is shown of letters: ladders, slips, bytes.

_ENDED_BADLY: Final = {
    State.UNKNOWN: "uncertain",
    State.REJECTED: "failed",
    State.EXPIRED: "failed",
    State.HELD: "held",
    State.CANCELLED: "cancelled",
}
# The recipient who needs a person most speaks for the whole letter.
_MOST_URGENT: Final = (
    State.UNKNOWN, State.REJECTED, State.EXPIRED, State.HELD, State.HANDING_OVER, State.LEASED, State.QUEUED,
    State.CANCELLED, State.ACCEPTED,
)  # fmt: skip


def with_evidence(messages: QuerySet[Message]) -> QuerySet[Message]:
    """The messages with all that their ladders need, in a fixed number of queries, without their bytes."""
    told = Delivery.objects.order_by("pk").prefetch_related("tries", "evidence__actor")
    return (
        messages.defer("skeleton")
        .select_related("customer", "created_by")
        .prefetch_related(Prefetch("deliveries", told))
    )


def ladder_of(delivery: Delivery, message: Message, others: str = "") -> Ladder:
    """What is proven about one recipient's letter, and where it left the straight way; `others` is told before."""
    proof = Proof(delivery, list(delivery.tries.all()), list(delivery.evidence.all()))
    by = message.created_by
    reached: dict[str, tuple[datetime | None, Text]] = {
        "formed": (message.sealed_at, _("sealed, SHA-256 %(start)s…") % {"start": message.sha256[:8]}),
        "approved": (None, _("by %(name)s") % {"name": by} if by else _("by a rule that was set up")),
    }
    if delivery.state != State.HELD:
        reached["outbox"] = (message.sealed_at, f"{others} {_in_outbox(proof)}".strip())
    if delivery.state == State.ACCEPTED:
        reached["accepted"] = (delivery.accepted_at, _acceptance(proof))
    if delivery.after in {After.DELIVERED, After.ANSWERED}:
        reached["delivered"] = (None, After(delivery.after).label)
    return build_ladder(reached, _branch(proof, others))


def ladder_of_message(message: Message) -> Ladder:
    """The ladder of the recipient who needs a person most; of all, if there is one."""
    rows = sorted(message.deliveries.all(), key=lambda row: (row.after != After.BOUNCED, _urgency(row.state)))
    return ladder_of(rows[0], message, _tally(rows)) if rows else build_ladder({})


def _tally(rows: Sequence[Delivery]) -> str:
    """How many have the letter and who has not, where it is not the same for all recipients."""
    by_state: dict[str, list[str]] = {}
    for row in rows:
        by_state.setdefault(row.state, []).append(row.recipient)
    if len(by_state) < 2:
        return ""
    taken = len(by_state.pop(State.ACCEPTED, []))
    told = [_("%(taken)d of %(all)d accepted") % {"taken": taken, "all": len(rows)}]
    told += [f"{State(state).label}: {', '.join(names)}" for state, names in by_state.items()]
    return f"{'; '.join(told)}."


def _urgency(state: str) -> int:
    return _MOST_URGENT.index(State(state))


def _in_outbox(proof: Proof) -> str:
    delivery = proof.delivery
    if delivery.state == State.QUEUED and any(row.verdict == "resent" for row in proof.evidence):
        return _("uncertain, and sent once more by itself")
    if delivery.state == State.QUEUED and delivery.attempts:
        again = date_format(timezone.localtime(delivery.next_attempt_at), "SHORT_DATETIME_FORMAT")
        return _("%(reason)s; tried again at %(time)s") % {
            "reason": delivery.reason or _("not accepted yet"),
            "time": again,
        }
    if delivery.state in {State.LEASED, State.HANDING_OVER}:
        return _("is being handed over")
    return _("waits to be handed over") if delivery.state == State.QUEUED else ""


def _acceptance(proof: Proof) -> str:
    decided = [row for row in proof.evidence if row.kind == EvidenceKind.PERSON and row.verdict == "accepted"]
    if decided:
        return _("not proven: %(name)s decided to leave it (%(reason)s)") % {
            "name": decided[-1].actor,
            "reason": decided[-1].text,
        }
    return proof.answer or proof.delivery.reason


def _branch(proof: Proof, others: str) -> Branch | None:
    delivery = proof.delivery
    if delivery.after == After.BOUNCED:
        told = [row for row in proof.evidence if row.verdict == "bounced"]
        return Branch("returned", told[-1].text if told else "", told[-1].observed_at if told else None)
    key = _ENDED_BADLY.get(State(delivery.state))
    if key is None:
        return None
    label = _("Too late") if delivery.state == State.EXPIRED else ""
    why = f"{others} {delivery.reason or proof.words}".strip()
    return Branch(key, why, delivery.ended_at or delivery.permit_at, label)


def slip_of(message: Message, *, actions: Sequence[Action] = (), files: Sequence[Attachment] = ()) -> Slip:
    """A letter as a slip of paper."""
    return Slip(
        to=recipients_of(message),
        subject=message.subject,
        first_line=message.first_line,
        ladder=ladder_of_message(message),
        url=message.get_absolute_url(),
        at=message.sealed_at,
        attachments=files,
        actions=actions,
    )


def recipients_of(message: Message) -> list[str]:
    """Who gets the letter, as staff may see it: hidden copies say that they are."""
    hidden = _("%(address)s (hidden copy)")
    rows = message.deliveries.all()
    return [hidden % {"address": row.recipient} if row.role == "bcc" else row.recipient for row in rows]


def slips_of_customer(customer_id: int, user: User, limit: int = 20) -> list[Slip]:
    """The customer's letters as slips, newest first."""
    return slips_of(Message.objects.visible_to(user).filter(customer=customer_id), user, limit)


def concerning(ref: Ref, user: User) -> QuerySet[Message]:
    """The letters about a record that the user may see."""
    return Message.objects.visible_to(user).concerning(ref)


def slips_concerning(ref: Ref, user: User, limit: int = 20) -> list[Slip]:
    """The letters about a record as slips, newest first."""
    return slips_of(concerning(ref, user), user, limit)


def slips_of(messages: QuerySet[Message], user: User, limit: int = 20) -> list[Slip]:
    """Letters as slips with what this user may do with them, newest first."""
    rows = with_evidence(messages).prefetch_related(Prefetch("enclosures", Enclosure.objects.order_by("position")))
    return [slip_of(row, files=files_of(row), actions=ways_in(row, user)) for row in rows.order_by("-pk")[:limit]]


def files_of(message: Message) -> list[Attachment]:
    """The names of the files in a letter; pictures inside its HTML are none."""
    return [Attachment(item.name) for item in message.enclosures.all() if item.content_id is None]


def ways_in(message: Message, user: User) -> list[Action]:
    """What a slip offers: the letter as it was sent, once more, and why it stands where it does."""
    url = message.get_absolute_url()
    again = Action(_("Send again"), reverse("outbox:repetition", args=[message.pk]), "send")
    is_fit = message.policy != PolicyChoice.SECURITY and message.kind != Kind.STATEMENT
    is_settled = all(row.state in SETTLED for row in message.deliveries.all())
    can_go_again = is_fit and is_settled and message.useless_after > timezone.now()
    return [
        Action(_("Open as sent"), f"{url}#sent", "letter-open"),
        *([again] if can_go_again and user.may(Right.SEND) else []),
        Action(_("Why it stands so"), f"{url}#proof", "question"),
    ]


def sent_with(ref: Ref, paper_ids: Iterable[int], since: datetime) -> QuerySet[Enclosure]:
    """Which of these papers went out about the record since then, newest first, each with its letter."""
    letters = Message.objects.concerning(ref).filter(sealed_at__gte=since)
    rows = Enclosure.objects.filter(message__in=letters, paper__in=list(paper_ids))
    return rows.select_related("message").order_by("-pk")


def senders_of(user: User | None) -> QuerySet[SenderAddress]:
    """The user's own sender addresses (the firm's, without a user), those that wait to be confirmed included."""
    rows = SenderAddress.objects.filter(removed_at__isnull=True)
    return (rows.filter(user=user) if user else rows.filter(user__isnull=True)).order_by("pk")


def verified_senders(user: User | None) -> QuerySet[SenderAddress]:
    """The addresses that letters of this user (of the firm, without one) may come from."""
    return senders_of(user).filter(verified_at__isnull=False)


def verified_among(addresses: Iterable[str]) -> set[str]:
    """Which of these addresses somebody has confirmed, in small letters."""
    wanted = {address.lower() for address in addresses}
    if not wanted:
        return set()
    rows = SenderAddress.objects.filter(removed_at__isnull=True, verified_at__isnull=False, address__in=wanted)
    return set(rows.values_list("address", flat=True))


def refused_addresses(addresses: Iterable[str]) -> dict[str, str]:
    """Which of these addresses are suspect: the server refused the address itself the last time; with its words."""
    last = Delivery.objects.filter(recipient__in=set(addresses), ended_at__isnull=False).order_by("ended_at")
    refused = {row.recipient: row for row in last}
    tries = Attempt.objects.filter(delivery__in=[row.pk for row in refused.values() if row.state == State.REJECTED])
    return {
        each.delivery.recipient: f"{each.code} {each.text}"
        for each in tries.filter(code__isnull=False).select_related("delivery").order_by("pk")
        if verdict(Phase[each.phase.upper()], Reply(each.code or 0, each.enhanced, each.text)).address_suspect
    }


def sealed_bytes(message: Message) -> bytes:
    """The letter exactly as it was sealed; raises SealBroken if what is stored is something else."""
    blobs = Blob.objects.filter(pk__in=Enclosure.objects.filter(message=message).values("blob"))
    parts = {sha: bytes(content) for sha, content in blobs.values_list("sha256", "content")}
    return mime.unseal(bytes(message.skeleton), parts, message.sha256)


def count_waiting(channels: Iterable[Channel]) -> dict[int, int]:
    """How many letters wait behind each of these channels."""
    rows = Delivery.objects.filter(channel__in=list(channels), state=State.QUEUED)
    return dict(rows.values_list("channel").annotate(n=Count("pk")).order_by("channel"))


def catcher_in_use() -> Channel | None:
    """The catcher's channel while letters go there instead of leaving."""
    if settings.DEPESA_SMTP_URL:
        return None
    return Channel.objects.filter(is_default=True, code=CATCHER).first()


def channel_put_aside() -> Channel | None:
    """The channel that waits while letters go to the catcher."""
    return Channel.objects.filter(paused_reason=Sentence(SAFE_MODE)).exclude(code=CATCHER).order_by("pk").first()


def broken_seals(*, all_of_them: bool) -> list[str]:
    """Messages whose bytes are not what was sealed; only those not yet done with, or every one."""
    rows = Message.objects.order_by("pk")
    if not all_of_them:
        open_states = [State.HELD, State.QUEUED, State.UNKNOWN, State.REJECTED, State.EXPIRED]
        rows = rows.filter(deliveries__state__in=open_states).distinct()
    found, last = [], 0
    while page := list(rows.filter(pk__gt=last)[:200]):
        for message in page:
            try:
                mime.unseal(bytes(message.skeleton), parts_of([message.pk]), message.sha256)
            except mime.SealBroken as problem:
                found.append(f"Message {message.pk}: {problem}")
        last = page[-1].pk
    return found


def parts_of(message_ids: Iterable[int]) -> dict[str, bytes]:
    """The files of these messages by their SHA-256 in hex."""
    blobs = Blob.objects.filter(pk__in=Enclosure.objects.filter(message__in=list(message_ids)).values("blob"))
    return {sha: bytes(content) for sha, content in blobs.values_list("sha256", "content")}
