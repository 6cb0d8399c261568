"""What the commands of orders have in common: find the order, write its letters at once, answer."""

import json
from argparse import ArgumentParser
from collections.abc import Callable, Mapping
from typing import Any, Final, NoReturn

from django.core.management.base import BaseCommand, CommandError

from depesa.core.errors import DomainError
from depesa.core.records import about
from depesa.history.models import Origin
from depesa.orders.models import Order
from depesa.triggers.models import Status, Transition
from depesa.triggers.services import fire_due

REFUSED: Final = 1  # exit status
ORIGIN = Origin.COMMAND.value


class OrderCommand(BaseCommand):
    """A command about one order, named by its number."""

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The number and --json, which every command of orders has."""
        parser.add_argument("number", metavar="NUMBER", help="number of the order")
        parser.add_argument("--json", action="store_true", help="print JSON, and nothing else")

    def order(self, number: str) -> Order:
        """The order with this number; ends the command if there is none."""
        found = Order.objects.select_related("state", "customer").filter(number=number).first()
        if found is None:
            raise CommandError(f"There is no order {number}.", returncode=REFUSED)
        return found

    def tell(self, answer: Mapping[str, Any] | list[Any], options: Mapping[str, Any], sentence: str) -> None:
        """Print the answer as JSON if asked, else as a sentence."""
        self.stdout.write(json.dumps(answer, ensure_ascii=False, default=str) if options["json"] else sentence)


def with_letters[T](order: Order, act: Callable[[], T]) -> tuple[T, int]:
    """Do it and write the letters that it causes at once; what was done, and how many letters there are now."""
    last = Transition.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    try:
        done = act()
    except DomainError as problem:
        refuse(str(problem))
    noted = Transition.objects.filter(about(order.ref), pk__gt=last)
    if ids := list(noted.filter(status=Status.HELD).values_list("pk", flat=True)):
        fire_due(only=ids)
    return done, noted.filter(status=Status.QUEUED).count()


def refuse(sentence: str) -> NoReturn:
    """End the command with the sentence."""
    raise CommandError(sentence, returncode=REFUSED)
