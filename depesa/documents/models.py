"""Sales documents, number series, papers; types of documents of an order and their templates."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Self, override

from django.conf import settings
from django.db import models
from django.db.models import Case, F, Q, When
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from depesa.core.edits import Editable, Sole
from depesa.core.languages import choices
from depesa.core.models import Blob, NamedInLanguages
from depesa.core.money import AmountField
from depesa.core.periods import Period, PeriodKind
from depesa.core.reasons import gettext
from depesa.core.records import Recorded
from depesa.core.search import FoldedField
from depesa.core.versions import FormerText, VersionedText
from depesa.customers.models import Customer
from depesa.documents.rules import ACCOUNTING, FINAL, TAKES_BACK, Line, Posting, Type
from depesa.imports.models import ImportBatch
from depesa.staff.models import Visible

TYPES = [
    (Type.WAYBILL.value, _("waybill")),
    (Type.INVOICE.value, _("invoice")),
    (Type.RETURN.value, _("return")),
    (Type.CREDIT_NOTE.value, _("credit note")),
]
OTHER = "other"
SERIES_TYPES = [*TYPES, (OTHER, _("other documents of orders"))]
POSTINGS = [
    (Posting.NOT_POSTED.value, _("not posted")),
    (Posting.POSTED.value, _("posted")),
    (Posting.CORRECTED.value, _("corrected")),
]


def signed_column(name: str) -> models.Expression:
    """The amount in `name` with the sign of its type, computed by the database; one document has one sign."""
    negative = models.ExpressionWrapper(F(name) * -1, output_field=AmountField())
    return Case(When(type__in=sorted(TAKES_BACK), then=negative), default=F(name), output_field=AmountField())


class NumberSeries(Recorded, Editable):
    """Consecutive numbers of one kind of document: prefix, zero-padded number, suffix."""

    record_kind = "series"

    code = models.CharField(_("code"), max_length=20, unique=True)
    type = models.CharField(_("used for"), max_length=11, choices=SERIES_TYPES, blank=True)
    year = models.PositiveSmallIntegerField(_("only for the year"), null=True, blank=True)
    prefix = models.CharField(_("prefix"), max_length=20, blank=True)
    digits = models.PositiveSmallIntegerField(_("digits"), default=6)
    suffix = models.CharField(_("suffix"), max_length=20, blank=True)
    last = models.PositiveBigIntegerField(_("last number"), default=0)
    is_begun = models.BooleanField(default=False, editable=False)  # it has given a number: it keeps its shape
    last_on = models.DateField(null=True, editable=False)  # date of the document that took the last number

    class Meta:
        verbose_name = _("number series")

    @override
    def __str__(self) -> str:
        return self.code

    def written(self, number: int) -> str:
        """The number as it stands on the document."""
        return f"{self.prefix}{number:0{self.digits}}{self.suffix}"

    @property
    def end(self) -> int:
        """The highest number that the digits hold."""
        return int(10**self.digits) - 1

    @property
    def preview(self) -> str:
        """The next number as it will stand on a document, or empty at the end."""
        return self.written(self.last + 1) if self.last < self.end else ""


class Books(Recorded, Sole):
    """Until when the books are closed: nothing is posted, changed or taken back on or before that day."""

    record_kind = "books"

    closed_until = models.DateField(_("books are closed until"), null=True, blank=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="one_row_of_books")]


def in_period(period: Period, prefix: str = "") -> Q:
    """Rows whose document is dated in the period; `prefix` leads to the document. Months have a column of their own."""
    if period.kind == PeriodKind.MONTH:
        return Q(**{f"{prefix}month": period.number})
    return Q(**{f"{prefix}document_on__gte": period.first, f"{prefix}document_on__lt": period.end})


class ExchangeRate(models.Model):
    """What so many units of a currency were worth in the currency of our country on a day."""

    home = models.CharField(max_length=3)
    currency = models.CharField(_("currency"), max_length=3)
    valid_on = models.DateField(_("day"))
    units = AmountField(_("units"))
    value = AmountField(_("value"))  # in the currency of our country

    class Meta:
        verbose_name = _("exchange rate")
        constraints = [models.UniqueConstraint(fields=["home", "currency", "valid_on"], name="one_rate_a_day")]

    @override
    def __str__(self) -> str:
        return f"{self.currency} {self.valid_on}"

    @property
    def rate(self) -> Decimal:
        """The value of one unit, to ten decimals."""
        return Decimal(self.value / self.units).quantize(Decimal("1e-10")).normalize()


class DocumentQuerySet(Visible["Document"]):
    """Sales documents as they are asked for."""

    def of_period(self, period: Period) -> Self:
        """Documents dated in the period: from its first day on, before the first day after it."""
        return self.filter(in_period(period))

    def posted(self) -> Self:
        """Documents that count: posted and not edited since."""
        return self.filter(posting=Posting.POSTED)


class Document(Recorded, Editable):
    """A sales document: frozen data that books a sale or takes it back."""

    record_kind = "document"

    type = models.CharField(_("type"), max_length=11, choices=TYPES)
    number = models.CharField(_("number"), max_length=60, blank=True)  # empty until posting when a series gives it
    number_key = FoldedField("number", max_length=60)
    series = models.ForeignKey(
        NumberSeries,
        models.PROTECT,
        null=True,
        blank=True,
        db_index=False,
        related_name="+",
        verbose_name=_("number series"),
    )
    serial = models.PositiveBigIntegerField(null=True, editable=False)  # the number within its series
    customer = models.ForeignKey(
        Customer, models.PROTECT, db_index=False, related_name="documents", verbose_name=_("customer")
    )
    document_on = models.DateField(_("date"))
    due_on = models.DateField(_("due"), null=True, blank=True)
    month = models.PositiveIntegerField(editable=False)  # of document_on, for example 201106: what a run asks for
    currency = models.CharField(_("currency"), max_length=3)
    net = AmountField(_("net"), default=Decimal(0))
    vat = AmountField(_("VAT"), default=Decimal(0))
    gross = AmountField(_("gross"), default=Decimal(0))
    rates = models.JSONField(default=list)  # [["21", "100.00", "21.00"], ...] per VAT rate, as entered
    lines = models.JSONField(default=list)  # [{"code", "text", "quantity", "price", "vat_rate", "net"}, ...]
    posting = models.CharField(_("posting"), max_length=10, choices=POSTINGS, default=Posting.NOT_POSTED.value)
    posted_at = models.DateTimeField(null=True, editable=False)
    posted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, db_index=False, related_name="+"
    )
    is_issued = models.BooleanField(default=False, editable=False)  # made by an order, through which alone it changes
    content_version = models.PositiveIntegerField(
        default=1, editable=False
    )  # raised when what a statement shows changes
    content_hash = models.CharField(max_length=64, blank=True, editable=False)
    batch = models.ForeignKey(ImportBatch, models.PROTECT, null=True, editable=False, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    signed_net = models.GeneratedField(expression=signed_column("net"), output_field=AmountField(), db_persist=True)
    signed_vat = models.GeneratedField(expression=signed_column("vat"), output_field=AmountField(), db_persist=True)
    signed_gross = models.GeneratedField(expression=signed_column("gross"), output_field=AmountField(), db_persist=True)

    objects = DocumentQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        verbose_name = _("sales document")
        constraints = [
            models.UniqueConstraint(fields=["type", "number"], condition=~Q(number=""), name="one_document_a_number"),
            models.UniqueConstraint(fields=["series", "serial"], name="one_document_a_serial"),
            models.CheckConstraint(condition=Q(posting__in=[p.value for p in Posting]), name="document_posting_known"),
            models.CheckConstraint(condition=Q(gross__gte=0), name="document_sign_is_that_of_type"),
        ]
        indexes = [
            models.Index(fields=["month", "posting", "customer", "document_on"], name="document_of_month"),
            models.Index(fields=["customer", "document_on"], name="document_of_customer"),
            models.Index(fields=["document_on", "id"], name="document_by_date"),
            models.Index(fields=["posting", "document_on", "id"], name="document_by_posting"),
            models.Index(fields=["type", "document_on", "id"], name="document_by_type"),
            models.Index(fields=["currency", "document_on", "id"], name="document_by_currency"),
        ]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if kwargs and "month" not in kwargs and "document_on" in kwargs:
            self.month = Period.of(self.document_on).number

    @override
    def save(self, *args: Any, **kwargs: Any) -> None:
        self.month = Period.of(self.document_on).number
        super().save(*args, **kwargs)

    @override
    def __str__(self) -> str:
        return self.number or gettext("not numbered yet")

    def get_absolute_url(self) -> str:
        """The document's page."""
        return reverse("documents:document", args=[self.pk])

    @property
    def entered_lines(self) -> list[Line]:
        """The lines with their numbers as numbers."""
        return [
            Line(
                code=str(line.get("code", "")),
                text=str(line.get("text", "")),
                quantity=Decimal(line["quantity"]),
                price=Decimal(line["price"]),
                vat_rate=Decimal(line["vat_rate"]),
            )
            for line in self.lines
        ]

    @property
    def shown(self) -> tuple[object, ...]:
        """What a statement shows of it; `content_version` follows it, not posting, taking back or a due date."""
        return (self.document_on, self.type, self.number, self.currency, self.net, self.vat, self.gross, self.rates)

    @property
    def was_posted(self) -> bool:
        """Whether it has ever been posted: then it stays."""
        return self.posted_at is not None


class Paper(models.Model):
    """A rendered file that belongs to a customer; the database refuses it in a letter to another one."""

    customer = models.ForeignKey(Customer, models.PROTECT, null=True, related_name="+")
    blob = models.ForeignKey(Blob, models.PROTECT, related_name="+")
    name = models.CharField(max_length=150)
    media_type = models.CharField(max_length=60, default="application/pdf")
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["id", "customer"], name="paper_with_customer")]

    @override
    def __str__(self) -> str:
        return self.name


BOOKS = [
    ("", _("none")),
    (Type.INVOICE.value, _("invoice")),
    (Type.CREDIT_NOTE.value, _("credit note")),
]


class DocumentType(Recorded, NamedInLanguages, Editable):
    """A kind of document that an order may have: four are preset, a firm adds its own."""

    record_kind = "document-type"
    record_key = "code"

    code = models.SlugField(_("code"), max_length=40, unique=True)
    names = models.JSONField(_("names"), default=dict)  # {"en": "Invoice", "cs": ...}
    is_preset = models.BooleanField(default=False, editable=False)
    books = models.CharField(_("books"), max_length=11, choices=BOOKS, blank=True)  # the sales document it also makes
    series = models.ForeignKey(
        NumberSeries, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("number series")
    )
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    has_due_on = models.BooleanField(_("has a due date"), default=False)
    has_tax_on = models.BooleanField(_("has a tax date"), default=False)
    shows_prices = models.BooleanField(_("shows prices"), default=True)
    asks_payment = models.BooleanField(_("asks for payment"), default=False)

    class Meta:
        verbose_name = _("document type")
        ordering = ("position", "id")
        constraints = [
            models.CheckConstraint(condition=Q(books__in=[code for code, _name in BOOKS]), name="type_books_known"),
        ]

    @property
    def is_accounting(self) -> bool:
        """Whether it is an accounting document: made by its own act, never by sending a letter."""
        return self.code in ACCOUNTING or bool(self.books)

    @property
    def may_regenerate(self) -> bool:
        """Whether it may be made again with the same number: never a credit note, never a receipt."""
        return self.code not in FINAL

    @property
    def takes_back(self) -> bool:
        """Whether it takes a sale back: its amounts are printed below zero."""
        return self.books in TAKES_BACK


class DocumentTemplate(VersionedText):
    """A firm's own Typst source for a type, in one language or (language empty) in all that have none."""

    says = ("source",)

    type = models.ForeignKey(DocumentType, models.CASCADE, related_name="templates")
    language = models.CharField(_("language"), max_length=2, choices=choices, blank=True)
    source = models.TextField(_("source"))

    class Meta:
        verbose_name = _("document template")
        constraints = [models.UniqueConstraint(fields=["type", "language"], name="one_template_a_language")]

    @override
    def __str__(self) -> str:
        return f"{self.type.code} {self.language}".strip()

    @property
    @override
    def past(self) -> models.QuerySet[DocumentTemplateVersion]:
        return DocumentTemplateVersion.objects.filter(template=self.pk)


class DocumentTemplateVersion(FormerText):
    """What a template said before it was changed; empty: the built-in one."""

    template = models.ForeignKey(DocumentTemplate, models.CASCADE, related_name="versions")
    source = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["template", "version"], name="one_row_a_template_version")]
