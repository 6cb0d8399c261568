"""The shop's settings, ways of delivery and payment, accounts, one-time links, messages and payments."""

from decimal import Decimal
from typing import Final, Self, override

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from depesa.core.edits import Editable
from depesa.core.languages import choices, text_in
from depesa.core.models import NamedInLanguages
from depesa.core.money import AmountField, check_rate
from depesa.core.records import Recorded
from depesa.core.search import FoldedField
from depesa.customers.models import Customer
from depesa.orders.models import Order


class Shop(Recorded, Editable):
    """The storefront's settings; one row."""

    record_kind = "shop"

    name = models.CharField(_("name"), max_length=120, blank=True)  # empty: that of the company
    is_open = models.BooleanField(_("open"), default=False)
    terms = models.JSONField(default=dict)  # terms of sale by language
    secret = models.TextField(blank=True, editable=False)  # of the payment gateway, encrypted; empty: none was made

    class Meta:
        verbose_name = _("shop")
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="one_shop")]

    @property
    def terms_here(self) -> str:
        """The terms of sale in the language of the visitor."""
        return text_in(self.terms)


class Way(NamedInLanguages, Editable):
    """What ways of delivery and of payment have in common."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    names = models.JSONField(default=dict)
    price = AmountField(_("price"), default=Decimal(0), validators=[MinValueValidator(0)])
    vat_rate = models.DecimalField(
        _("VAT rate, %"),
        max_digits=5,
        decimal_places=2,
        default=Decimal(21),
        validators=[MinValueValidator(0), MaxValueValidator(100), check_rate],
    )
    position = models.PositiveSmallIntegerField(pgettext_lazy("in a list", "order"), default=0)
    is_active = models.BooleanField(_("offered"), default=True)

    class Meta:
        abstract = True


class ShippingKind(models.TextChoices):
    """How goods get to the customer."""

    POST = "post", pgettext_lazy("shipping", "post")
    COURIER = "courier", pgettext_lazy("shipping", "courier")
    PICKUP = "pickup", pgettext_lazy("shipping", "personal pick-up")
    INDIVIDUAL = "individual", pgettext_lazy("shipping", "individual: its price is agreed after the order")


class ShippingMethod(Recorded, Way):
    """A way of delivery that the shop offers."""

    record_kind = "shipping"

    kind = models.CharField(_("kind"), max_length=10, choices=ShippingKind, default=ShippingKind.POST)

    class Meta:
        verbose_name = _("way of delivery")
        ordering = ["position", "pk"]

    @property
    def is_individual(self) -> bool:
        """Whether its price is agreed after the order."""
        return self.kind == ShippingKind.INDIVIDUAL

    @property
    def needs_address(self) -> bool:
        """Whether it goes to an address of the customer."""
        return self.kind != ShippingKind.PICKUP


class PaymentMethod(Recorded, Way):
    """A way of payment that the shop offers."""

    record_kind = "payment"

    KINDS: Final = [("transfer", _("bank transfer")), ("cash-on-delivery", _("cash on delivery"))]

    kind = models.CharField(_("kind"), max_length=16, choices=KINDS, default="transfer")

    class Meta:
        verbose_name = _("way of payment")
        ordering = ["position", "pk"]


class Account(models.Model):
    """With which a customer signs in to the shop; apart from the users of the desk."""

    customer = models.ForeignKey(Customer, models.PROTECT, related_name="accounts")
    email = models.CharField(_("e-mail"), max_length=254)
    email_key = FoldedField("email", max_length=254)
    password = models.CharField(max_length=200)
    language = models.CharField(_("language"), max_length=2, choices=choices)
    created_at = models.DateTimeField(auto_now_add=True)
    activated_at = models.DateTimeField(null=True)
    signed_in_at = models.DateTimeField(null=True)
    epoch = models.PositiveIntegerField(default=1)  # a new password ends the sessions of the old one

    class Meta:
        verbose_name = _("account")
        constraints = [models.UniqueConstraint(fields=["email_key"], name="one_account_an_address")]

    @override
    def __str__(self) -> str:
        return self.email

    @property
    def is_active(self) -> bool:
        """Whether its owner has proved the address."""
        return self.activated_at is not None


class LinkKind(models.TextChoices):
    """What a one-time link is for."""

    ACTIVATION = "activation"
    PASSWORD = "password"  # noqa: S105
    NEWSLETTER = "newsletter"


class OneTimeLink(Recorded, models.Model):
    """A link that works once and for a while; what it says is derived from the secret key, only its hash is kept."""

    record_kind = "link"

    kind = models.CharField(max_length=10, choices=LinkKind)
    account = models.ForeignKey(Account, models.CASCADE, null=True, related_name="links")  # none: nobody is told
    order = models.ForeignKey(Order, models.SET_NULL, null=True, related_name="+")  # with which the account was made
    email = models.CharField(max_length=254)
    language = models.CharField(max_length=2, choices=choices)
    nonce = models.CharField(max_length=50)
    digest = models.CharField(max_length=64, unique=True)
    password = models.CharField(max_length=200, blank=True)  # hash of what the account gets when it is activated
    created_at = models.DateTimeField(default=timezone.now)
    valid_until = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("one-time link")

    @property
    def is_usable(self) -> bool:
        """Whether it still works."""
        return self.used_at is None and timezone.now() < self.valid_until


class Checkout(models.Model):
    """A cart that became an order; sent twice, it is the same order."""

    key = models.CharField(max_length=50, unique=True)
    order = models.OneToOneField(Order, models.CASCADE, related_name="checkout")

    class Meta:
        verbose_name = _("checkout")


class MessageQuerySet(models.QuerySet["Message"]):
    """Messages as they are asked for."""

    def waiting(self) -> Self:
        """Nobody has answered them, and somebody should."""
        return self.filter(answered_at=None, closed_at=None)


class Message(Recorded, models.Model):
    """What somebody wrote to us through the contact form."""

    record_kind = "visitor-message"

    customer = models.ForeignKey(Customer, models.PROTECT, related_name="messages_written")
    order = models.ForeignKey(Order, models.SET_NULL, null=True, related_name="messages_written")
    name = models.CharField(_("name"), max_length=150, blank=True)
    email = models.CharField(_("e-mail"), max_length=254)
    is_proven = models.BooleanField(default=False)  # written by whoever was signed in with the address
    language = models.CharField(_("language"), max_length=2, choices=choices)
    text = models.TextField(_("message"))
    received_at = models.DateTimeField(_("received"), default=timezone.now)
    answered_at = models.DateTimeField(_("answered"), null=True)
    closed_at = models.DateTimeField(_("closed"), null=True)
    name_key = FoldedField("name")
    email_key = FoldedField("email", max_length=254)

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("message of a visitor")
        indexes = [
            models.Index(fields=["-received_at", "-id"], name="shop_message_by_time"),
            models.Index(
                fields=["-received_at"],
                condition=models.Q(answered_at=None, closed_at=None),
                name="shop_message_open",
            ),
        ]

    @override
    def __str__(self) -> str:
        return self.name or self.email

    def get_absolute_url(self) -> str:
        return reverse("shop_desk:message", args=[self.pk])

    @property
    def is_open(self) -> bool:
        """Whether somebody waits for an answer."""
        return self.answered_at is None and self.closed_at is None


class Reply(models.Model):
    """Our answer to a message."""

    message = models.ForeignKey(Message, models.CASCADE, related_name="replies")
    text = models.TextField(_("answer"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("answer to a message")
        ordering = ["at", "pk"]


class GatewayMessage(models.Model):
    """What a payment gateway told us; told again, it changes nothing."""

    identity = models.CharField(max_length=100, unique=True)  # as the gateway names it
    order_number = models.CharField(max_length=40)
    event = models.CharField(max_length=20)
    outcome = models.CharField(max_length=20)
    received_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("message of a payment gateway")
