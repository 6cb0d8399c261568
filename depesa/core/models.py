"""What belongs to no trade word: the table of blobs, and the columns of a period."""

from typing import Any, Final, override

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from depesa.core.languages import text_in
from depesa.core.periods import Period, PeriodKind

PERIOD_KINDS: Final = [
    (PeriodKind.MONTH.value, _("month")),
    (PeriodKind.QUARTER.value, _("quarter")),
    (PeriodKind.YEAR.value, _("year")),
    (PeriodKind.INTERVAL.value, _("days chosen by hand")),
]


class Blob(models.Model):
    """Bytes under their SHA-256, never changed once written."""

    sha256 = models.CharField(max_length=64, unique=True)
    content = models.BinaryField()
    size = models.PositiveIntegerField()
    kept_at = models.DateTimeField(default=timezone.now)  # when somebody last wanted them kept, to half a day
    is_lasting = models.BooleanField(default=False)  # named where no foreign key leads from, as a logo on frozen sheets

    class Meta:
        indexes = [models.Index(fields=["kept_at"], condition=Q(is_lasting=False), name="blob_by_age")]


class Press(models.Model):
    """A button of a form that was pressed: what it made, so that pressed again it makes nothing more."""

    key = models.CharField(max_length=80, unique=True)  # of the form as it was shown, and of who pressed it
    made = models.CharField(max_length=80, blank=True)  # the kind and key of the row
    at = models.DateTimeField(default=timezone.now, db_index=True)


class NamedInLanguages(models.Model):
    """A row with a code and, in `names`, a name in each language."""

    code: Any
    names: Any

    class Meta:
        abstract = True

    @override
    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The name in the language that is spoken here and now, or in another one; at last the code."""
        return self.name_in("")

    def name_in(self, language: str) -> str:
        """The name in this language, or in another one where it has none; at last the code."""
        return text_in(self.names, language) or str(self.code)


class OfPeriod(models.Model):
    """A row that is about a period: its kind and its days, the first one inside, the end outside."""

    period_kind = models.CharField(max_length=8, choices=PERIOD_KINDS, default=PeriodKind.MONTH.value, editable=False)
    period_first_on = models.DateField(editable=False)
    period_end_on = models.DateField(editable=False)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(period_first_on__lt=F("period_end_on"), period_kind__in=list(map(str, PeriodKind))),
                name="%(class)s_period_is_half_open",
            )
        ]

    @property
    def period(self) -> Period:
        """The period that the row is about."""
        return Period(self.period_first_on, self.period_end_on, PeriodKind(self.period_kind))

    @period.setter
    def period(self, period: Period) -> None:
        for name, value in columns_of(period).items():
            setattr(self, name, value)


def columns_of(period: Period, prefix: str = "") -> dict[str, Any]:
    """What the columns of a row hold that is about the period; `prefix` leads to it, for example "run__"."""
    return {
        f"{prefix}period_kind": period.kind.value,
        f"{prefix}period_first_on": period.first,
        f"{prefix}period_end_on": period.end,
    }
