"""depesa orders state 536365 sent: change the state of an order, as on its page."""

from argparse import ArgumentParser
from collections.abc import Mapping
from typing import Any, override

from depesa.core.errors import Refused
from depesa.orders.management.answers import ORIGIN, OrderCommand, order_of, with_letters
from depesa.orders.services import change_state, state_named


class Command(OrderCommand):
    """Change the state of an order; what hangs on the state follows, letters too."""

    @override
    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("state", metavar="STATE", help="code of the state, or its name in any language")
        parser.add_argument("--no-email", action="store_true", help="send no letters about it")

    @override
    def answer(self, options: Mapping[str, Any]) -> None:
        order = order_of(options)
        before = order.state
        state = state_named(options["state"])
        sends = not options["no_email"]
        outcome, messages = with_letters(
            order, lambda: change_state([order.pk], state, by=None, origin=ORIGIN, send_emails=sends)
        )
        if order.pk in outcome.refused:
            raise Refused(outcome.refused[order.pk])
        answer = {"order": order.number, "from": before.code, "to": state.code, "messages": messages}
        self.tell(answer, options, f"{order.number}: {before.code} -> {state.code}, letters: {messages}")
