"""What the commands of orders have in common: find the order, write its letters at once, answer."""

from argparse import ArgumentParser
from collections.abc import Callable, Mapping
from typing import Any, override

from depesa.core.commands import AnsweringCommand
from depesa.core.errors import Refused
from depesa.core.records import about
from depesa.history.models import Origin
from depesa.orders.models import Order
from depesa.triggers.models import Status, Transition
from depesa.triggers.services import fire_due

ORIGIN = Origin.COMMAND.value


class OrderCommand(AnsweringCommand):
    """A command about one order, named by its number."""

    @override
    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("number", metavar="NUMBER", help="number of the order")
        super().add_arguments(parser)


def order_of(options: Mapping[str, Any]) -> Order:
    """The order with the number that was named."""
    found = Order.objects.select_related("state", "customer").filter(number=options["number"]).first()
    if found is None:
        raise Refused(f"There is no order {options['number']}.")
    return found


def with_letters[T](order: Order, act: Callable[[], T]) -> tuple[T, int]:
    """Do it and write the letters that it causes at once; what was done, and how many letters there are now."""
    last = Transition.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    done = act()
    noted = Transition.objects.filter(about(order.ref), pk__gt=last)
    if ids := list(noted.filter(status=Status.HELD).values_list("pk", flat=True)):
        fire_due(only=ids)
    return done, noted.filter(status=Status.QUEUED).count()
