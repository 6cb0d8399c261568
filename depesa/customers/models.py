"""Customers, their contacts and addresses."""

import datetime as dt
from typing import Self, override

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from depesa.catalog.models import PriceList
from depesa.core.edits import Editable
from depesa.core.languages import choices
from depesa.core.records import Recorded
from depesa.core.search import FoldedField, few_or_all, has_words
from depesa.core.texts import address_lines
from depesa.mail.addresses import address_fault
from depesa.staff.models import Visible


class CopyFormat(models.TextChoices):
    """Whether the machine-readable copy goes with a statement."""

    NONE = "", _("PDF only")
    CSV = "csv", _("PDF and CSV")
    JSON = "json", _("PDF and JSON")


class Kind(models.TextChoices):
    """Whether the customer has an account of the shop, and as what."""

    CONTACT = "contact", pgettext_lazy("kind of customer", "not registered")
    CUSTOMER = "customer", pgettext_lazy("kind of customer", "registered person")
    COMPANY = "company", pgettext_lazy("kind of customer", "registered company")


class Newsletter(models.TextChoices):
    """What the customer has said about the newsletter."""

    NOT_SET = "", pgettext_lazy("newsletter", "not said")
    NO = "no", pgettext_lazy("newsletter", "refused")
    YES = "yes", pgettext_lazy("newsletter", "wished")


class CustomerQuerySet(Visible["Customer"]):
    """Customers as a user may see them."""

    def found_by(self, text: str) -> Self:
        """Customers in whose code, name or e-mail every word of the text stands, or in the e-mail of a contact."""
        return self.filter(found_by(text))


def found_by(text: str) -> Q:
    """Every word of the text stands in code, name or e-mail, or in the e-mail of a contact."""
    contacts = Contact.objects.filter(has_words(Contact, text)).values_list("customer", flat=True)
    return has_words(Customer, text) | Q(pk__in=few_or_all(contacts))


def unreachable() -> Q:
    """No address to which statements could go: none on the card, no contact that gets them."""
    reached = Contact.objects.filter(customer=OuterRef("pk"), gets_statements=True)
    return Q(email_key="") & ~Q(Exists(reached))


class Group(models.Model):
    """Customers who belong together, by a name that the trader gives."""

    name = models.CharField(pgettext_lazy("group of customers", "name"), max_length=80, unique=True)

    class Meta:
        verbose_name = _("group of customers")
        ordering = ["name"]

    @override
    def __str__(self) -> str:
        return self.name


class Customer(Recorded, Editable):
    """A person or firm that we sell to."""

    record_kind = "customer"

    code = models.CharField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=200)
    kind = models.CharField(_("kind"), max_length=8, choices=Kind, default=Kind.CONTACT)
    company_code = models.CharField(_("company code"), max_length=32, blank=True)
    vat_code = models.CharField(_("VAT code"), max_length=32, blank=True)
    street = models.CharField(_("street"), max_length=200, blank=True)
    postcode = models.CharField(_("postcode"), max_length=20, blank=True)
    city = models.CharField(_("city"), max_length=100, blank=True)
    country = models.CharField(_("country"), max_length=60, blank=True)
    email = models.CharField(_("e-mail"), max_length=254, blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    language = models.CharField(_("language"), max_length=2, choices=choices, blank=True)
    salutation = models.CharField(_("salutation"), max_length=100, blank=True)
    vocative = models.CharField(  # Czech needs it
        _("form of address"),
        max_length=100,
        blank=True,
        help_text=_("As a Czech letter says the name after Vážený or Vážená: “pane Nováku”, “paní Nováková”."),
    )
    newsletter = models.CharField(_("newsletter"), max_length=3, choices=Newsletter, blank=True, default="")
    price_list = models.ForeignKey(
        PriceList,
        models.PROTECT,
        null=True,
        blank=True,
        db_index=False,
        related_name="customers",
        verbose_name=_("price list"),
    )
    groups = models.ManyToManyField(Group, blank=True, related_name="customers", verbose_name=_("groups"))
    copy_format = models.CharField(
        _("statement as"), max_length=4, choices=CopyFormat, blank=True, default=CopyFormat.NONE
    )
    note = models.TextField(_("note"), blank=True)
    is_blocked = models.BooleanField(_("blocked"), default=False)
    blocked_reason = models.CharField(_("why blocked"), max_length=200, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    code_key = FoldedField("code")
    name_key = FoldedField("name")
    email_key = FoldedField("email", max_length=254)

    objects = CustomerQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        verbose_name = _("customer")
        indexes = [
            models.Index(fields=["email_key", "name_key", "id"], name="customer_by_address"),
            models.Index(fields=["name_key", "id"], condition=Q(is_blocked=True), name="customer_blocked"),
            models.Index(fields=["kind", "name_key", "id"], name="customer_by_kind"),
            models.Index(
                fields=["price_list", "name_key", "id"],
                condition=Q(price_list__isnull=False),
                name="customer_by_price_list",
            ),
        ]

    @override
    def __str__(self) -> str:
        return self.name

    @property
    def email_fault(self) -> str:
        """What is wrong with the address, as a file or a shop told it; empty where letters can go there, or none is."""
        return address_fault(self.email)

    def get_absolute_url(self) -> str:
        """The customer's page."""
        return reverse("customers:customer", args=[self.pk])

    @property
    def address_lines(self) -> list[str]:
        """The billing address, one line each, without empty ones."""
        return address_lines(self.street, self.postcode, self.city, self.country)


class Contact(Editable):
    """Somebody at the customer who gets letters."""

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="contacts")
    name = models.CharField(pgettext_lazy("person", "name"), max_length=150, blank=True)
    email = models.CharField(_("e-mail"), max_length=254)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    gets_statements = models.BooleanField(_("gets statements"), default=False)
    gets_invoices = models.BooleanField(_("gets invoices"), default=False)
    email_key = FoldedField("email", max_length=254)

    class Meta:
        verbose_name = _("contact")
        constraints = [models.UniqueConstraint(fields=["customer", "email"], name="one_contact_an_address")]

    @override
    def __str__(self) -> str:
        return self.name or self.email


class Address(Editable):
    """A place to deliver to."""

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="delivery_addresses")
    name = models.CharField(_("name"), max_length=200, blank=True)
    street = models.CharField(_("street"), max_length=200, blank=True)
    postcode = models.CharField(_("postcode"), max_length=20, blank=True)
    city = models.CharField(_("city"), max_length=100, blank=True)
    country = models.CharField(_("country"), max_length=60, blank=True)

    class Meta:
        verbose_name = _("delivery address")


class Consent(models.Model):
    """Something that the customer agreed to; withdrawn, it stays as a record that it once was given."""

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="consents")
    code = models.CharField(_("code"), max_length=40)
    name = models.CharField(pgettext_lazy("consent", "consent to"), max_length=200)
    source = models.CharField(pgettext_lazy("consent", "given through"), max_length=100, blank=True)
    given_at = models.DateTimeField(_("given"))
    valid_until = models.DateField(_("valid until"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True)

    class Meta:
        verbose_name = _("consent")
        constraints = [
            models.UniqueConstraint(
                fields=["customer", "code"], condition=Q(withdrawn_at__isnull=True), name="one_open_consent"
            )
        ]

    @override
    def __str__(self) -> str:
        return self.name

    def is_in_force(self, day: dt.date) -> bool:
        """Whether it counts on this day: not withdrawn, and not run out."""
        return self.withdrawn_at is None and (self.valid_until is None or day <= self.valid_until)
