"""`depesa documents add-type CODE --name NAME`: a document type of the firm's own."""

import json
from argparse import ArgumentParser
from typing import Any, override

from django.core.management.base import BaseCommand, CommandError

from depesa.company.queries import current
from depesa.core.errors import DomainError
from depesa.core.languages import choices, codes
from depesa.documents import services
from depesa.documents.models import DocumentType

REFUSED = 1


class Command(BaseCommand):
    """Add a document type of the firm's own."""

    help = "Add a document type of the firm's own, for example delivery-note."

    @override
    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("code", metavar="CODE", help="small letters, digits and dashes, for example delivery-note")
        parser.add_argument("--name", required=True, help="the name in the company's language")
        for code, label in choices():
            parser.add_argument(f"--name-{code}", default="", metavar="NAME", help=f"the name in {label}")
        parser.add_argument("--series", default="", metavar="PREFIX", help="number the documents, beginning with this")
        parser.add_argument("--no-prices", action="store_true", help="print no prices, as on a delivery note")
        parser.add_argument("--asks-payment", action="store_true", help="print account and QR code, as on a proforma")
        parser.add_argument("--json", action="store_true", help="write the type as JSON, and nothing else")

    @override
    def handle(self, *args: Any, **options: Any) -> None:
        names = {current().language: options["name"]}
        names |= {code: options[f"name_{code}"] for code in codes() if options[f"name_{code}"]}
        values = {"shows_prices": not options["no_prices"], "asks_payment": options["asks_payment"]}
        try:
            kind = services.add_type(options["code"], names, by=None, prefix=options["series"].strip(), values=values)
        except DomainError as refusal:
            raise CommandError(str(refusal), returncode=REFUSED) from None
        if options["json"]:
            self.stdout.write(json.dumps(_type_out(kind), ensure_ascii=False))
        else:
            number = f", first number {kind.series.preview}" if kind.series else ", without numbers"
            self.stdout.write(f"Added {kind.code}: {options['name']}{number}")


def _type_out(kind: DocumentType) -> dict[str, Any]:
    """The type for scripts; the keys are a promise."""
    return {
        "code": kind.code,
        "names": kind.names,
        "series": kind.series.code if kind.series else None,
        "next_number": kind.series.preview if kind.series else None,
    }
