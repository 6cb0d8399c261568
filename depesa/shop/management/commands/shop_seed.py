"""`depesa shop seed`: a small real catalogue to try the shop with."""

import json
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any, override

from django.core.management.base import BaseCommand, CommandError

from depesa.core.errors import DomainError
from depesa.shop.services import samples


class Command(BaseCommand):
    """Enter some sixty best-selling products of the online-retail data; what is there already stays as it is."""

    help = "Enter some sixty best-selling products of the online-retail data; what is there already stays as it is."

    @override
    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="write the figures as JSON, and nothing else")

    @override
    def handle(self, *args: Any, **options: Any) -> None:
        try:
            done = samples.seed()
        except DomainError as refusal:
            raise CommandError(str(refusal), returncode=1) from None
        if options["json"]:
            self.stdout.write(json.dumps(asdict(done)))
        else:
            self.stdout.write(
                f"{done.products} products in {done.categories} categories, {done.created} of them new;"
                f" {done.price_lists} price lists"
            )
