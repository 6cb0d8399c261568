"""Stock goes down with an order and comes back with its cancelling; an order's own history tells of it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import override

from django.db import transaction
from django.db.models import F, Value

from depesa.catalog.models import Product
from depesa.core.errors import Refused
from depesa.core.money import AmountField
from depesa.core.reasons import gettext as _
from depesa.core.reasons import joined


class NotInStock(Refused):
    """There is not enough in stock."""

    @override
    def __init__(self, missing: Mapping[int, str]) -> None:
        """Keep one sentence a product, by its id."""
        super().__init__(joined(missing.values()))
        self.missing = dict(missing)


def take_stock(lines: Iterable[tuple[int, Decimal]], *, is_forced: bool = False) -> set[int]:
    """Take these quantities (product id, quantity) off the stock, in the caller's transaction; which were counted.

    All or nothing: NotInStock names every product of which there is not enough. Products whose stock is not counted
    are passed over. Forced, the stock may go below nothing: a clerk sells what is yet to come. A quantity below
    nothing is put back.
    """
    missing, counted = {}, set()
    with transaction.atomic():
        for product_id, quantity in _summed(lines):
            tracked = Product.objects.filter(pk=product_id, stock__isnull=False)
            enough = tracked if is_forced else tracked.filter(stock__gte=quantity)
            if enough.update(stock=F("stock") - _amount(quantity)):
                counted.add(product_id)
            elif product := tracked.first():
                missing[product_id] = _sentence(product)
        if missing:
            raise NotInStock(missing)
    return counted


def _summed(lines: Iterable[tuple[int, Decimal]]) -> list[tuple[int, Decimal]]:
    """One line a product, in the order of ids: two orders at once never wait for each other in a ring."""
    sums: dict[int, Decimal] = defaultdict(Decimal)
    for product_id, quantity in lines:
        sums[product_id] += quantity
    return sorted((product_id, quantity) for product_id, quantity in sums.items() if quantity)


def _amount(quantity: Decimal) -> Value:
    return Value(quantity, output_field=AmountField())


def _sentence(product: Product) -> str:
    left = max(product.stock or Decimal(0), Decimal(0)).normalize()
    return _("Of %(name)s there are %(left)s left. Take fewer.") % {"name": product, "left": left}
