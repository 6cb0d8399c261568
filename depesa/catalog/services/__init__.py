"""Verbs of the catalogue: enter and change products, categories and price lists; take and return stock."""

from depesa.catalog.services.lists import ensure_default_list, save_category, save_price_list
from depesa.catalog.services.products import change, create, create_many
from depesa.catalog.services.stock import NotInStock, take_stock
