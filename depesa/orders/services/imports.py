"""Import orders from the same files as sales documents: one order for each number that is a sale.

The same file, or the same orders in another file, add nothing the second time.
"""

import datetime as dt
import tempfile
import zoneinfo
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from itertools import batched
from pathlib import Path
from typing import Final

from django.db import transaction

from depesa.company.queries import current
from depesa.core.errors import DomainError, Refused
from depesa.core.languages import codes
from depesa.core.reasons import gettext as _
from depesa.customers.services import found_or_made
from depesa.history.models import Origin
from depesa.imports.queries import find_profile
from depesa.imports.rules import rows
from depesa.imports.rules.fields import REVERSALS
from depesa.imports.rules.profiles import Profile, fit, guess
from depesa.imports.rules.sales import Item, SalesDocument, assemble
from depesa.imports.rules.stage import Gathered, Stage
from depesa.orders.models import ItemKind, Order
from depesa.orders.services.drafts import ItemDraft, OrderDraft
from depesa.orders.services.placement import place
from depesa.staff.models import User

CHUNK: Final = 500
KEPT: Final = 1000
"""Refusals that are told one by one."""
PRICE: Final = Decimal("0.0001")


@dataclass(frozen=True, slots=True)
class Refusal:
    """An order of the file that was not taken, and why."""

    line: int
    number: str
    reason: str


@dataclass(slots=True)
class Figures:
    """What an import found and did; `orders` is the sum of the other three."""

    orders: int = 0
    imported: int = 0
    unchanged: int = 0
    refused_count: int = 0
    refused: list[Refusal] = field(default_factory=list)

    def refuse(self, line: int, number: str, reason: str) -> None:
        """Count an order that is not taken."""
        self.refused_count += 1
        if len(self.refused) < KEPT:
            self.refused.append(Refusal(line, number, reason))


def import_orders(path: Path, profile_name: str = "", *, by: User | None = None, dry: bool = False) -> Figures:
    """Read the file and add its orders in state Received, without letters; `dry` counts only. Unreadable says why not.

    Returns and credit notes of the file are no orders and are passed over.
    """
    figures = Figures()
    shape = rows.inspect(path)
    profile = find_profile(profile_name) if profile_name else guess(shape.header, rows.read_sample(path, shape))
    profile = fit(profile, shape.header)
    with tempfile.TemporaryDirectory() as folder, Stage(Path(folder) / "stage") as stage:
        stage.fill(rows.read_rows(path, shape), profile, shape.header, lambda _lines: None)
        for line, problem in stage.loose_lines():
            figures.refuse(line, "", str(problem))
        for chunk in batched(_sales(stage, profile, figures), CHUNK):
            new = _new(chunk, figures)
            figures.imported += len(new) if dry else _add(new, figures, by)
    figures.orders = figures.imported + figures.unchanged + figures.refused_count
    return figures


def _sales(stage: Stage, profile: Profile, figures: Figures) -> Iterator[SalesDocument]:
    home = current().country
    for gathered in stage.gather():
        assembled = assemble(gathered, profile, home=home)
        if assembled.document is None:
            if not _is_return(gathered):
                first = assembled.refusals[0]
                figures.refuse(first.line, assembled.number, str(first.problem))
        elif assembled.document.kind not in REVERSALS:
            yield assembled.document


def _is_return(gathered: Gathered) -> bool:
    """Whether lines that make no document take everything back."""
    quantities = [line.quantity for line in gathered.lines if line.quantity]
    return bool(quantities) and all(quantity.startswith("-") for quantity in quantities)


def _new(chunk: Sequence[SalesDocument], figures: Figures) -> list[SalesDocument]:
    """Those that are not here; the others are counted as unchanged or refused."""
    here = dict(Order.objects.filter(number__in=[one.number for one in chunk]).values_list("number", "content_hash"))
    new = []
    for one in chunk:
        if one.number not in here:
            new.append(one)
        elif here[one.number] == one.content_hash:
            figures.unchanged += 1
        else:
            figures.refuse(
                one.first_line, one.number, _("An order with this number is here already, with other content.")
            )
    return new


def _add(documents: Sequence[SalesDocument], figures: Figures, by: User | None) -> int:
    """Place these orders in one transaction; if one cannot be placed, each by itself."""
    try:
        with transaction.atomic():
            _place(documents, by)
    except DomainError as problem:
        if len(documents) > 1:
            return sum(_add([one], figures, by) for one in documents)
        figures.refuse(documents[0].first_line, documents[0].number, str(problem))
        return 0
    return len(documents)


def _place(documents: Sequence[SalesDocument], by: User | None) -> None:
    customers = found_or_made([_card(one) for one in documents], by=by, origin=Origin.IMPORT, keeps_wrong_address=True)
    zone = zoneinfo.ZoneInfo(current().time_zone)
    drafts = [
        OrderDraft(
            customer=customer,
            items=[_draft_of(item) for item in one.items if item.quantity],
            number=one.number,
            currency=one.currency,
            placed_at=dt.datetime.combine(one.on, dt.time(12), zone),
            content_hash=one.content_hash,
        )
        for one, customer in zip(documents, customers, strict=True)
    ]
    for order, one in zip(place(drafts, by=by, origin=Origin.IMPORT, send_emails=False), documents, strict=True):
        if order.gross != one.gross:
            raise Refused(
                _("The file makes %(told)s, with prices of four decimals it makes %(found)s. Give unit prices.")
                % {"told": one.gross, "found": order.gross}
            )


def _card(document: SalesDocument) -> Mapping[str, str]:
    return {
        "code": document.customer_code,
        "name": document.customer_name or document.customer_code,
        "email": document.email,
        "language": document.language if document.language in codes() else "",
        "country": document.country,
    }


def _draft_of(item: Item) -> ItemDraft:
    """A line with a negative quantity inside a sale is a discount."""
    is_back = item.quantity < 0
    price = item.unit_price.quantize(PRICE, ROUND_HALF_UP)
    return ItemDraft(
        code=item.code,
        text=item.description or item.code or "-",
        quantity=abs(item.quantity),
        price=-price if is_back else price,
        vat_rate=item.vat_rate,
        kind=(ItemKind.DISCOUNT if is_back or price < 0 else ItemKind.PRODUCT).value,
    )
