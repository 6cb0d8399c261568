"""`depesa shop seed`: a small real catalogue to try the shop with."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, override

from depesa.core.commands import AnsweringCommand
from depesa.shop.services import samples


class Command(AnsweringCommand):
    """Enter some sixty best-selling products of the online-retail data; what is there already stays as it is."""

    @override
    def answer(self, options: Mapping[str, Any]) -> None:
        done = samples.seed()
        sentence = (
            f"{done.products} products in {done.categories} categories, {done.created} of them new;"
            f" {done.price_lists} price lists"
        )
        self.tell(asdict(done), options, sentence)
