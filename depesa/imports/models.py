"""Batches: one file that came in, how it was understood, what was refused."""

from typing import Self, override

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from depesa.core.leases import Leased
from depesa.core.records import Recorded
from depesa.imports.rules.files import Shape
from depesa.imports.rules.profiles import Profile as ReadingProfile
from depesa.imports.rules.refusals import Problem
from depesa.staff.models import Visible


class BatchState(models.TextChoices):
    """Where an import stands."""

    UPLOADED = "uploaded", _("waiting to be read")
    PREVIEWED = "previewed", _("ready for your decision")
    CONFIRMED = "confirmed", _("being imported")
    DONE = "done", _("imported")
    REFUSED = "refused", _("cannot be read")
    DROPPED = "dropped", _("dropped")


WORKING = frozenset({BatchState.UPLOADED, BatchState.CONFIRMED})
"""States in which the machine has the next step, unless a problem waits for a person."""

ENDED = frozenset({BatchState.DONE, BatchState.DROPPED})
"""States that need the file no more."""


class ImportBatchQuerySet(Visible["ImportBatch"]):
    """Imports as they are asked for."""

    def due(self) -> Self:
        """Imports with work left for the machine."""
        return self.filter(state__in=WORKING, problem="").order_by("pk")


class ImportBatch(Recorded, Leased):
    """One file, from upload to the last document."""

    record_kind = "import"

    kind = models.CharField(max_length=20, default="sales")
    file_name = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64, db_index=True)
    size = models.PositiveBigIntegerField(default=0)
    path = models.CharField(max_length=500, blank=True)
    shape = models.JSONField(default=dict)  # encoding, separator, header, as found or corrected
    profile = models.CharField(max_length=60, blank=True)
    mapping = models.JSONField(default=dict)  # the profile as it was used, see rules.profiles
    state = models.CharField(max_length=10, choices=BatchState, default=BatchState.UPLOADED)
    figures = models.JSONField(default=dict)  # lines, documents, imported, unchanged, refused, customers_created
    progress = models.PositiveSmallIntegerField(default=0)  # percent
    done_line = models.PositiveIntegerField(default=0)  # first line of the last document that was committed
    problem = models.TextField(blank=True)  # a Problem; waits for a person
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True)

    objects = ImportBatchQuerySet.as_manager()

    class Meta:
        verbose_name = _("import")
        indexes = Leased.Meta.indexes

    @override
    def __str__(self) -> str:
        return self.file_name

    def get_absolute_url(self) -> str:
        """The import's page."""
        return reverse("documents:import", args=[self.pk])

    @property
    def reason(self) -> str:
        """Why it waits or was refused, in the reader's language."""
        return Problem.from_json(self.problem).write(gettext) if self.problem else ""

    @property
    def state_word(self) -> str:
        """Where it stands, as the clerk reads it."""
        is_waiting = self.state == BatchState.UPLOADED and self.problem
        return gettext("needs your choice") if is_waiting else str(BatchState(self.state).label)

    @property
    def reading(self) -> ReadingProfile:
        """How the file is understood."""
        return ReadingProfile.from_mapping(self.mapping)

    @property
    def found_shape(self) -> Shape:
        return Shape(**{**self.shape, "header": tuple(self.shape["header"])})

    @property
    def is_working(self) -> bool:
        """Does the machine have the next step?"""
        return self.state in WORKING and not self.problem


class ImportRefusal(models.Model):
    """One document or line that was not taken, and why."""

    batch = models.ForeignKey(ImportBatch, models.CASCADE, related_name="refusals")
    line = models.PositiveIntegerField()
    number = models.CharField(max_length=60, blank=True)
    problem = models.TextField(default="")

    @property
    def reason(self) -> str:
        """The sentence in the reader's language."""
        return Problem.from_json(self.problem).write(gettext)


class Profile(models.Model):
    """A named mapping that a trader saved."""

    name = models.CharField(max_length=60, unique=True)
    mapping = models.JSONField()
