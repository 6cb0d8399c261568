"""Pages of the catalogue."""

from depesa.catalog.views.lists import (
    categories,
    category,
    new_category,
    new_price_list,
    price_list,
    price_lists,
)
from depesa.catalog.views.products import edit, new, picture, product, products

__all__ = [
    "categories",
    "category",
    "edit",
    "new",
    "new_category",
    "new_price_list",
    "picture",
    "price_list",
    "price_lists",
    "product",
    "products",
]
