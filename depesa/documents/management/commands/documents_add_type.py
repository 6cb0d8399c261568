"""`depesa documents add-type CODE --name NAME`: a document type of the firm's own."""

from argparse import ArgumentParser
from collections.abc import Mapping
from typing import Any, override

from depesa.company.queries import current
from depesa.core.commands import AnsweringCommand
from depesa.core.languages import choices, codes
from depesa.documents import services
from depesa.documents.models import DocumentType


class Command(AnsweringCommand):
    """Add a document type of the firm's own, for example delivery-note."""

    @override
    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("code", metavar="CODE", help="small letters, digits and dashes, for example delivery-note")
        parser.add_argument("--name", required=True, help="the name in the company's language")
        for code, label in choices():
            parser.add_argument(f"--name-{code}", default="", metavar="NAME", help=f"the name in {label}")
        parser.add_argument("--series", default="", metavar="PREFIX", help="number the documents, beginning with this")
        parser.add_argument("--no-prices", action="store_true", help="print no prices, as on a delivery note")
        parser.add_argument("--asks-payment", action="store_true", help="print account and QR code, as on a proforma")
        super().add_arguments(parser)

    @override
    def answer(self, options: Mapping[str, Any]) -> None:
        names = {current().language: options["name"]}
        names |= {code: options[f"name_{code}"] for code in codes() if options[f"name_{code}"]}
        values = {"shows_prices": not options["no_prices"], "asks_payment": options["asks_payment"]}
        kind = services.add_type(options["code"], names, by=None, prefix=options["series"].strip(), values=values)
        number = f", first number {kind.series.preview}" if kind.series else ", without numbers"
        self.tell(_type_out(kind), options, f"Added {kind.code}: {options['name']}{number}")


def _type_out(kind: DocumentType) -> dict[str, Any]:
    """The type for scripts; the keys are a promise."""
    return {
        "code": kind.code,
        "names": kind.names,
        "series": kind.series.code if kind.series else None,
        "next_number": kind.series.preview if kind.series else None,
    }
