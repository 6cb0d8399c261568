"""Categories, products and price lists."""

from decimal import Decimal
from typing import Self, override

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from depesa.core.edits import Editable
from depesa.core.languages import ENGLISH, text_in
from depesa.core.models import Blob, NamedInLanguages
from depesa.core.money import AmountField, check_rate
from depesa.core.records import Recorded
from depesa.core.search import FoldedField, has_words
from depesa.staff.models import Visible


class Category(Recorded, NamedInLanguages, Editable):
    """A group of products as the shop shows it."""

    record_kind = "category"

    code = models.SlugField(_("code"), max_length=60, unique=True)
    names = models.JSONField(default=dict)  # {"en": "Bags", "cs": "Tašky"}
    position = models.PositiveIntegerField(pgettext_lazy("in a list", "order"), default=0)
    is_active = models.BooleanField(_("shown in the shop"), default=True)

    class Meta:
        verbose_name = _("category")


class ProductQuerySet(Visible["Product"]):
    """Products as they may be seen and found."""

    def on_sale(self) -> Self:
        """What the shop offers: active, and in no category that is hidden."""
        return self.filter(Q(category=None) | Q(category__is_active=True), is_active=True)

    def found_by(self, text: str) -> Self:
        """Products in whose code or own name every word of the text stands: for long lists at the desk."""
        return self.filter(has_words(Product, text, "name_key", "code_key"))

    def about(self, text: str) -> Self:
        """Products in whose names, in any language, every word of the text stands somewhere."""
        return self.filter(has_words(Product, text, "words_key"))


class Product(Recorded, NamedInLanguages, Editable):
    """Something that we sell; its price is in the currency of the default price list."""

    record_kind = "product"
    unseen = frozenset({"stock"})  # every sale takes of it; whoever types it is asked what he saw

    code = models.CharField(_("code"), max_length=40, unique=True)
    names = models.JSONField(default=dict)  # {"en": "Party bunting"}
    descriptions = models.JSONField(default=dict)
    category = models.ForeignKey(
        Category, models.SET_NULL, null=True, blank=True, related_name="products", verbose_name=_("category")
    )
    unit = models.CharField(_("unit"), max_length=20, blank=True)
    price = AmountField(_("price"), validators=[MinValueValidator(0)])
    vat_rate = models.DecimalField(
        _("VAT rate, %"),
        max_digits=5,
        decimal_places=2,
        default=Decimal(21),
        validators=[MinValueValidator(0), MaxValueValidator(100), check_rate],
    )
    stock = AmountField(_("in stock"), null=True, blank=True)  # null: not tracked
    image = models.ForeignKey(Blob, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("picture"))
    is_active = models.BooleanField(_("on sale"), default=True)
    position = models.PositiveIntegerField(pgettext_lazy("in a list", "order"), default=0)
    created_at = models.DateTimeField(auto_now_add=True)
    code_key = FoldedField("code")
    name_key = FoldedField("own_name")
    words_key = FoldedField("words", max_length=800)

    objects = ProductQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        verbose_name = _("product")
        indexes = [models.Index(fields=["position", "name_key", "id"], name="product_by_position")]

    def get_absolute_url(self) -> str:
        """The product's page at the desk."""
        return reverse("catalog:product", args=[self.pk])

    @property
    def description(self) -> str:
        """The description in the language that is spoken here and now, or in another one."""
        return text_in(self.descriptions)

    @property
    def own_name(self) -> str:
        """The name by which it is sorted, whoever looks."""
        return self.name_in(ENGLISH)

    @property
    def words(self) -> str:
        """Everything under which it is found."""
        return " ".join([self.code, *(self.names[key] for key in sorted(self.names))])

    @property
    def is_tracked(self) -> bool:
        """Whether its stock is counted."""
        return self.stock is not None

    def has_stock_for(self, quantity: Decimal) -> bool:
        """Whether so many can be sold now."""
        return self.stock is None or self.stock >= quantity


class PriceList(Recorded, Editable):
    """Prices for some customers: their currency, and whether they include VAT."""

    record_kind = "price-list"

    code = models.SlugField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=120)
    currency = models.CharField(_("currency"), max_length=3, default="EUR")
    includes_vat = models.BooleanField(_("prices include VAT"), default=True)
    is_default = models.BooleanField(_("default"), default=False)

    class Meta:
        verbose_name = _("price list")
        constraints = [
            models.UniqueConstraint(fields=["is_default"], condition=Q(is_default=True), name="one_default_price_list")
        ]

    @override
    def __str__(self) -> str:
        return self.name


class Price(models.Model):
    """What a product costs in a price list that is not the default one."""

    price_list = models.ForeignKey(PriceList, models.CASCADE, related_name="prices")
    product = models.ForeignKey(Product, models.CASCADE, related_name="prices")
    price = AmountField(_("price"), validators=[MinValueValidator(0)])

    class Meta:
        verbose_name = _("price")
        constraints = [models.UniqueConstraint(fields=["price_list", "product"], name="one_price_a_list")]
