"""A document of an order, ready to print: every word in its language, every figure written.

What is made here is the data model that a firm's own templates read, see docs/reference/document-templates.md.
"""

import json
from collections.abc import Hashable, Iterable, Sequence
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, Final

from depesa.core.languages import NO_BREAK, formatter, words
from depesa.documents.rules.sums import net_price
from depesa.orders.paper.papers import NOTHING, OrderPaper, PaperLine, Party, Rate
from depesa.orders.paper.payments import account_of, payment_text
from depesa.pdf.jobs import Job
from depesa.pdf.logo import Logo
from depesa.pdf.matrix import qr_drawing
from depesa.pdf.measure import breakable, width_of

TEMPLATE: Final = Path(__file__).with_name("order.typ")
MEASURE_MM, PARTY_MM, FACT_MM, FOOT_MM = 174.0, 79.0, 49.0, 125.0
POINTS, HEADING_POINTS, LARGEST_POINTS = 8.5, 7.5, 9.2
INSET_MM = 2.4
NARROWEST_TEXT_MM = 44.0
QR_MM = 30.0
FINEST: Final = Decimal("0.0001")  # of a price for one unit
USUAL_MM: Final = {
    "quantity": 16.0,
    "price": 19.0,
    "unit-net": 19.0,
    "rate": 13.0,
    "net": 19.0,
    "vat": 16.0,
    "gross": 20.0,
}
WIDEST_SUM_MM = 24.0  # of the VAT summary when it stands beside the totals
MOST_TOGETHER = 12  # VAT rates that surely fit on a page with the sums


@cache
def builtin_source() -> str:
    """The built-in template as a firm would write it: where its own one begins."""
    return TEMPLATE.read_text("utf-8") + '\n#sheet(json("/data.json"))\n'


def order_job(key: Hashable, paper: OrderPaper, *, source: str = "", logo: Logo | None = None) -> Job:
    """The job that renders the paper, with the built-in template or with a firm's own source."""
    data = json.dumps(data_of(paper, logo=logo), ensure_ascii=False, separators=(",", ":")).encode(errors="replace")
    images = (logo,) if logo else ()
    return Job(key, TEMPLATE, data, paper.issued_on, source=source, images=images)


def data_of(paper: OrderPaper, *, logo: Logo | None = None) -> dict[str, Any]:
    """The file /data.json of the template: texts only, nothing to compute."""
    return _Sheet(paper).data(logo)


class _Sheet:
    """One paper being written."""

    def __init__(self, paper: OrderPaper) -> None:
        self._paper = paper
        self._words = words("order", paper.language)
        self._remark = words("remarks", paper.language)
        self._write = formatter(paper.language)
        self._sign = Decimal(-1 if paper.takes_back else 1)
        rates = {rate.rate for rate in paper.rates} | {line.vat_rate for line in paper.lines}
        parties = [paper.supplier, paper.customer, *([paper.delivery] if paper.delivery else [])]
        self._is_domestic = len({party.country for party in parties if party.country}) <= 1
        self._shows_vat = paper.shows_prices and bool(paper.supplier.vat_code or any(rates))

    def data(self, logo: Logo | None) -> dict[str, Any]:
        paper, say = self._paper, self._words
        heading = f"{paper.title} {paper.number}".strip()
        return {
            "lang": paper.language[:2],
            "type": paper.type,
            "title": paper.title,
            "number": paper.number,
            "heading": heading,
            "subtitle": self._subtitle(),
            "labels": dict(say),
            "supplier": self._party(paper.supplier, MEASURE_MM - 60),
            "customer": self._party(paper.customer, PARTY_MM),
            "delivery": self._party(paper.delivery, PARTY_MM) if paper.delivery else None,
            "facts": [[label, breakable(value, FACT_MM, LARGEST_POINTS)] for label, value in self._facts()],
            **self._lines(),
            "rates": [self._rate(rate) for rate in paper.rates] if self._shows_vat else [],
            "rates-total": [self._amount(value) for value in (paper.net, paper.vat, paper.gross)],
            "home-vat": self._home_vat(),
            "totals": self._totals() if paper.shows_prices else [],
            "due": self._due(),
            "wide": any(
                width_of(self._amount(value), LARGEST_POINTS) > WIDEST_SUM_MM for value in (paper.net, paper.gross)
            ),
            "together": len(paper.rates) <= MOST_TOGETHER,
            "payment": self._payment(),
            "remarks": [breakable(text, MEASURE_MM, LARGEST_POINTS) for text in self._remarks()],
            "note": breakable(paper.customer_note, MEASURE_MM, LARGEST_POINTS),
            "foot": breakable(" · ".join(filter(None, [paper.supplier.name, heading])), FOOT_MM, LARGEST_POINTS),
            "page": say["page"],
            "logo": logo
            and {
                "path": logo.path,
                "width": logo.width_mm,
                "height": logo.height_mm,
                "text": paper.supplier.name or paper.title,
            },
        }

    def _amount(self, value: Decimal) -> str:
        return self._write.amount(value * self._sign, self._paper.currency)

    def _money(self, value: Decimal) -> str:
        return self._write.money(value * self._sign, self._paper.currency)

    def _subtitle(self) -> str:
        """What the law calls a document that deals with VAT."""
        paper = self._paper
        if not (paper.is_accounting and paper.supplier.vat_code):
            return ""
        return self._remark["correcting-tax-document" if paper.takes_back else "tax-document"]

    def _party(self, party: Party, room: float) -> dict[str, Any]:
        say = self._words
        codes = [(say["company-code"], party.company_code), (say["vat-code"], party.vat_code)]
        contacts = [(say["phone"], party.phone), (say["email"], party.email), ("", party.website)]
        return {
            "name": breakable(party.name, room, LARGEST_POINTS),
            "address": [breakable(line, room, LARGEST_POINTS) for line in self._address(party)],
            "codes": [[label, breakable(code, room, LARGEST_POINTS)] for label, code in codes if code],
            "contacts": [[label, breakable(text, room, LARGEST_POINTS)] for label, text in contacts if text],
            "register": breakable(party.register_note, room, LARGEST_POINTS),
        }

    def _address(self, party: Party) -> list[str]:
        """The lines of the address; a country that stands there by its code is named, or left out in our own."""
        *lines, last = party.address_lines or ("",)
        if last != party.country or not last:
            return [*lines, last] if last else lines
        return lines if self._is_domestic else [*lines, self._write.country(last)]

    def _facts(self) -> Iterable[tuple[str, str]]:
        paper, say = self._paper, self._words
        yield say["issued-on"], self._write.short_day(paper.issued_on)
        if paper.tax_on:
            yield say["tax-on"], self._write.short_day(paper.tax_on)
        if paper.due_on:
            yield say["due-on"], self._write.short_day(paper.due_on)
        if paper.related_number:
            yield say["related"], self._numbered(paper.related_number, paper.related_on)
        if paper.reason:
            yield say["reason"], paper.reason
        if paper.order_number and (paper.order_number != paper.number or paper.ordered_on):
            yield say["order"], self._numbered(paper.order_number, paper.ordered_on)
        if paper.variable_symbol:
            yield say["variable-symbol"], paper.variable_symbol
        if paper.payment:
            yield say["payment"], paper.payment
        if paper.shipping:
            yield say["shipping"], paper.shipping

    def _numbered(self, number: str, day: Any) -> str:
        if day is None:
            return number
        return self._words["number-of-day"].format(number=number, day=self._write.short_day(day).replace(" ", NO_BREAK))

    def _lines(self) -> dict[str, Any]:
        """The table: names of its columns, their headings and widths, and the lines with a text for each."""
        columns = self._columns()
        lines = [self._line(line) for line in self._paper.lines]
        widths = self._widths(columns, lines)
        for line in lines:
            line["text"] = breakable(line["text"], widths[0] - INSET_MM, LARGEST_POINTS)
        return {
            "columns": [
                {"name": name, "heading": breakable(heading, width - INSET_MM, HEADING_POINTS * 1.05), "width": width}
                for (name, heading), width in zip(columns, widths, strict=True)
            ],
            "lines": lines,
        }

    def _columns(self) -> list[tuple[str, str]]:
        say, paper = self._words, self._paper
        columns = [("text", say["text"]), ("quantity", say["quantity"])]
        if not paper.shows_prices:
            return columns
        if not self._shows_vat:
            return [*columns, ("price", say["price"]), ("gross", say["sum"])]
        columns.append(("price", say["price-with-vat" if paper.prices_include_vat else "price"]))
        if paper.prices_include_vat and paper.is_accounting:  # Art. 226 (8) of Directive 2006/112/EC, § 29 (1) i) ZDPH
            columns.append(("unit-net", say["unit-net"]))
        return [*columns, ("rate", say["rate-short"]), *((name, say[name]) for name in ("net", "vat", "gross"))]

    def _line(self, line: PaperLine) -> dict[str, str]:
        quantity = self._write.number(line.quantity * self._sign)
        return {
            "text": line.text,
            "code": line.code,
            "note": line.note,
            "quantity": f"{quantity}{NO_BREAK}{line.unit}" if line.unit else quantity,
            "price": self._write.price(line.price, self._paper.currency),
            "unit-net": self._write.price(self._unit_net(line), self._paper.currency),
            "rate": self._write.rate(line.vat_rate),
            "net": self._amount(line.net),
            "vat": self._amount(line.vat),
            "gross": self._amount(line.gross),
        }

    def _unit_net(self, line: PaperLine) -> Decimal:
        return net_price(line.price, line.vat_rate, includes_vat=self._paper.prices_include_vat).quantize(FINEST)

    def _widths(self, columns: Sequence[tuple[str, str]], lines: Sequence[dict[str, str]]) -> list[float]:
        """The columns of figures as usual, or as wide as they need; the text has the rest."""
        figures = [
            max(
                USUAL_MM[name],
                *(width_of(text, POINTS) + INSET_MM for text in {line[name] for line in lines}),
                *(width_of(word, HEADING_POINTS) * 1.05 + INSET_MM for word in heading.split()),
            )
            for name, heading in columns[1:]
        ]
        room = MEASURE_MM - NARROWEST_TEXT_MM
        if sum(figures) > room:
            figures = [width * room / sum(figures) for width in figures]
        return [round(MEASURE_MM - sum(figures), 2), *(round(width, 2) for width in figures)]

    def _rate(self, rate: Rate) -> list[str]:
        return [self._write.rate(rate.rate), *(self._amount(value) for value in (rate.net, rate.vat, rate.gross))]

    def _home_vat(self) -> list[str]:
        """The VAT in the currency of the country, where the paper is in another one."""
        paper, say = self._paper, self._words
        if not (paper.home_currency and paper.home_vat is not None and self._shows_vat):
            return []
        label = say["home-vat"].format(currency=paper.home_currency)
        if paper.home_rate:
            rate = say["home-rate"].format(rate=self._write.number(paper.home_rate))
            label += f" ({self._numbered(rate, paper.home_rate_on)})"
        return [label, self._write.amount(paper.home_vat * self._sign, paper.home_currency)]

    def _totals(self) -> list[list[str]]:
        paper, say = self._paper, self._words
        found = []
        if self._shows_vat:
            found = [[say["total-net"], self._money(paper.net)], [say["vat"], self._money(paper.vat)]]
        found.append([say["total"].format(currency=paper.currency), self._money(paper.gross)])
        if paper.rounding:
            found.append([say["rounding"], self._money(paper.rounding)])
        if paper.is_paid and not paper.takes_back:
            day = paper.paid_on and self._write.short_day(paper.paid_on)
            paid = say["paid-on"].format(day=day) if day else say["paid"]
            found.append([paid, self._money(-(paper.gross + paper.rounding))])
        return found

    def _due(self) -> list[str]:
        """What is to be paid or returned, the figure that the eye looks for."""
        paper, say = self._paper, self._words
        if not paper.shows_prices:
            return []
        if paper.takes_back:  # what was never paid is not returned: it is only owed no more
            return [say["to-return"], self._write.money(max(-paper.to_pay, NOTHING), paper.currency)]
        return [say["to-pay"], self._write.money(paper.to_pay, paper.currency)]

    def _payment(self) -> dict[str, Any] | None:
        """Where to pay, with the QR code if there is something to pay and the account is a valid one."""
        paper, say = self._paper, self._words
        if not (paper.asks_payment and paper.shows_prices and paper.to_pay > 0 and paper.supplier.bank_account):
            return None
        amount = self._write.money(paper.to_pay, paper.currency)
        code = payment_text(paper)
        account = _grouped(paper.supplier.bank_account)
        rows = [(say["account"], account), (say["amount"], amount), (say["variable-symbol"], paper.variable_symbol)]
        if paper.due_on:
            rows.append((say["due-on"], self._write.short_day(paper.due_on)))
        return {
            "title": say["pay"],
            "rows": [[label, text] for label, text in rows if text],
            "qr": self._qr(code, say["qr-text"].format(amount=amount, account=account)) if code else None,
        }

    def _qr(self, code: str, text: str) -> dict[str, Any]:
        """The drawing, its name, its text for who cannot see it, and the width of the white around it."""
        drawing, quiet = qr_drawing(code)
        label = self._words["qr-spd" if code.startswith("SPD") else "qr"]
        return {"drawing": drawing, "label": label, "text": text, "quiet": round(QR_MM * quiet, 2)}

    def _remarks(self) -> Iterable[str]:
        paper = self._paper
        yield from filter(None, paper.remarks)
        if not paper.shows_prices:
            return
        if self._shows_vat and self._differs_by_rounding():
            yield self._remark["rounded-by-rate"]
        if not paper.supplier.vat_code and not self._shows_vat:
            yield self._remark["no-vat-payer"]
        if paper.asks_payment and not paper.is_accounting:
            yield self._remark["no-tax-document"]

    def _differs_by_rounding(self) -> bool:
        """Whether the lines, each rounded, add up to something else than their rates."""
        lines = self._paper.lines
        made = sum(line.net for line in lines), sum(line.vat for line in lines)
        return made != (self._paper.net, self._paper.vat)


def _grouped(account: str) -> str:
    """An international account number in groups of four, as people read it; any other as it is written."""
    compact = "".join(account.split()).upper()
    if account_of(account) != compact:
        return account
    return NO_BREAK.join(compact[at : at + 4] for at in range(0, len(compact), 4))
