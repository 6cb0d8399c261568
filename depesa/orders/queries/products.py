"""Products of the catalogue as lines of an order."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from depesa.catalog.models import Product
from depesa.core.languages import spoken

MOST: Final = 8


@dataclass(frozen=True, slots=True)
class Hit:
    """A product that was found."""

    product: Product
    name: str
    stock: Decimal | None


def hits_for(text: str) -> list[Hit]:
    """Active products whose code or name begins so, or in whose names every word stands; at most eight."""
    bare = text.strip()[:100]
    if not bare:
        return []
    active = Product.objects.filter(is_active=True).order_by("name_key", "id")
    rows = list(active.found_by(bare)[:MOST]) or list(active.about(bare)[:MOST])
    return [Hit(row, row.name_in(spoken()), row.stock) for row in rows]
