"""The statement as the template prints it: texts translated, figures formatted, nothing computed there.

What can be measured beforehand is measured here, because fixed widths and heights make Typst a third faster.
"""

import json
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final, NamedTuple

from depesa.pdf.jobs import Attachment, Job
from depesa.pdf.logo import Logo
from depesa.pdf.measure import INSET_MM, breakable, lines_needed, share_widths

TEMPLATE: Final = Path(__file__).with_name("statement.typ")
MEASURE_MM = 174.0
SENDER_MM, CUSTOMER_MM, FACT_MM, CHANGE_MM, FOOT_MM = 110.0, 90.0, 40.0, 155.0, 125.0
LARGEST_POINTS = 9.2  # bold
TEXT_POINTS = 8.5
HEADING_POINTS = 7.5
HEADING_MM = 1.9
HEADING_LINE_MM = 3.4
TOGETHER_LINES, TOGETHER_NOTE = 20, 1500  # sums and characters that surely fit on one page
BOLD_RESERVE = "."  # sums are set in bold
TEXT_COLUMNS = 3  # date, type, number; the figures follow
USUAL_MM = (22.0, 42.0, 36.0, 27.0, 20.0, 27.0)
USUAL_WITH_CURRENCY_MM = (22.0, 36.0, 31.0, 27.0, 20.0, 26.0, 12.0)
RATE_MM = 38.0


class Amounts(NamedTuple):
    """Net, VAT and gross amount as they are lay_out, with a real minus sign where negative."""

    net: str
    vat: str
    gross: str


class SheetRow(NamedTuple):
    """One sales document; the currency is printed when the sheet has more than one."""

    day: str
    type: str
    number: str
    net: str
    vat: str
    gross: str
    currency: str = ""


@dataclass(frozen=True, slots=True)
class CurrencyTotal:
    """Sums of one currency: a line per VAT rate (its name and figures), then the total."""

    label: str
    total: Amounts
    rates: Sequence[tuple[str, Amounts]] = ()


@dataclass(frozen=True, slots=True)
class Revision:
    """What a corrected statement says about the one before."""

    title: str
    changes: Sequence[str]


@dataclass(frozen=True, slots=True)
class StatementSheet:
    """One customer's sales documents of one period, ready to print.

    `language` is an ISO 639 code (cs, lt, en). The first line of `sender` and of `customer` is the name.
    `facts` are labels with values (period, number of documents, ...). `headings` name date, type, number, net,
    VAT, gross, and currency as the seventh if there is more than one. `totals_headings` name rate, net, VAT,
    gross.
    `page` is the translated pattern with {page} and {pages}.
    """

    language: str
    title: str
    document_on: date
    sender: Sequence[str]
    customer_label: str
    customer: Sequence[str]
    facts: Sequence[tuple[str, str]]
    headings: Sequence[str]
    rows: Sequence[SheetRow]
    totals_title: str
    totals_headings: Sequence[str]
    totals: Sequence[CurrencyTotal]
    page: str
    note: str = ""
    revision: Revision | None = None
    logo: Logo | None = None
    logo_text: str = ""

    def to_json(self) -> bytes:
        """The file /data.json of the template; half a surrogate pair, which UTF-8 cannot say, becomes `?`."""
        cells = [row[: len(self.headings)] for row in self.rows]
        widths, fits = self._widths(cells)
        data = self._head() | self._ledger(cells, widths, fits=fits) | self._totals(widths)
        return json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode(errors="replace")

    def to_job(self, key: Hashable, *, tagged: bool = True, attachments: tuple[Attachment, ...] = ()) -> Job:
        """The job that renders this sheet."""
        images = (self.logo,) if self.logo else ()
        return Job(key, TEMPLATE, self.to_json(), self.document_on, tagged, images=images, attachments=attachments)

    def _head(self) -> dict[str, Any]:
        revision = self.revision
        return {
            "lang": self.language.partition("-")[0],
            "title": self.title,
            "sender": [_wrap(text, SENDER_MM) for text in self.sender] or [""],
            "customer": [_wrap(text, CUSTOMER_MM) for text in self.customer] or [""],
            "customer-label": self.customer_label,
            "facts": [(label, _wrap(value, FACT_MM)) for label, value in self.facts],
            "foot": _wrap(" · ".join(filter(None, [*self.sender[:1], self.title])), FOOT_MM),
            "page": self.page,
            "note": _wrap(self.note, MEASURE_MM),
            "revision": revision
            and {"title": revision.title, "changes": [_wrap(text, CHANGE_MM) for text in revision.changes]},
            "logo": self.logo
            and {
                "path": self.logo.path,
                "width": self.logo.width_mm,
                "height": self.logo.height_mm,
                "text": self.logo_text or (self.sender[0] if self.sender else ""),
            },
        }

    def _widths(self, cells: list[tuple[str, ...]]) -> tuple[list[float], bool]:
        """Widths of the columns, wide enough for the words of their headings and for the sums below them too."""
        usual = USUAL_MM if len(self.headings) <= len(USUAL_MM) else USUAL_WITH_CURRENCY_MM
        columns = [list(column) for column in zip(*cells, strict=True)] or [[] for _ in usual]
        for heading, column in zip(self.headings, columns, strict=True):
            column.extend(heading.split())
        for group in self.totals:
            for figures in (group.total, *(figures for _, figures in group.rates)):
                for column, text in zip(columns[TEXT_COLUMNS:], figures, strict=False):
                    column.append(text + BOLD_RESERVE)
        return share_widths(columns, usual, TEXT_POINTS)

    def _ledger(self, cells: list[tuple[str, ...]], widths: list[float], *, fits: bool) -> dict[str, Any]:
        heading_lines = max(
            lines_needed(text, width, HEADING_POINTS) for text, width in zip(self.headings, widths, strict=True)
        )
        flat = [text for row in cells for text in row]
        if not fits:
            flat = [_wrap(text, widths[index % len(widths)] - INSET_MM) for index, text in enumerate(flat)]
        return {
            "headings": [_wrap(text, width - INSET_MM) for text, width in zip(self.headings, widths, strict=True)],
            "widths": widths,
            "texts": TEXT_COLUMNS,
            "count": len(self.rows),
            "fits": fits,
            "head-height": HEADING_MM + HEADING_LINE_MM * heading_lines,
            "cells": flat,
        }

    def _totals(self, ledger_widths: list[float]) -> dict[str, Any]:
        widths = [RATE_MM, *ledger_widths[TEXT_COLUMNS : len(USUAL_MM)]]

        def line(texts: Sequence[str]) -> list[str]:
            return [_wrap(text, width - INSET_MM) for text, width in zip(texts, widths, strict=True)]

        lines = sum(len(group.rates) + 1 for group in self.totals)
        return {
            "together": lines <= TOGETHER_LINES and len(self.note) <= TOGETHER_NOTE,
            "totals-title": self.totals_title,
            "totals-headings": line(self.totals_headings),
            "totals-widths": widths,
            "totals-left": max(sum(ledger_widths[:TEXT_COLUMNS]) - RATE_MM, 0),
            "totals": [
                {
                    "rates": [text for label, figures in group.rates for text in line((label, *figures))],
                    "total": line((group.label, *group.total)),
                }
                for group in self.totals
            ],
        }


def _wrap(text: str, room_mm: float) -> str:
    return breakable(text, room_mm, LARGEST_POINTS)
