"""What the catalogue brings to the apps below: products, categories and price lists as records."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from depesa.catalog.models import Category, PriceList, Product
from depesa.core.plugs import Plug
from depesa.core.records import Kind

PLUG: Final[Plug] = (
    Kind(Product.record_kind, _("product"), "catalog:product"),
    Kind(Category.record_kind, _("category"), "catalog:categories", is_listed=True),
    Kind(PriceList.record_kind, _("price list"), "catalog:price_lists", is_listed=True),
)
