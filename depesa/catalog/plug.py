"""What the catalogue brings to the apps below: products, categories and price lists as records."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from depesa.catalog.models import Category, PriceList, Product
from depesa.core.plugs import Plug
from depesa.core.records import Kind
from depesa.history.contributions import Vocabulary

PLUG: Final[Plug] = (
    Kind(Product.record_kind, _("product"), "catalog:product"),
    Kind(Category.record_kind, _("category"), "catalog:categories", is_listed=True),
    Kind(PriceList.record_kind, _("price list"), "catalog:price_lists", is_listed=True),
    Vocabulary(
        app="catalog",
        events={
            "catalog.product-entered": (_("entered the product"), "plus"),
            "catalog.product-changed": (_("changed the product"), "pencil"),
            "catalog.category-saved": (_("saved the category"), "pencil"),
            "catalog.price-list-saved": (_("saved the price list"), "pencil"),
        },
    ),
)
