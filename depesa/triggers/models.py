"""Transitions: changes that may cause a letter."""

import datetime as dt
from typing import Final, override

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from depesa.core.edits import Sole
from depesa.core.languages import choices
from depesa.core.leases import Leased
from depesa.core.reasons import ReasonField
from depesa.core.records import Ref, read
from depesa.core.search import FoldedField
from depesa.customers.models import Customer
from depesa.emails.models import SystemEmail
from depesa.history.models import Origin
from depesa.outbox.models import Message
from depesa.staff.models import Visible
from depesa.triggers.rules import FINAL_REASONS

LONGEST_KEY = 160
USELESS_AFTER: Final = dt.timedelta(days=14)


class Settings(Sole):
    """Choices of the trader about letters that changes cause."""

    hold = models.PositiveSmallIntegerField(_("seconds a letter is held after a change made on a page"), default=30)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="one_trigger_settings")]


class Status(models.TextChoices):
    """What became of the letter that the change may cause."""

    HELD = "held", _("waiting")
    QUEUED = "queued", _("letter written")
    FAILED = "failed", _("letter failed")
    NONE = "none", _("no letter")
    COALESCED = "coalesced", _("replaced")
    UNDONE = "undone", _("undone")
    SKIPPED = "skipped", _("not needed")


# No letter left, but one could: a person may ask for it after all.
REPEATABLE: Final = frozenset({Status.FAILED, Status.UNDONE, Status.SKIPPED, Status.NONE})


class TransitionQuerySet(Visible["Transition"]):
    """Transitions as a user may see them."""


class Transition(Leased):
    """One change, and the letter it caused or why none left.

    `key` is made from the event, for example "order:12:state:3", so that nothing is noted or written twice.
    """

    key = models.CharField(max_length=LONGEST_KEY, unique=True)
    event = models.CharField(max_length=40)  # see contributions.EVENTS
    subject = models.CharField(max_length=80)  # the record that changed, for example "order:12"
    name = models.CharField(max_length=120, blank=True)  # the record as people call it, for example its number
    name_key = FoldedField("name", max_length=120)
    customer = models.ForeignKey(Customer, models.PROTECT, null=True, related_name="+")
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    base = models.JSONField(null=True)  # what stood before the first change of the chain within the hold
    system_email = models.ForeignKey(SystemEmail, models.SET_NULL, null=True, related_name="+")
    language = models.CharField(max_length=2, choices=choices)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    origin = models.CharField(max_length=20, choices=Origin)
    at = models.DateTimeField()
    due_at = models.DateTimeField()  # when the letter is written; until then it can be undone
    status = models.CharField(max_length=9, choices=Status)
    reason = models.CharField(max_length=20, blank=True)  # see rules.Reason
    detail = ReasonField(blank=True)
    missing = models.JSONField(default=list)  # documents that the letter left without: [[document, reason]]
    message = models.ForeignKey(Message, models.PROTECT, null=True, related_name="+")
    into = models.ForeignKey("self", models.SET_NULL, null=True, related_name="replaced")
    attempts = models.PositiveSmallIntegerField(default=0)
    asked_at = models.DateTimeField(null=True)  # when a person wanted the letter once more, or after all
    settled_at = models.DateTimeField(null=True)  # when the status became what it is, if not at once

    objects = TransitionQuerySet.as_manager()

    class Meta:
        verbose_name = _("transition")
        constraints = [
            models.CheckConstraint(condition=Q(status__in=[s.value for s in Status]), name="transition_status_known"),
            models.CheckConstraint(
                condition=Q(status="queued", message__isnull=False) | (~Q(status="queued") & Q(message__isnull=True)),
                name="transition_queued_has_letter",
            ),
            models.UniqueConstraint(fields=["message"], name="one_transition_a_letter"),
        ]
        indexes = [
            models.Index(fields=["due_at", "id"], condition=Q(status="held"), name="transition_due"),
            *Leased.Meta.indexes,
            models.Index(fields=["subject", "id"], name="transition_of_subject"),
            models.Index(fields=["status", "-id"], name="transition_by_status"),
            models.Index(fields=["event", "-id"], name="transition_by_event"),
        ]

    @override
    def __str__(self) -> str:
        return self.name or self.subject

    @property
    def can_be_undone(self) -> bool:
        """Whether the letter has not been written yet."""
        return self.status == Status.HELD

    @property
    def can_be_tried(self) -> bool:
        """Whether a person may ask for the letter once more, or after all."""
        return self.status in REPEATABLE and self.reason not in FINAL_REASONS and self.system_email_id is not None

    @property
    def useless_after(self) -> dt.datetime:
        """Until when its letter is worth sending: from the event on, or from when a person asked for it."""
        return max(self.at, self.asked_at or self.at) + USELESS_AFTER

    @property
    def ref(self) -> Ref:
        """The record that changed, by the word of today."""
        return read(self.subject, self.event)

    def get_absolute_url(self) -> str:
        """Where it is told why a letter left or did not, among all changes of the record."""
        return f"{reverse('triggers:of', args=[self.ref])}#transition-{self.pk}"
