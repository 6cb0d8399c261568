"""A finished table of items: written by us for the text part and for the HTML part, never by the author of a letter."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import Final, override

_TABLE: Final = "width:100%;border-collapse:collapse;margin:0 0 16px"
_CELL: Final = "padding:8px 0;vertical-align:top;border-bottom:1px solid #d9d3c5"
_AMOUNT: Final = f"{_CELL};text-align:right;white-space:nowrap;padding-left:16px"
_SUM: Final = "padding:4px 0;vertical-align:top"
_SUM_AMOUNT: Final = f"{_SUM};text-align:right;white-space:nowrap;padding-left:16px"


@dataclass(frozen=True, slots=True)
class TableRow:
    """An item: what it is, how it came to its amount ("2 × 100,00 Kč"; may be empty), and the amount."""

    text: str
    detail: str
    amount: str


@dataclass(frozen=True, slots=True)
class Table:
    """Items and what they sum up to; the last sum is the one that counts."""

    rows: tuple[TableRow, ...]
    sums: tuple[tuple[str, str], ...] = ()

    def cut(self, limit: int, note: str) -> Table:
        """The first rows and a note, if there are more than the limit."""
        if len(self.rows) <= limit:
            return self
        return Table((*self.rows[:limit], TableRow(note, "", "")), self.sums)

    @override
    def __str__(self) -> str:
        """Lines of the text part, two an item, so that nothing has to line up."""
        lines: list[str] = []
        for row in self.rows:
            lines.append(f"- {row.text}")
            if row.amount:
                lines.append(f"  {row.detail} = {row.amount}" if row.detail else f"  {row.amount}")
        if self.sums:
            lines += ["", *(f"{label}: {amount}" for label, amount in self.sums)]
        return "\n".join(lines)

    def __html__(self) -> str:
        """Two columns, which is as many as a phone has room for."""
        rows = "".join(_row(row) for row in self.rows)
        sums = "".join(_sum(*each, is_last=each is self.sums[-1]) for each in self.sums)
        return f'<table class="items" style="{_TABLE}"><tbody>{rows}{sums}</tbody></table>'


def _row(row: TableRow) -> str:
    detail = (
        f'<br><span class="soft" style="font-size:14px;color:#6b6557">{escape(row.detail)}</span>' if row.detail else ""
    )
    return (
        f'<tr><td class="line" style="{_CELL}">{escape(row.text)}{detail}</td>'
        f'<td class="line" style="{_AMOUNT}">{escape(row.amount)}</td></tr>'
    )


def _sum(label: str, amount: str, *, is_last: bool) -> str:
    weight = ";font-weight:600" if is_last else ""
    return (
        f'<tr><td style="{_SUM}{weight}">{escape(label)}</td>'
        f'<td style="{_SUM_AMOUNT}{weight}">{escape(amount)}</td></tr>'
    )
