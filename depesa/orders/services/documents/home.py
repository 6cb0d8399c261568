"""VAT in the currency of our country, on documents in another one.

Art. 230 of Directive 2006/112/EC, § 29 (1) of the Czech VAT act, Art. 80 of the Lithuanian one; the rate is that of
the day of taxation (§ 4 (8) of the Czech act, Art. 91 (2) of the directive).
"""

import datetime as dt
from dataclasses import replace
from decimal import Decimal

from depesa.company.models import Company
from depesa.company.queries import home_currency
from depesa.core.money import rounded
from depesa.core.reasons import gettext as _
from depesa.documents.models import DocumentType
from depesa.documents.queries import rate_on
from depesa.orders.models import Order, OrderDocument
from depesa.orders.paper import OrderPaper


def why_no_rate(order: Order, kind: DocumentType, day: dt.date, company: Company) -> str:
    """Why the VAT of this document cannot be stated in the currency of our country; empty if it can, or need not."""
    home = home_currency(company)
    if not (kind.books and order.vat and company.vat_code) or home in ("", order.currency):
        return ""
    if rate_on(order.currency, home, day):
        return ""
    return _(
        "The law asks for the VAT in %(home)s, and there is no rate of %(currency)s for %(day)s. Enter it or take "
        "the list of the bank in Settings → Exchange rates; then generate."
    ) % {"home": home, "currency": order.currency, "day": day}


def with_home_vat(paper: OrderPaper, row: OrderDocument, company: Company) -> OrderPaper:
    """The paper with its VAT in the currency of our country, too, if it is in another one and the rate is known.

    A credit note has the rate of its invoice; the notes of an invoice make exactly what it made.
    """
    if row.invoice:
        return _taking_back(paper, row.invoice)
    home = home_currency(company)
    if (
        not (paper.is_accounting or row.type.books)
        or not (paper.vat and company.vat_code)
        or home in ("", row.currency)
    ):
        return paper
    if not (found := rate_on(row.currency, home, row.tax_on or row.issued_on)):
        return paper
    vat = rounded(paper.vat * found.rate, home)
    return replace(paper, home_currency=home, home_rate=found.rate, home_rate_on=found.valid_on, home_vat=vat)


def _taking_back(paper: OrderPaper, invoice: OrderDocument) -> OrderPaper:
    bill = OrderPaper.of(invoice.content)
    if bill.home_rate is None:
        return paper
    earlier = [OrderPaper.of(note.content) for note in invoice.credit_notes.all()]
    whole = paper.vat + sum(note.vat for note in earlier)
    told = sum((note.home_vat or Decimal(0) for note in earlier), Decimal(0))
    return replace(
        paper,
        home_currency=bill.home_currency,
        home_rate=bill.home_rate,
        home_rate_on=bill.home_rate_on,
        home_vat=rounded(whole * bill.home_rate, bill.home_currency) - told,
    )
