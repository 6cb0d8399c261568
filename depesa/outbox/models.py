"""Channels, sealed messages, deliveries, attempts, evidence."""

from typing import Self, override

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from depesa.core.edits import Editable
from depesa.core.leases import Leased
from depesa.core.models import Blob
from depesa.core.reasons import ReasonField, gettext
from depesa.core.records import Recorded, Ref, about, read
from depesa.core.search import FoldedField
from depesa.customers.models import Customer
from depesa.documents.models import Paper
from depesa.mail.headers import LONGEST_NAME
from depesa.outbox.choices import (
    FAILED_FOR_GOOD,
    IN_ADDRESSES,
    ON_THE_WAY,
    SETTLED,
    After,
    EvidenceKind,
    Kind,
    PolicyChoice,
    Security,
    State,
)
from depesa.staff.models import User, Visible
from depesa.staff.rules import Right


class Installation(Recorded, models.Model):
    """Which installation this database belongs to, and whether its letters are under quarantine."""

    record_kind = "installation"

    identity = models.CharField(max_length=36)
    epoch = models.PositiveIntegerField(default=1)
    last_permit = models.PositiveBigIntegerField(default=0)  # number of the last permit given
    quarantined_at = models.DateTimeField(null=True)
    quarantine_reason = ReasonField(blank=True)
    quarantine_report = models.JSONField(default=dict)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="one_installation")]


class Place(models.Model):
    """A computer and its data folder: letters leave from there, and its permit journal lies there."""

    key = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=60)  # of the computer, for people
    last_permit = models.PositiveBigIntegerField(default=0)  # number of the last permit that its journal holds
    seen_at = models.DateTimeField()
    trouble = ReasonField(blank=True)  # why nothing can leave from there now
    replayed_at = models.DateTimeField(null=True)  # when it brought the database up to what its journal proves
    lost_at = models.DateTimeField(null=True)  # when a person said that its journal is gone for good


class Departed(models.Model):
    """A letter that left before the database was restored from a backup, by the event that it is about."""

    key = models.CharField(max_length=64, unique=True)  # the event's half of its Message-ID
    left_at = models.DateTimeField()


class Channel(Recorded, Editable):
    """One SMTP account: where letters are handed over, how fast, and whether it works now."""

    record_kind = "channel"
    unseen = frozenset(
        (
            "fault",
            "fault_count",
            "refusal_code",
            "refusal_count",
            "refusal_recipients",
            "probe_at",
            "pace",
            "allowance",
            "paced_at",
        )
    )

    code = models.SlugField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=100)
    host = models.CharField(_("mail server"), max_length=200)
    port = models.PositiveIntegerField(_("port"), default=587)
    security = models.CharField(_("protection"), max_length=8, choices=Security, default=Security.STARTTLS)
    username = models.CharField(_("user name"), max_length=200, blank=True)
    secret = models.TextField(blank=True, editable=False)  # the password, encrypted with a key outside the database
    from_address = models.CharField(_("sender address"), max_length=254, blank=True)
    from_name = models.CharField(_("sender name"), max_length=LONGEST_NAME, blank=True)
    sender_domains = models.CharField(_("domains it may send for"), max_length=500, blank=True)  # "" means any
    reply_to = models.CharField(_("replies to"), max_length=254, blank=True)
    is_default = models.BooleanField(_("used unless another is chosen"), default=False)
    max_connections = models.PositiveSmallIntegerField(_("connections at once"), default=8)
    rate_per_minute = models.PositiveIntegerField(_("letters a minute at most (0: no limit)"), default=0)
    max_size = models.PositiveIntegerField(_("largest letter in bytes"), default=20_000_000)
    paused_at = models.DateTimeField(null=True, editable=False)
    paused_reason = ReasonField(blank=True, editable=False)
    paused_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+")
    fault = models.CharField(max_length=500, blank=True, editable=False)  # what the channel last suffered from
    fault_count = models.PositiveIntegerField(default=0, editable=False)  # in a row; 5 open the breaker
    refusal_code = models.CharField(max_length=20, blank=True, editable=False)  # the same answer to the letter itself
    refusal_count = models.PositiveIntegerField(default=0, editable=False)  # so often in a row; 3 pause the channel
    refusal_recipients = models.JSONField(default=list, editable=False)  # whose letters these were, if it may be theirs
    probe_at = models.DateTimeField(null=True, editable=False)  # while the breaker is open: when to try again
    pace = models.FloatField(default=0, editable=False)  # letters a minute just now, 0 while nobody slowed it
    allowance = models.FloatField(default=0, editable=False)  # letters that may leave at once
    paced_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name = _("channel")
        constraints = [
            models.UniqueConstraint(fields=["is_default"], condition=Q(is_default=True), name="one_default_channel")
        ]

    @override
    def __str__(self) -> str:
        return gettext(self.name)  # the first channel has an English name

    @property
    def allowed_domains(self) -> list[str]:
        """The domains of the senders that its mail server accepts; empty: any."""
        return self.sender_domains.split()

    @property
    def is_paused(self) -> bool:
        """Whether a person, three equal refusals or a fault of its own stopped it."""
        return self.paused_at is not None


class MessageQuerySet(Visible["Message"]):
    """Messages as a user may see them."""

    def concerning(self, ref: Ref) -> Self:
        """Those about this record."""
        return self.filter(about(ref, field="concerns", told_by="kind"))


class Message(Recorded, models.Model):
    """A sealed e-mail: its bytes are fixed when it is queued and never change.

    The bytes are kept as a skeleton with slots and the parts that fill them; `sha256` is of the whole.
    """

    record_kind = "message"

    dedupe_key = models.CharField(max_length=200, unique=True)
    message_id = models.CharField(max_length=200, unique=True)
    customer = models.ForeignKey(Customer, models.PROTECT, null=True, related_name="+")
    channel = models.ForeignKey(Channel, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=30)
    policy = models.CharField(max_length=9, choices=PolicyChoice, default=PolicyChoice.LEGAL)
    subject = models.CharField(max_length=500)
    subject_key = FoldedField("subject", null=True, default=None)
    first_line = models.CharField(max_length=200, blank=True)
    sender = models.CharField(max_length=300)
    envelope_from = models.CharField(max_length=254)
    skeleton = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    sealed_at = models.DateTimeField()
    useless_after = models.DateTimeField()
    resend_of = models.ForeignKey("self", models.PROTECT, null=True, related_name="resends")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    concerns = models.CharField(max_length=40, null=True, default=None)  # the record it is about

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("message")
        constraints = [models.UniqueConstraint(fields=["id", "customer"], name="message_with_customer")]
        indexes = [
            models.Index(fields=["customer", "id"], name="message_of_customer"),
            models.Index(fields=["concerns", "id"], condition=Q(concerns__isnull=False), name="message_concerning"),
        ]

    @property
    def concerned(self) -> Ref | None:
        """The record that the letter is about, by the word of today."""
        return read(self.concerns, self.kind) if self.concerns else None

    @override
    def __str__(self) -> str:
        return self.subject

    def get_absolute_url(self) -> str:
        """The message's page."""
        return reverse("outbox:message", args=[self.pk])


class SenderAddress(models.Model):
    """An address that letters may come from once its owner has confirmed it: a user's own, or the firm's (no user).

    The row stays when the address is removed, because letters have left with it.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    address = models.CharField(_("address"), max_length=254)
    name = models.CharField(_("name beside the address"), max_length=LONGEST_NAME, blank=True)
    token_hash = models.CharField(max_length=64, blank=True, editable=False)  # of the link in the letter; used once
    asked_at = models.DateTimeField(editable=False)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False)
    verified_at = models.DateTimeField(null=True, editable=False)
    removed_at = models.DateTimeField(null=True, editable=False)
    letter = models.ForeignKey(Message, models.PROTECT, null=True, related_name="+", editable=False)

    class Meta:
        verbose_name = _("sender address")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "address"],
                condition=Q(removed_at__isnull=True, user__isnull=False),
                name="one_sender_a_user_and_address",
            ),
            models.UniqueConstraint(
                fields=["address"],
                condition=Q(removed_at__isnull=True, user__isnull=True),
                name="one_sender_a_firm_and_address",
            ),
        ]

    @override
    def __str__(self) -> str:
        return f"{self.name} <{self.address}>" if self.name else self.address

    @property
    def is_verified(self) -> bool:
        """Whether letters may come from it now."""
        return self.verified_at is not None and self.removed_at is None


class Enclosure(models.Model):
    """A file in a message: a customer's paper, or a blob that anybody may get.

    Two composite foreign keys (see the migration) make the database refuse customer A's paper in a letter
    to customer B.
    """

    message = models.ForeignKey(Message, models.PROTECT, related_name="enclosures")
    customer = models.ForeignKey(Customer, models.PROTECT, null=True, related_name="+")
    paper = models.ForeignKey(Paper, models.PROTECT, null=True, related_name="+")
    blob = models.ForeignKey(Blob, models.PROTECT, related_name="+")
    name = models.CharField(max_length=150)
    media_type = models.CharField(max_length=100)
    position = models.PositiveSmallIntegerField(default=0)
    # Of a picture inside the HTML; null for files. Nullable, because SQLite adds only such a column in place, and a
    # table made anew would lose the two composite keys.
    content_id = models.CharField(max_length=100, null=True, default=None)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(paper__isnull=True) | Q(customer__isnull=False), name="paper_names_its_customer"
            )
        ]


class Delivery(Leased):
    """One recipient of one message: the unit that is handed over, with its own outcome."""

    message = models.ForeignKey(Message, models.PROTECT, related_name="deliveries")
    channel = models.ForeignKey(Channel, models.PROTECT, related_name="+")
    recipient = models.CharField(max_length=254)
    role = models.CharField(max_length=3, default="to")
    state = models.CharField(max_length=12, choices=State, default=State.QUEUED)
    priority = models.PositiveSmallIntegerField(default=5)  # see rules.Turn
    next_attempt_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    attempts = models.PositiveIntegerField(default=0)
    lease_token = models.CharField(max_length=32, null=True, unique=True)
    leased_at = models.DateTimeField(null=True)
    permit_seq = models.PositiveIntegerField(default=0)
    permit_at = models.DateTimeField(null=True)
    accepted_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    reason = ReasonField(blank=True)  # why it waits, was refused or is uncertain
    after = models.CharField(max_length=10, choices=After, blank=True, default=After.NONE)

    class Meta:
        verbose_name = _("delivery")
        constraints = [
            models.UniqueConstraint(fields=["message", "recipient"], name="one_delivery_a_recipient"),
            models.CheckConstraint(condition=Q(state__in=[s.value for s in State]), name="delivery_state_known"),
            models.CheckConstraint(
                condition=~Q(state__in=["leased", "handing-over"]) | Q(lease_token__isnull=False),
                name="delivery_leased_has_token",
            ),
            models.CheckConstraint(
                condition=~Q(state="queued") | Q(lease_token__isnull=True),
                name="delivery_queued_has_no_token",
            ),
            models.CheckConstraint(
                condition=~Q(state="accepted") | Q(accepted_at__isnull=False, permit_seq__gt=0),
                name="delivery_accepted_by_permit",
            ),
        ]
        indexes = [
            models.Index(
                F("channel"),
                F("priority"),
                F("next_attempt_at"),
                F("id"),
                condition=Q(state="queued"),
                name="delivery_due",
            ),
            models.Index(
                fields=["held_until"],
                condition=Q(state__in=["leased", "handing-over"]),
                name="delivery_leased",
            ),
            *Leased.Meta.indexes,
            models.Index(
                fields=["state", "id"],
                condition=Q(state__in=["unknown", "rejected", "expired", "held"]),
                name="delivery_needs_person",
            ),
            models.Index(fields=["recipient"], name="delivery_by_recipient"),
            models.Index(fields=["accepted_at"], condition=Q(accepted_at__isnull=False), name="delivery_accepted"),
        ]

    @override
    def __str__(self) -> str:
        return self.recipient


class Attempt(models.Model):
    """One try at a delivery, from lease to outcome; append-only."""

    delivery = models.ForeignKey(Delivery, models.PROTECT, related_name="tries")
    number = models.PositiveIntegerField()
    token = models.CharField(max_length=32, unique=True)
    worker = models.CharField(max_length=120)
    started_at = models.DateTimeField()
    permit_seq = models.PositiveIntegerField(null=True)
    permit_at = models.DateTimeField(null=True)
    phase = models.CharField(max_length=12)
    code = models.PositiveSmallIntegerField(null=True)
    enhanced = models.CharField(max_length=12, blank=True)
    text = ReasonField(blank=True)
    host = models.CharField(max_length=200, blank=True)
    outcome = models.CharField(max_length=12)  # the state that the delivery went to
    ended_at = models.DateTimeField()


class Evidence(models.Model):
    """One thing that became known about a delivery besides its own attempts; append-only."""

    delivery = models.ForeignKey(Delivery, models.PROTECT, related_name="evidence")
    kind = models.CharField(max_length=10, choices=EvidenceKind)
    verdict = models.CharField(max_length=12)  # accepted, not-accepted, (not-)resent, delivered, bounced
    observed_at = models.DateTimeField(auto_now_add=True)
    text = ReasonField(blank=True)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
