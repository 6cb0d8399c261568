"""Papers of orders that never were, to try a template with: one that has everything, one that has next to nothing."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Final

from depesa.core.languages import text_in, words
from depesa.documents.rules import Line, sum_up
from depesa.orders.paper.papers import OrderPaper, PaperLine, Party, Rate

DAY: Final = dt.date(2011, 6, 15)
CUSTOMER: Final = Party(
    name="Řezbářství Žlutý kůň s.r.o.",
    company_code="25596641",
    vat_code="CZ25596641",
    address_lines=("Dlouhá 7", "110 00 Praha"),
    country="CZ",
    email="ucetni@zlutykun.example",
    phone="+420 600 000 000",
)
SUPPLIER: Final = Party(
    name="Vaivorykštė UAB",
    company_code="304871236",
    vat_code="LT100011122233",
    address_lines=("Ąžuolų g. 5", "01234 Vilnius"),
    country="LT",
    email="info@vaivorykste.example",
    phone="+370 600 00000",
    bank_account="LT121000011101001000",
)
GOODS: Final[tuple[tuple[str, Mapping[str, str], int, str, int], ...]] = (
    (
        "85123A",
        {"en": "White hanging heart", "cs": "Bílé závěsné srdce", "lt": "Balta pakabinama širdelė"},
        6,
        "2.55",
        21,
    ),
    (
        "71053",
        {"en": "White metal lantern", "cs": "Bílá kovová lucerna", "lt": "Baltas metalinis žibintas"},
        6,
        "3.39",
        21,
    ),
    ("22752", {"en": "Set of 7 babushka boxes", "cs": "Sada 7 krabiček", "lt": "7 dėžučių rinkinys"}, 2, "7.65", 12),
    ("POST", {"en": "Postage", "cs": "Poštovné", "lt": "Pristatymas"}, 1, "3.00", 0),
)
UNIT: Final = {"en": "pcs", "cs": "ks", "lt": "vnt."}
PAYMENT: Final = {"en": "Bank transfer", "cs": "Bankovní převod", "lt": "Bankinis pavedimas"}
SHIPPING: Final = {"en": "Parcel locker", "cs": "Výdejní box", "lt": "Paštomatas"}
NOTE: Final = {"en": "Please ring twice.", "cs": "Zvoňte prosím dvakrát.", "lt": "Prašome skambinti du kartus."}


def sample_paper(
    code: str, name: str, language: str, *, supplier: Party = SUPPLIER, number: str = "", flags: Mapping[str, bool]
) -> OrderPaper:
    """A paper with everything that this type may print. `flags`: has_due_on, has_tax_on, shows_prices, ..."""
    takes_back = flags.get("takes_back", False)
    unit = text_in(UNIT, language)
    lines = tuple(
        _sample_line(goods, text_in(texts, language), unit, quantity, price, rate)
        for goods, texts, quantity, price, rate in GOODS
    )
    sums = sum_up([Line(text=x.text, quantity=x.quantity, price=x.price, vat_rate=x.vat_rate) for x in lines], 2)
    return OrderPaper(
        type=code,
        title=name,
        number=number,
        order_number="100042",
        language=language,
        currency="EUR",
        issued_on=DAY,
        due_on=DAY + dt.timedelta(days=14) if flags.get("has_due_on") else None,
        tax_on=DAY if flags.get("has_tax_on") else None,
        ordered_on=DAY - dt.timedelta(days=1),
        variable_symbol="100042",
        related_number="INV000041" if takes_back else "",
        related_on=DAY - dt.timedelta(days=3) if takes_back else None,
        supplier=supplier,
        customer=CUSTOMER,
        delivery=Party(name="Jana Nováková", address_lines=("Lesní 3", "612 00 Brno"), phone="+420 700 000 000"),
        lines=lines,
        rates=tuple(Rate(*rate) for rate in sums.rates),
        net=sums.net,
        vat=sums.vat,
        gross=sums.gross,
        rounding=Decimal("0.02"),
        shows_prices=flags.get("shows_prices", True),
        asks_payment=flags.get("asks_payment", False),
        payment=text_in(PAYMENT, language),
        shipping=text_in(SHIPPING, language),
        customer_note=text_in(NOTE, language),
        remarks=(words("remarks", language)["reverse-charge"],),
        takes_back=takes_back,
        is_paid=takes_back,
    )


def bare(paper: OrderPaper) -> OrderPaper:
    """The same with everything left out that a real one may lack: here a template shows what it takes for granted."""
    line = replace(
        paper.lines[0], code="", unit="", note="", vat_rate=Decimal(0), vat=Decimal(0), gross=paper.lines[0].net
    )
    return replace(
        paper,
        number="",
        supplier=Party(name=paper.supplier.name),
        customer=Party(name="Jana Nováková"),
        delivery=None,
        due_on=None,
        tax_on=None,
        ordered_on=None,
        variable_symbol="",
        related_number="",
        related_on=None,
        lines=(line,),
        rates=(Rate(Decimal(0), line.net, Decimal(0)),),
        net=line.net,
        vat=Decimal(0),
        gross=line.net,
        rounding=Decimal(0),
        payment="",
        shipping="",
        customer_note="",
        remarks=(),
    )


def _sample_line(code: str, text: str, unit: str, quantity: int, price: str, rate: int) -> PaperLine:
    net = quantity * Decimal(price)
    vat = (net * rate / 100).quantize(Decimal("0.01"))
    return PaperLine(
        code=code,
        text=text,
        unit=unit,
        quantity=Decimal(quantity),
        price=Decimal(price),
        vat_rate=Decimal(rate),
        net=net,
        vat=vat,
        gross=net + vat,
    )
