"""Documents of orders."""

from decimal import Decimal
from typing import override

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from depesa.core.languages import choices
from depesa.core.leases import Leased
from depesa.core.money import AmountField
from depesa.core.reasons import ReasonField
from depesa.core.search import FoldedField
from depesa.customers.models import Customer
from depesa.documents.models import Document, DocumentType, NumberSeries, Paper
from depesa.orders.models.orders import Order


class OrderDocument(Leased):
    """A document of an order: its number and what it says, frozen when it was generated.

    The PDF follows from the frozen data by itself, always the same; `paper` is empty until it has been made.
    """

    order = models.ForeignKey(Order, models.PROTECT, related_name="documents")
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="+", db_index=False)
    type = models.ForeignKey(DocumentType, models.PROTECT, related_name="+", verbose_name=_("type"))
    is_sole = models.BooleanField(default=True)  # the one of its type in the order; credited invoices are not
    number = models.CharField(_("number"), max_length=60, blank=True)
    number_key = FoldedField("number", max_length=60)
    series = models.ForeignKey(NumberSeries, models.PROTECT, null=True, related_name="+", db_index=False)
    serial = models.PositiveBigIntegerField(null=True)
    language = models.CharField(max_length=2, choices=choices)
    issued_on = models.DateField(_("issued"))
    due_on = models.DateField(_("due"), null=True, blank=True)
    tax_on = models.DateField(_("tax date"), null=True, blank=True)
    variable_symbol = models.CharField(_("variable symbol"), max_length=10, blank=True)
    currency = models.CharField(max_length=3)
    gross = AmountField(default=Decimal(0))  # without the sign of the type
    portions = models.JSONField(default=list)  # the lines with the prices of the order, as services.papers.Portion
    content = models.JSONField()  # everything it prints: orders.paper.OrderPaper, as kept
    invoice = models.ForeignKey("self", models.PROTECT, null=True, related_name="credit_notes")
    sales_document = models.OneToOneField(
        Document, models.PROTECT, null=True, related_name="order_document"
    )  # the row in the register, for what books a sale or takes it back
    revision = models.PositiveIntegerField(default=1)  # 2 and more when it was generated again under its number
    paper = models.ForeignKey(Paper, models.PROTECT, null=True, related_name="+")
    problem = ReasonField(blank=True)  # why its PDF could not be made
    generated_at = models.DateTimeField()
    generated_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("document of an order")
        constraints = [
            models.UniqueConstraint(fields=["order", "type"], condition=Q(is_sole=True), name="one_document_a_type"),
            models.UniqueConstraint(
                fields=["type", "number"], condition=~Q(number=""), name="one_order_document_a_number"
            ),
            models.UniqueConstraint(fields=["series", "serial"], name="one_order_document_a_serial"),
        ]
        indexes = [
            models.Index(fields=["id"], condition=Q(paper__isnull=True, problem=""), name="order_document_to_render"),
            *Leased.Meta.indexes,
        ]

    @override
    def __str__(self) -> str:
        return self.number or str(self.type)

    @property
    def signed_gross(self) -> Decimal:
        """The gross sum with the sign of the type: what takes back is below zero."""
        return -Decimal(self.gross) if self.type.takes_back else Decimal(self.gross)
