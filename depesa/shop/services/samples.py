"""A small real catalogue: best-selling products of the online-retail data, with what they cost most often."""

import csv
import gzip
import io
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from importlib.resources import files
from typing import Any, Final

from django.db import transaction

from depesa.catalog import services as catalog
from depesa.catalog.models import Category, PriceList, Product
from depesa.catalog.queries import default_price_list, with_codes
from depesa.core.errors import Refused
from depesa.core.reasons import gettext as _
from depesa.shop.services.settings import save_shop

CURRENCY: Final = "GBP"
_VAT: Final = Decimal(20)
_CATEGORIES: Final = {
    "bags": {"en": "Shopping bags", "cs": "Tašky", "lt": "Krepšiai"},
    "lunch": {"en": "Lunch and picnic", "cs": "Svačiny a pikniky", "lt": "Priešpiečiai ir iškylos"},
    "kitchen": {"en": "Kitchen", "cs": "Kuchyně", "lt": "Virtuvė"},
    "home": {"en": "Home", "cs": "Domov", "lt": "Namai"},
    "party": {"en": "Party", "cs": "Oslavy", "lt": "Šventės"},
    "garden": {"en": "Garden", "cs": "Zahrada", "lt": "Sodas"},
}


@dataclass(frozen=True, slots=True)
class Seeding:
    """How many there are now of what the seed brings, and how many of the products are new."""

    products: int
    categories: int
    price_lists: int
    created: int


def seed() -> Seeding:
    """Products, categories and the default price list in pounds, and the shop is open; what is there already stays.

    Refused when the catalogue's prices are in another currency.
    """
    with transaction.atomic():
        _set_currency()
        categories = {code: _category(code, position) for position, code in enumerate(_CATEGORIES)}
        rows = list(_products(categories))
        known = with_codes(row["code"] for row in rows)
        new = [row for row in rows if row["code"] not in known]
        catalog.create_many(new, by=None)
        save_shop({"is_open": True}, by=None)
    return Seeding(
        products=Product.objects.filter(code__in=[row["code"] for row in rows]).count(),
        categories=len(categories),
        price_lists=PriceList.objects.count(),
        created=len(new),
    )


def _set_currency() -> None:
    usual = default_price_list()
    if usual.pk and usual.currency == CURRENCY:
        return
    if usual.pk and Product.objects.exists():
        sentence = _("The catalogue's prices are in %(currency)s already; these products cost pounds.")
        raise Refused(sentence % {"currency": usual.currency})
    values = {"code": usual.code, "name": usual.name, "currency": CURRENCY, "is_default": True}
    catalog.save_price_list(usual, values, by=None)


def _category(code: str, position: int) -> Category:
    found = Category.objects.filter(code=code).first()
    values = {"code": code, "names": _CATEGORIES[code], "position": position}
    return found or catalog.save_category(Category(), values, by=None)


def _products(categories: dict[str, Category]) -> Iterator[dict[str, Any]]:
    sold = _sold()
    for position, row in enumerate(_chosen()):
        name, price = sold[row["code"]]
        yield {
            "code": row["code"],
            "names": {"en": name, "cs": row["cs"], "lt": row["lt"]},
            "category": categories[row["category"]],
            "price": price,
            "vat_rate": _VAT,
            "position": position,
        }


def _chosen() -> list[dict[str, str]]:
    text = (files("depesa.shop") / "samples" / "catalogue.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(io.StringIO(text)))


def _sold() -> dict[str, tuple[str, Decimal]]:
    """Name and price of everything sold to known customers, by code: what was written and asked most often."""
    names, amounts = defaultdict[str, Counter[str]](Counter), defaultdict[str, Counter[str]](Counter)
    packed = (files("depesa.documents") / "samples" / "online-retail-2011-06.csv.gz").read_bytes()
    for row in csv.DictReader(io.StringIO(gzip.decompress(packed).decode())):
        if row["CustomerID"] and not row["InvoiceNo"].startswith("C"):
            names[row["StockCode"]][" ".join(row["Description"].split())] += 1
            amounts[row["StockCode"]][row["UnitPrice"]] += 1
    return {
        code: (_name(names[code].most_common(1)[0][0]), Decimal(amounts[code].most_common(1)[0][0])) for code in names
    }


def _name(text: str) -> str:
    """As one writes it: the data shouts."""
    plain = text.strip(" .").capitalize().replace("Set/", "Set of ")
    for shouted, said in (
        ("t-light", "tea-light"),
        (" led ", " LED "),
        ("regency", "Regency"),
        ("victorian", "Victorian"),
    ):
        plain = plain.replace(shouted, said)
    return plain
