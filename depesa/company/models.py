"""The one row of our own firm."""

from typing import override

from django.db import models
from django.utils.translation import gettext_lazy as _

from depesa.core.edits import Editable
from depesa.core.languages import ENGLISH, choices
from depesa.core.models import Blob
from depesa.core.records import Recorded
from depesa.core.texts import address_lines


class Company(Recorded, Editable):
    """The sender of every letter and paper."""

    record_kind = "company"

    name = models.CharField(_("name"), max_length=200)
    company_code = models.CharField(_("company code"), max_length=32, blank=True)
    vat_code = models.CharField(_("VAT code"), max_length=32, blank=True)
    street = models.CharField(_("street"), max_length=200, blank=True)
    postcode = models.CharField(_("postcode"), max_length=20, blank=True)
    city = models.CharField(_("city"), max_length=100, blank=True)
    country = models.CharField(_("country"), max_length=2, blank=True)
    email = models.CharField(_("e-mail"), max_length=254, blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    website = models.CharField(_("website"), max_length=200, blank=True)
    bank_account = models.CharField(_("bank account"), max_length=42, blank=True)
    logo = models.ForeignKey(Blob, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("logo"))
    colour = models.CharField(_("colour of letters"), max_length=7, blank=True)  # "#1f5fa8"; empty: ours
    currency = models.CharField(_("currency"), max_length=3, default="EUR")
    language = models.CharField(_("language"), max_length=2, choices=choices, default=ENGLISH)
    time_zone = models.CharField(_("time zone"), max_length=64, default="Europe/Vilnius")

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="one_company")]
        verbose_name = _("company")

    @override
    def __str__(self) -> str:
        return self.name

    @property
    def address_lines(self) -> list[str]:
        """The postal address, one line each, without empty ones."""
        return address_lines(self.street, self.postcode, self.city, self.country)
