"""Projects, tasks and operations."""

import datetime as dt
from typing import Self, override

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from depesa.core.edits import Editable
from depesa.core.models import Blob, OfPeriod
from depesa.core.periods import Period, PeriodKind
from depesa.core.reasons import ReasonField, gettext
from depesa.core.records import Recorded
from depesa.core.search import FoldedField
from depesa.customers.models import Customer
from depesa.documents.models import POSTINGS, Paper
from depesa.documents.rules import Posting
from depesa.outbox.models import Message
from depesa.staff.models import Visible


class Defaults(Editable):
    """Values that a project or a task brings to an operation."""

    manager = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("manager"),
    )
    customer = models.ForeignKey(
        Customer, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("customer")
    )
    text = models.TextField(_("text"), blank=True)

    class Meta:
        abstract = True


class Project(Recorded, Defaults):
    """What operations belong together; only the code is mandatory."""

    record_kind = "project"

    code = models.SlugField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("project")

    @override
    def __str__(self) -> str:
        return gettext(self.name) if self.name else self.code


class Task(Recorded, Defaults):
    """What an operation does: its defaults, its allowed successors, and what posting runs."""

    record_kind = "task"

    code = models.SlugField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=200)
    project = models.ForeignKey(Project, models.PROTECT, null=True, blank=True, verbose_name=_("project"))
    runs = models.CharField(max_length=30, blank=True)  # key of what posting runs; empty: only the state changes
    successors = models.ManyToManyField("self", symmetrical=False, blank=True, verbose_name=_("other tasks"))

    class Meta:
        verbose_name = _("task")

    @override
    def __str__(self) -> str:
        return gettext(self.name) if self.name else self.code


class OperationQuerySet(Visible["Operation"]):
    """Operations as they are asked for."""

    def present(self) -> Self:
        """Operations that nobody removed."""
        return self.filter(removed_at__isnull=True)

    def delayed(self, today: dt.date) -> Self:
        """Planned end has passed and it is not posted."""
        return self.filter(planned_end_on__lt=today, posting__in=[Posting.NOT_POSTED, Posting.CORRECTED])


class Operation(Recorded, OfPeriod, Editable):
    """One step of work with a customer; its period is the month, quarter or year of its date, or days by hand."""

    record_kind = "operation"
    unseen = frozenset({"asked_at", "asked_by"})

    operation_on = models.DateField(_("operation date"))
    planned_start_on = models.DateField(_("planned start"), null=True, blank=True)
    planned_end_on = models.DateField(_("planned end"), null=True, blank=True)
    task = models.ForeignKey(Task, models.PROTECT, null=True, blank=True, verbose_name=_("task"))
    project = models.ForeignKey(Project, models.PROTECT, null=True, blank=True, verbose_name=_("project"))
    customer = models.ForeignKey(Customer, models.PROTECT, null=True, blank=True, verbose_name=_("customer"))
    manager = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("manager"),
    )
    text = models.TextField(_("text"), blank=True)
    addresses = models.TextField(_("e-mail addresses"), blank=True)
    subject = models.CharField(_("subject"), max_length=500, blank=True)
    subject_key = FoldedField("subject")
    letter_text = models.TextField(_("letter text"), blank=True)
    next_task = models.ForeignKey(
        Task, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("follows after posting")
    )
    record = models.CharField(max_length=80, blank=True)  # the record it concerns, for example document:7
    record_url = models.CharField(max_length=300, blank=True)
    posting = models.CharField(_("posting"), max_length=10, choices=POSTINGS, default=Posting.NOT_POSTED.value)
    posted_at = models.DateTimeField(null=True, editable=False)
    posted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+")
    asked_at = models.DateTimeField(null=True, editable=False)  # somebody wants it posted; the worker does it
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+")
    posting_count = models.PositiveIntegerField(default=0, editable=False)  # makes the key of its next letter
    refusal = ReasonField(blank=True, editable=False)  # why posting failed last time
    message = models.ForeignKey(Message, models.PROTECT, null=True, editable=False, related_name="+")
    sole_key = models.CharField(max_length=60, null=True, unique=True, editable=False)  # what there is only one of
    removed_at = models.DateTimeField(null=True, editable=False)
    removed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects = OperationQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        verbose_name = _("operation")
        constraints = [
            *OfPeriod.Meta.constraints,
            models.CheckConstraint(condition=Q(posting__in=[p.value for p in Posting]), name="operation_posting_known"),
        ]
        indexes = [
            models.Index(fields=["operation_on", "id"], name="operation_by_date"),
            models.Index(fields=["task", "period_end_on", "posting"], name="operation_by_task"),
            models.Index(fields=["customer", "id"], name="operation_by_customer"),
            models.Index(fields=["posting", "planned_end_on"], name="operation_delayed"),
            models.Index(fields=["id"], condition=Q(asked_at__isnull=False), name="operation_asked"),
        ]

    @override
    def save(self, *args: object, **kwargs: object) -> None:
        self.settle_period()
        if "subject" in (names := list(kwargs.get("update_fields") or ())):  # type: ignore[call-overload]
            kwargs["update_fields"] = [*names, "subject_key"]
        super().save(*args, **kwargs)

    @override
    def __str__(self) -> str:
        what = str(self.task) if self.task else self.text[:60]
        return f"{what} {self.period}"

    def settle_period(self) -> None:
        """Let the period follow the date; days by hand stay."""
        if (kind := PeriodKind(self.period_kind)) != PeriodKind.INTERVAL:
            self.period = Period.of(self.operation_on, kind)

    @property
    def badge(self) -> str:
        """Where it stands, as the badge of a state is called."""
        if self.removed_at:
            return "left_out"
        return "asked" if self.asked_at else self.posting.replace("-", "_")

    def days_late(self, today: dt.date) -> int:
        """By how many days the planned end has passed without posting."""
        if self.planned_end_on is None or self.posting == Posting.POSTED or self.removed_at:
            return 0
        return max((today - self.planned_end_on).days, 0)

    def get_absolute_url(self) -> str:
        """The operation's page."""
        return reverse("operations:operation", args=[self.pk])


class Attachment(models.Model):
    """A file or a link on an operation."""

    operation = models.ForeignKey(Operation, models.CASCADE, related_name="attachments")
    name = models.CharField(_("name"), max_length=150)
    paper = models.ForeignKey(Paper, models.PROTECT, null=True, related_name="+")
    blob = models.ForeignKey(Blob, models.PROTECT, null=True, related_name="+")
    media_type = models.CharField(max_length=60, blank=True)
    link = models.URLField(_("link"), max_length=500, blank=True)
    is_sent = models.BooleanField(_("goes with the letter"), default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("attachment")
