"""Pages of the catalogue."""

from depesa.catalog.views.lists import categories, category, new_category, new_price_list, price_list, price_lists
from depesa.catalog.views.products import edit, new, picture, product, products
