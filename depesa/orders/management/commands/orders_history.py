"""depesa orders history 536365: everything that happened to an order, oldest first."""

from collections.abc import Mapping
from typing import Any, override

from depesa.orders.management.answers import OrderCommand, order_of
from depesa.orders.queries.history import history_of


class Command(OrderCommand):
    """Print every change and every letter of an order with who, when and through what."""

    @override
    def answer(self, options: Mapping[str, Any]) -> None:
        rows = history_of(order_of(options))
        lines = "\n".join(f"{row['at']}  {row['event']}  {row['who'] or row['origin']}" for row in rows)
        self.tell(rows, options, lines)
