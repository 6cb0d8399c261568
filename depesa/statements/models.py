"""Runs of a period, their statements and the documents that stand in them."""

from __future__ import annotations

from typing import Self, override

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from depesa.core.edits import Sole
from depesa.core.leases import Leased
from depesa.core.models import OfPeriod, columns_of
from depesa.core.money import AmountField
from depesa.core.periods import Period
from depesa.core.reasons import ReasonField, gettext
from depesa.customers.models import Customer
from depesa.documents.models import Document, Paper
from depesa.operations.models import Operation
from depesa.staff.models import Visible


class Settings(Sole):
    """Choices of the trader about statements."""

    forms_by_itself = models.BooleanField(_("form automatically on the planned start"), default=False)
    small_untagged = models.BooleanField(_("small PDF without tags for screen readers"), default=False)
    note = models.TextField(_("note under the table"), blank=True)
    sums_differ_by = models.PositiveSmallIntegerField(_("odd when the sum differs by more than (%)"), default=40)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="one_statement_settings")]


class RunState(models.TextChoices):
    """Where forming stands; everything after is counted from the letters."""

    FORMING = "forming", _("being formed")
    FORMED = "formed", _("formed")
    STOPPED = "stopped", _("stopped")


class RunQuerySet(Visible["StatementRun"]):
    """Runs as a user may see them."""

    def of(self, period: Period) -> StatementRun | None:
        """The run of the period, if there is one."""
        return self.filter(**columns_of(period)).first()

    def newest_first(self) -> Self:
        """By the end of their period; of those that end together the shorter one."""
        return self.order_by("-period_end_on", "-period_first_on", "-id")


class StatementRun(OfPeriod):
    """The statements of one period: one row a period of each kind, by constraint."""

    operation = models.OneToOneField(Operation, models.PROTECT, related_name="+")
    state = models.CharField(max_length=8, choices=RunState, default=RunState.FORMED)
    formed_count = models.PositiveIntegerField(default=0)  # by the last posting of the forming operation
    already_count = models.PositiveIntegerField(default=0)
    forming_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    last_customer = models.BigIntegerField(default=0)  # while forming: how far the chunks have come
    coverage = models.JSONField(default=dict)
    started_at = models.DateTimeField(null=True)
    formed_at = models.DateTimeField(null=True)
    is_rendering_paused = models.BooleanField(default=False)

    objects = RunQuerySet.as_manager()

    class Meta:
        verbose_name = _("statement run")
        constraints = [
            *OfPeriod.Meta.constraints,
            models.UniqueConstraint(
                fields=["period_kind", "period_first_on", "period_end_on"], name="one_statement_run_a_period"
            ),
        ]

    @override
    def __str__(self) -> str:
        return str(self.period)

    @property
    def unfinished(self) -> str:
        """Why nothing may be done with its statements yet; empty if it is formed."""
        match self.state:
            case RunState.FORMING:
                return gettext("The period is still being formed. Wait until it is done.")
            case RunState.STOPPED:
                return gettext("Forming the period has stopped: %(problem)s Form it again.") % {
                    "problem": self.operation.refusal
                }
            case _:
                return ""

    def get_absolute_url(self) -> str:
        """The run's page."""
        return reverse("statements:run", args=[self.period])


class RefusedCustomer(models.Model):
    """A customer for whom no statement could be formed, and why; forming the period again tries once more."""

    run = models.ForeignKey(StatementRun, models.CASCADE, related_name="refused")
    customer = models.ForeignKey(Customer, models.CASCADE, related_name="+")
    problem = ReasonField()
    refused_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "customer"], name="one_refusal_a_customer")]


class StatementState(models.TextChoices):
    """Where the making of one statement stands."""

    FORMED = "formed", _("waiting for its PDF")
    READY = "ready", _("ready")
    FAILED = "failed", _("no PDF could be made")
    LEFT_OUT = "left-out", _("left out")
    SUPERSEDED = "superseded", _("replaced by a revision")


class Statement(Leased):
    """One customer's sales documents of one period, frozen when formed."""

    run = models.ForeignKey(StatementRun, models.PROTECT, related_name="statements")
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="+")
    revision = models.PositiveSmallIntegerField(default=1)
    operation = models.OneToOneField(Operation, models.PROTECT, related_name="statement")
    state = models.CharField(max_length=10, choices=StatementState, default=StatementState.FORMED)
    language = models.CharField(max_length=2)
    sheet = models.JSONField()  # what the PDF is made of
    document_count = models.PositiveIntegerField()
    totals = models.JSONField()  # {"EUR": "123.45"}, gross, signed
    main_currency = models.CharField(max_length=3)
    main_total = AmountField()  # gross in the currency with most documents, for sorting and comparing
    paper = models.ForeignKey(Paper, models.PROTECT, null=True, related_name="+")
    machine_copy = models.ForeignKey(Paper, models.PROTECT, null=True, related_name="+")  # the same rows for machines
    anomalies = models.PositiveSmallIntegerField(default=0)  # by rules.anomalies; the highest is looked at first
    problem = ReasonField(blank=True)
    formed_at = models.DateTimeField()
    rendered_at = models.DateTimeField(null=True)
    left_out_at = models.DateTimeField(null=True)
    left_out_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    left_out_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        verbose_name = _("statement")
        constraints = [
            models.UniqueConstraint(fields=["run", "customer", "revision"], name="one_statement_a_revision"),
            models.UniqueConstraint(
                fields=["run", "customer"], condition=~Q(state="superseded"), name="one_statement_a_customer"
            ),
        ]
        indexes = [
            models.Index(fields=["run", "id"], condition=Q(state="formed"), name="statement_to_render"),
            models.Index(fields=["run", "state", "rendered_at"], name="statement_of_run"),
            models.Index(fields=["run", "-anomalies", "id"], name="statement_odd_first"),
            *Leased.Meta.indexes,
            models.Index(fields=["customer", "run"], name="statement_of_customer"),
        ]

    @override
    def __str__(self) -> str:
        return f"{self.customer_id} {self.run_id} r{self.revision}"

    def get_absolute_url(self) -> str:
        """The page of the operation that sends it."""
        return reverse("operations:operation", args=[self.operation_id])

    @property
    def period(self) -> Period:
        """The period whose documents stand in it."""
        return self.run.period


class StatementLine(models.Model):
    """A document's place in a statement, with the version and the signed sum that were frozen."""

    statement = models.ForeignKey(Statement, models.PROTECT, related_name="lines")
    run = models.ForeignKey(StatementRun, models.PROTECT, related_name="+")
    document = models.ForeignKey(Document, models.PROTECT, related_name="+")
    document_version = models.PositiveIntegerField()  # its content_version
    gross = AmountField()
    currency = models.CharField(max_length=3)
    is_current = models.BooleanField(default=True)  # false once a revision or another customer's statement took over

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["run", "document"], condition=Q(is_current=True), name="one_statement_a_document"
            )
        ]
