"""depesa orders invoice 536365: generate the invoice of an order."""

from typing import Any, override

from depesa.orders.management.answers import ORIGIN, OrderCommand, refuse, with_letters
from depesa.orders.services import invoice


class Command(OrderCommand):
    """Generate the invoice of an order; the letter after it follows, if one is chosen."""

    help = __doc__ or ""

    @override
    def handle(self, *args: Any, **options: Any) -> None:
        order = self.order(options["number"])
        issued, messages = with_letters(order, lambda: invoice([order.pk], by=None, origin=ORIGIN))
        if order.pk in issued.refused:
            refuse(issued.refused[order.pk])
        [document] = issued.made
        answer = {"order": order.number, "document": document.pk, "number": document.number, "messages": messages}
        self.tell(answer, options, f"{order.number}: invoice {document.number}, letters: {messages}")
