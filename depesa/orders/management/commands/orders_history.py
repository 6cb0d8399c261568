"""depesa orders history 536365: everything that happened to an order, oldest first."""

from typing import Any, override

from depesa.orders.management.answers import OrderCommand
from depesa.orders.queries.history import history_of


class Command(OrderCommand):
    """Print every change and every letter of an order with who, when and through what."""

    help = __doc__ or ""

    @override
    def handle(self, *args: Any, **options: Any) -> None:
        rows = history_of(self.order(options["number"]))
        lines = "\n".join(f"{row['at']}  {row['event']}  {row['who'] or row['origin']}" for row in rows)
        self.tell(rows, options, lines)
