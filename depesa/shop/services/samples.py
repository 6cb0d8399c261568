"""A small real catalogue: best-selling products of the online-retail data, with what they cost most often."""

import csv
import gzip
import io
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from importlib.resources import files
from typing import Any, Final

from django.db import transaction

from depesa.catalog import services as catalog
from depesa.catalog.models import Category, PriceList, Product
from depesa.catalog.queries import with_codes
from depesa.company.queries import current, today
from depesa.core.vat_rates import known_rates
from depesa.shop.services.settings import save_shop

WHOLE: Final = Decimal(10)  # units for a pound from which prices are whole
_VAT: Final = Decimal(20)  # where the country's own rate is not known, as in the data
_FOR_A_POUND: Final = {  # roughly: the prices of the data are in pounds, those of the seed are only to try with
    **dict.fromkeys(["EUR", "USD", "CHF"], Decimal("1.2")),
    "PLN": Decimal(5),
    "BGN": Decimal("2.3"),
    "RON": Decimal(6),
    "CZK": Decimal(30),
    "UAH": Decimal(50),
    "HUF": Decimal(450),
    **dict.fromkeys(["DKK", "NOK", "SEK"], Decimal(10)),
}
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
    """Products and categories with prices in the currency of the default list and the VAT rate of our country, and
    the shop is open; what is there already stays.
    """
    with transaction.atomic():
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


def _category(code: str, position: int) -> Category:
    found = Category.objects.filter(code=code).first()
    values = {"code": code, "names": _CATEGORIES[code], "position": position}
    return found or catalog.save_category(Category(), values, by=None)


def _products(categories: dict[str, Category]) -> Iterator[dict[str, Any]]:
    sold, currency = _sold(), catalog.ensure_default_list().currency
    vat_rate = next(iter(known_rates(current().country, today())), _VAT)
    for position, row in enumerate(_chosen()):
        name, price = sold[row["code"]]
        yield {
            "code": row["code"],
            "names": {"en": name, "cs": row["cs"], "lt": row["lt"]},
            "category": categories[row["category"]],
            "price": _price(price, currency),
            "vat_rate": vat_rate,
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


def _price(pounds: Decimal, currency: str) -> Decimal:
    """About as much in the currency, as one writes prices there."""
    more = _FOR_A_POUND.get(currency, Decimal(1))
    return (pounds * more).quantize(Decimal(1) if more >= WHOLE else Decimal("0.01"), ROUND_HALF_UP)


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
