"""depesa orders send 536365 --template order-sent --document delivery-note: send a letter about an order."""

from argparse import ArgumentParser
from collections.abc import Mapping
from pathlib import Path
from typing import Any, override

from depesa.core.errors import Refused
from depesa.emails.models import SystemEmail
from depesa.orders.management.answers import ORIGIN, OrderCommand, order_of
from depesa.orders.models import Order
from depesa.orders.services.letters.composition import OrderLetter
from depesa.orders.services.letters.dispatch import send
from depesa.orders.services.letters.scripts import letter_from


class Command(OrderCommand):
    """Send a letter: from a system e-mail or with words of its own, with documents and files."""

    @override
    def add_arguments(self, parser: ArgumentParser) -> None:
        """What the letter says and what goes with it."""
        super().add_arguments(parser)
        parser.add_argument("--template", metavar="CODE", default="", help="system e-mail to begin with")
        parser.add_argument("--subject", default="", help="subject, instead of that of the system e-mail")
        parser.add_argument("--body", default="", help="text, instead of that of the system e-mail")
        parser.add_argument(
            "--to", action="append", default=[], metavar="ADDRESS", help="instead of the order's e-mail"
        )
        parser.add_argument(
            "--document",
            action="extend",
            nargs="+",
            default=[],
            metavar="TYPE",
            help="type of a document of the order; one that is missing is generated, accounting ones are refused",
        )
        parser.add_argument("--attach", action="extend", nargs="+", default=[], metavar="FILE", help="file to go along")

    @override
    def answer(self, options: Mapping[str, Any]) -> None:
        order = order_of(options)
        sent = send(_letter_wanted(order, options))
        for why in sent.skipped.values():
            self.stderr.write(why)
        answer = {"message": sent.message.pk, "generated": list(sent.generated), "refused": list(sent.skipped)}
        self.tell(answer, options, f"{order.number}: letter {sent.message.pk}")


def _letter_wanted(order: Order, options: Mapping[str, Any]) -> OrderLetter:
    if not options["template"] and not (options["subject"] and options["body"]):
        raise Refused("Name a system e-mail by --template, or give --subject and --body.")
    email = SystemEmail.objects.filter(code=options["template"], context="order").first()
    if options["template"] and email is None:
        known = ", ".join(SystemEmail.objects.filter(context="order").order_by("code").values_list("code", flat=True))
        raise Refused(f"There is no system e-mail {options['template']} for orders. There are: {known}.")
    return letter_from(
        order,
        email=email,
        subject=options["subject"],
        body=options["body"],
        to=options["to"],
        documents=options["document"],
        files=[(Path(name).name, _content(name)) for name in options["attach"]],
        origin=ORIGIN,
    )


def _content(name: str) -> bytes:
    try:
        return Path(name).read_bytes()
    except OSError as problem:
        raise Refused(f"The file {name} cannot be read: {problem.strerror}.") from None
