"""Orders and their items."""

import uuid
from decimal import Decimal
from typing import Self, override

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from depesa.catalog.models import PriceList, Product
from depesa.core.edits import Editable
from depesa.core.languages import choices
from depesa.core.money import AmountField
from depesa.core.reasons import ReasonField
from depesa.core.records import Recorded
from depesa.core.search import FoldedField, has_words
from depesa.core.texts import address_lines
from depesa.customers.models import Customer
from depesa.history.models import Origin
from depesa.mail.addresses import address_fault
from depesa.orders.models.states import State
from depesa.staff.models import Visible


class PaymentKind(models.TextChoices):
    """How the customer pays, as far as letters and papers need to know."""

    TRANSFER = "transfer", _("bank transfer")
    ON_DELIVERY = "cash-on-delivery", _("cash on delivery")
    OTHER = "other", _("other payment")


class ItemKind(models.TextChoices):
    """What a line of an order is."""

    PRODUCT = "product", _("product")
    DISCOUNT = "discount", _("discount")
    SHIPPING = "shipping", _("shipping")
    PAYMENT = "payment", _("payment")
    FEE = "fee", _("fee")
    ROUNDING = "rounding", _("rounding")


class OrderQuerySet(Visible["Order"]):
    """Orders as they are asked for."""

    def present(self) -> Self:
        """Orders that nobody removed."""
        return self.filter(removed_at__isnull=True)

    def found_by(self, text: str) -> Self:
        """Orders in whose number, name, e-mail or outside number the words stand, or with this variable symbol."""
        return self.filter(found_by(text))


def found_by(text: str) -> Q:
    """The words stand in number, name, e-mail or outside number, or it is the variable symbol."""
    bare = text.strip()
    return has_words(Order, bare) | (Q(variable_symbol=bare) if bare.isdigit() else Q())


class Order(Recorded, Editable):
    """The container of one deal: a snapshot of the customer, prices and currency, and where it stands.

    What the customer's card, the catalogue or the settings say later does not change it.
    """

    record_kind = "order"

    number = models.CharField(_("number"), max_length=40, unique=True)
    number_key = FoldedField("number", max_length=40)
    external_number = models.CharField(_("number elsewhere"), max_length=60, blank=True)
    external_key = FoldedField("external_number", max_length=60)
    elsewhere = models.CharField(_("shop elsewhere"), max_length=100, blank=True, editable=False)  # where it was placed
    differs = ReasonField(blank=True, editable=False)  # what that shop says otherwise, for a person to look at
    token = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)  # names the order to its customer
    origin = models.CharField(_("came through"), max_length=12, choices=Origin, default=Origin.STAFF, editable=False)
    customer = models.ForeignKey(
        Customer, models.PROTECT, related_name="orders", db_index=False, verbose_name=_("customer")
    )
    state = models.ForeignKey(State, models.PROTECT, related_name="+", db_index=False, verbose_name=_("state"))
    state_changes = models.PositiveIntegerField(default=0, editable=False)  # makes the key of the next transition
    placed_at = models.DateTimeField(_("placed"))
    language = models.CharField(_("language"), max_length=2, choices=choices)
    currency = models.CharField(_("currency"), max_length=3)
    price_list = models.ForeignKey(
        PriceList, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("price list")
    )
    price_list_name = models.CharField(max_length=100, blank=True)
    includes_vat = models.BooleanField(_("prices include VAT"), default=False)
    is_reverse_charge = models.BooleanField(_("VAT is paid by the customer (reverse charge)"), default=False)
    has_account = models.BooleanField(_("ordered with an account"), default=False)
    is_proven = models.BooleanField(default=True, editable=False)  # whoever ordered has proved to own the address

    email = models.CharField(_("e-mail"), max_length=254, blank=True)
    email_key = FoldedField("email", max_length=254)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    name = models.CharField(_("name"), max_length=200)
    name_key = FoldedField("name")
    person = models.CharField(_("person"), max_length=200, blank=True)
    salutation = models.CharField(_("salutation"), max_length=100, blank=True)
    company_code = models.CharField(_("company code"), max_length=32, blank=True)
    vat_code = models.CharField(_("VAT code"), max_length=32, blank=True)
    street = models.CharField(_("street"), max_length=200, blank=True)
    postcode = models.CharField(_("postcode"), max_length=20, blank=True)
    city = models.CharField(_("city"), max_length=100, blank=True)
    country = models.CharField(_("country"), max_length=60, blank=True)
    delivery_name = models.CharField(_("delivery to"), max_length=200, blank=True)
    delivery_street = models.CharField(_("delivery street"), max_length=200, blank=True)
    delivery_postcode = models.CharField(_("delivery postcode"), max_length=20, blank=True)
    delivery_city = models.CharField(_("delivery city"), max_length=100, blank=True)
    delivery_country = models.CharField(_("delivery country"), max_length=60, blank=True)
    note = models.TextField(_("customer's note"), blank=True)
    internal_note = models.TextField(_("internal note"), blank=True)
    consents = models.JSONField(default=list, editable=False)  # as they stood when the order was placed

    shipping_code = models.CharField(max_length=40, blank=True)
    shipping_name = models.CharField(_("shipping"), max_length=100, blank=True)
    is_individual_shipping = models.BooleanField(_("price of shipping to be agreed"), default=False)
    payment_code = models.CharField(max_length=40, blank=True)
    payment_name = models.CharField(_("payment"), max_length=100, blank=True)
    payment_kind = models.CharField(_("way of payment"), max_length=16, choices=PaymentKind, default=PaymentKind.OTHER)
    variable_symbol = models.CharField(_("variable symbol"), max_length=10, blank=True, db_index=True)
    tracking_code = models.CharField(_("tracking number"), max_length=100, blank=True)
    tracking_url = models.CharField(_("tracking link"), max_length=300, blank=True)

    net = AmountField(_("net"), default=Decimal(0))
    vat = AmountField(_("VAT"), default=Decimal(0))
    gross = AmountField(_("total"), default=Decimal(0))
    rates = models.JSONField(default=list)  # [["21", "100.00", "21.00"], ...] per VAT rate

    paid_at = models.DateTimeField(_("paid"), null=True, blank=True)
    resolved_at = models.DateTimeField(_("resolved"), null=True, blank=True)
    received = AmountField(null=True, editable=False)  # what gateways told that came in; none: they told nothing
    returned = AmountField(default=Decimal(0), editable=False)  # what they told, or another shop, that went back
    invoice_missing_at = models.DateTimeField(null=True, editable=False)  # it should have been made by itself
    invoice_problem = ReasonField(blank=True, editable=False)  # and why it was not
    told_more = models.JSONField(default=dict, editable=False)  # what else another shop told of it, by its own names
    content_hash = models.CharField(max_length=64, blank=True, editable=False)  # of what was imported
    removed_at = models.DateTimeField(null=True, editable=False)
    removed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+"
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+"
    )
    changed_at = models.DateTimeField(auto_now=True)

    objects = OrderQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        verbose_name = _("order")
        indexes = [
            models.Index(F("placed_at").desc(), F("id").desc(), name="order_by_time"),
            models.Index(F("state"), F("placed_at").desc(), F("id").desc(), name="order_by_state"),
            models.Index(F("customer"), F("placed_at").desc(), F("id").desc(), name="order_of_customer"),
            models.Index(F("placed_at").desc(), F("id").desc(), condition=Q(paid_at__isnull=True), name="order_unpaid"),
            models.Index(fields=["id"], condition=Q(received__isnull=False), name="order_with_money"),
            models.Index(fields=["id"], condition=Q(invoice_missing_at__isnull=False), name="order_without_invoice"),
            models.Index(fields=["id"], condition=~Q(differs=""), name="order_otherwise"),
            models.Index(fields=["state"], condition=Q(removed_at__isnull=True), name="order_count_by_state"),
            models.Index(F("language"), F("placed_at").desc(), F("id").desc(), name="order_by_language"),
            models.Index(F("origin"), F("placed_at").desc(), F("id").desc(), name="order_by_origin"),
            models.Index(F("payment_kind"), F("placed_at").desc(), F("id").desc(), name="order_by_payment"),
        ]

    @override
    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        """The order's page."""
        return reverse("orders:order", args=[self.pk])

    @property
    def email_fault(self) -> str:
        """What is wrong with its address, as it was told; empty where letters can go there, or none is."""
        return address_fault(self.email)

    @property
    def is_paid(self) -> bool:
        return self.paid_at is not None

    @property
    def money_kept(self) -> Decimal:
        """What came in and did not go back, as far as gateways told."""
        return Decimal(self.received or 0) - Decimal(self.returned)

    @property
    def is_resolved(self) -> bool:
        """Whether nothing is left to do."""
        return self.resolved_at is not None

    @property
    def is_removed(self) -> bool:
        """Whether it was removed, and can be restored."""
        return self.removed_at is not None

    @property
    def address_lines(self) -> list[str]:
        """The person and the billing address, one line each, without empty ones."""
        return [self.person] * bool(self.person) + address_lines(self.street, self.postcode, self.city, self.country)

    @property
    def delivery_lines(self) -> list[str]:
        """The delivery address, one line each, without empty ones; empty when it is the billing address."""
        found = address_lines(self.delivery_street, self.delivery_postcode, self.delivery_city, self.delivery_country)
        return [line for line in (self.delivery_name, *found) if line]


class Item(models.Model):
    """A line of an order as it was agreed; the product may change or go."""

    order = models.ForeignKey(Order, models.CASCADE, related_name="items")
    position = models.PositiveSmallIntegerField(default=0)
    kind = models.CharField(max_length=8, choices=ItemKind, default=ItemKind.PRODUCT)
    product = models.ForeignKey(Product, models.SET_NULL, null=True, blank=True, related_name="+", db_index=False)
    code = models.CharField(_("code"), max_length=60, blank=True)
    text = models.CharField(_("text"), max_length=500)
    quantity = AmountField(_("quantity"), default=Decimal(1))
    unit = models.CharField(_("unit"), max_length=20, blank=True)
    price = AmountField(_("price"))  # of one unit, with or without VAT as the order says
    vat_rate = AmountField(_("VAT rate"), default=Decimal(0))
    told_net = AmountField(null=True, editable=False)  # what the line makes as another shop fixed it; none: it is
    told_vat = AmountField(null=True, editable=False)  # quantity times price
    taken = AmountField(default=Decimal(0), editable=False)  # off the shelf for this line, where stock is counted
    invoice_note = models.CharField(_("note for the invoice"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("item")
        ordering = ["order", "position", "id"]

    @override
    def __str__(self) -> str:
        return self.text

    @property
    def told(self) -> tuple[Decimal, Decimal] | None:
        """Net and VAT of the whole line as another shop fixed them."""
        return None if self.told_net is None or self.told_vat is None else (self.told_net, self.told_vat)

    @property
    def total(self) -> Decimal:
        """What the line makes, with or without VAT as the order says: as told, else quantity times price, exactly."""
        if self.told:
            return sum(self.told, Decimal(0)) if self.order.includes_vat else self.told[0]
        total: Decimal = self.quantity * self.price
        return total
