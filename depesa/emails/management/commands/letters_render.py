"""depesa letters render CODE: a system e-mail as a customer would read it, for a real order or with samples."""

from argparse import ArgumentParser
from collections.abc import Mapping
from typing import Any, override

from depesa.company.queries import current
from depesa.core.commands import AnsweringCommand
from depesa.core.errors import Refused
from depesa.core.languages import codes
from depesa.emails.models import SystemEmail
from depesa.emails.placeholders import context_of
from depesa.emails.services import fill, frame, record_by_number


class Command(AnsweringCommand):
    """Write one letter and print it; nothing is sent and nothing is kept."""

    @override
    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("code", metavar="CODE", help="for example order-received")
        parser.add_argument("--language", choices=codes(), help="otherwise that of the order or of the company")
        parser.add_argument("--order", metavar="NUMBER", help="with the data of this order")
        parser.add_argument("--sample", action="store_true", help="with samples")
        super().add_arguments(parser)

    @override
    def answer(self, options: Mapping[str, Any]) -> None:
        email = SystemEmail.objects.filter(code=options["code"]).first()
        if email is None:
            known = ", ".join(SystemEmail.objects.order_by("code").values_list("code", flat=True))
            raise Refused(f"There is no system e-mail “{options['code']}”. These are: {known}.")
        company = current()
        language, values = _values(email, options, company.language)
        letter = fill(email.code, language, values)
        told = {"subject": letter.subject, "html": frame(letter, company).html, "text": letter.text}
        self.tell(told, options, f"{letter.subject}\n\n{letter.text}")


def _values(email: SystemEmail, options: Mapping[str, Any], usual: str) -> tuple[str, Any]:
    """The language, and what gives the values in the language that is used at last."""
    if not options["order"]:
        if not options["sample"]:
            raise Refused("Name an order with --order NUMBER, or ask for samples with --sample.")
        return options["language"] or usual, context_of(email.context).samples
    record = record_by_number(email.context, options["order"])
    if record is None:
        raise Refused(f"There is no record “{options['order']}” that “{email.code}” could be about.")
    return options["language"] or record.language or usual, record.values
