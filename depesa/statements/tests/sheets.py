"""Statements to render in tests."""

from datetime import date
from typing import Any

from depesa.statements.paper import Amounts, CurrencyTotal, SheetRow, StatementSheet

LETTERS = "ą č ę ė į š ų ū ž ř ě ů"


def row(index: int, **changes: Any) -> SheetRow:
    """A sales document; each fifth takes goods back."""
    sign = "−" if index % 5 == 4 else ""
    amounts = (
        f"{sign}{1 + index % 9} {index % 1000:03},50",
        f"{sign}{index % 1000},75",
        f"{sign}2 {index % 1000:03},25",
    )
    kind = "Return" if sign else "Waybill"
    return SheetRow(f"{index % 30 + 1:02}.06.2011", kind, f"VAŽ-2011-{index:05}", *amounts)._replace(**changes)


def statement(count: int = 12, **changes: Any) -> StatementSheet:
    """June 2011 of one customer."""
    fields: dict[str, Any] = {
        "language": "en",
        "title": "Statement of sales documents, June 2011",
        "document_on": date(2011, 6, 30),
        "sender": ["UAB „Šviesos prekyba“", "Gedimino pr. 1, LT-01103 Vilnius", "Company code 123456789"],
        "customer_label": "Customer",
        "customer": ["Řezbářství Žlutý kůň s.r.o.", "Dlouhá 7, 110 00 Praha", "Company code 25596641, VAT CZ25596641"],
        "facts": [("Month", "June 2011"), ("Documents", str(count)), ("Currency", "EUR")],
        "headings": ["Date", "Type", "Number", "Net", "VAT", "Gross"],
        "rows": [row(index) for index in range(count)],
        "totals_title": "Totals",
        "totals_headings": ["VAT rate", "Net", "VAT", "Gross"],
        "totals": [
            CurrencyTotal(
                "Total EUR",
                Amounts("1 190,00", "239,90", "1 429,90"),
                [
                    ("VAT 21 %", Amounts("1 090,00", "228,90", "1 318,90")),
                    ("VAT 11 %", Amounts("100,00", "11,00", "111,00")),
                ],
            )
        ],
        "page": "page {page} of {pages}",
        "note": f"Please tell us within five working days what differs from your books. {LETTERS}",
    }
    return StatementSheet(**fields | changes)
