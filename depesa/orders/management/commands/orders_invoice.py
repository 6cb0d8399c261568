"""depesa orders invoice 536365: generate the invoice of an order."""

from collections.abc import Mapping
from typing import Any, override

from depesa.core.errors import Refused
from depesa.orders.management.answers import ORIGIN, OrderCommand, order_of, with_letters
from depesa.orders.services import invoice


class Command(OrderCommand):
    """Generate the invoice of an order; the letter after it follows, if one is chosen."""

    @override
    def answer(self, options: Mapping[str, Any]) -> None:
        order = order_of(options)
        issued, messages = with_letters(order, lambda: invoice([order.pk], by=None, origin=ORIGIN))
        if order.pk in issued.refused:
            raise Refused(issued.refused[order.pk])
        [document] = issued.made
        answer = {"order": order.number, "document": document.pk, "number": document.number, "messages": messages}
        self.tell(answer, options, f"{order.number}: invoice {document.number}, letters: {messages}")
