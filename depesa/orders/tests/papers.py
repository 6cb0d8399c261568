"""Documents of orders to render in tests."""

import datetime as dt
from decimal import Decimal
from typing import Any

from depesa.documents.rules import Line, sum_up
from depesa.orders.paper import OrderPaper, PaperLine, Party, Rate

SUPPLIER = Party(
    name="Vaivorykštė UAB",
    company_code="304871236",
    vat_code="LT100011122233",
    address_lines=("Ąžuolų g. 5", "01234 Vilnius", "LT"),
    country="LT",
    email="info@vaivorykste.example",
    phone="+370 600 00000",
    bank_account="LT121000011101001000",
)
CUSTOMER = Party(
    name="Řezbářství Žlutý kůň s.r.o.",
    company_code="25596641",
    vat_code="CZ25596641",
    address_lines=("Dlouhá 7", "110 00 Praha", "CZ"),
    country="CZ",
)
GOODS = (
    ("85123A", "Ąžuolinė lentyna „Šviesa“", "2", "24.90", "21"),
    ("71053", "Bílý kovový lucerna s příliš žluťoučkým sklem", "6", "3.39", "21"),
    ("84406B", "Kniha: Příběhy o lesních skřítcích", "1", "12.00", "12"),
    ("POST", "Pristatymas į paštomatą", "1", "2.50", "0"),
)


def paper_line(code: str, text: str, quantity: str, price: str, rate: str, **changes: Any) -> PaperLine:
    """A line; price without VAT."""
    net = (Decimal(quantity) * Decimal(price)).quantize(Decimal("0.01"))
    vat = (net * Decimal(rate) / 100).quantize(Decimal("0.01"))
    values: dict[str, Any] = {
        "code": code,
        "text": text,
        "quantity": Decimal(quantity),
        "unit": "ks",
        "price": Decimal(price),
        "vat_rate": Decimal(rate),
        "net": net,
        "vat": vat,
        "gross": net + vat,
    }
    return PaperLine(**values | changes)


def order_paper(goods: Any = GOODS, **changes: Any) -> OrderPaper:
    """An unpaid invoice in English of a Lithuanian firm to a Czech one, in euros."""
    lines = tuple(paper_line(*each) for each in goods)
    sums = sum_up([Line(text=x.text, quantity=x.quantity, price=x.price, vat_rate=x.vat_rate) for x in lines], 2)
    values: dict[str, Any] = {
        "type": "invoice",
        "title": "Invoice",
        "number": "INV000042",
        "order_number": "O-1024",
        "language": "en",
        "currency": "EUR",
        "issued_on": dt.date(2011, 6, 15),
        "due_on": dt.date(2011, 6, 29),
        "tax_on": dt.date(2011, 6, 15),
        "ordered_on": dt.date(2011, 6, 14),
        "variable_symbol": "1024",
        "supplier": SUPPLIER,
        "customer": CUSTOMER,
        "lines": lines,
        "rates": tuple(Rate(*rate) for rate in sums.rates),
        "net": sums.net,
        "vat": sums.vat,
        "gross": sums.gross,
        "payment": "Bank transfer",
        "shipping": "Parcel locker",
    }
    return OrderPaper(**values | changes)
