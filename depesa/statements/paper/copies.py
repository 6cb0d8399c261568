"""The rows of a statement for machines, as CSV and as JSON."""

import json
from collections.abc import Mapping
from typing import Any

from depesa.statements.paper.ledger import Row, money, rows_of


def csv_copy(sheet: Mapping[str, Any]) -> bytes:
    """The rows for a spreadsheet: UTF-8 with mark, semicolons, plain amounts."""
    lines = ["date;type;number;currency;net;vat;gross"]
    lines += [";".join(map(_safe, _cells(row).values())) for row in rows_of(sheet)]
    return ("\ufeff" + "\r\n".join(lines) + "\r\n").encode()


def _safe(text: str) -> str:
    # A number that starts like a formula is quoted as text, or a spreadsheet would compute it.
    safe = f"'{text}" if text[:1] in ("=", "+", "@", "\t") else text
    return '"' + safe.replace('"', '""') + '"' if any(c in safe for c in ';"\r\n') else safe


def json_copy(sheet: Mapping[str, Any]) -> bytes:
    """The rows and totals for programs."""
    content = {
        "month": sheet["period"],
        "period": sheet["period"],
        "documents": [_cells(row) for row in rows_of(sheet)],
        "totals": [
            {"currency": c, "net": _amount_out(net), "vat": _amount_out(vat), "gross": _amount_out(gross)}
            for c, net, vat, gross in sheet["totals"]
        ],
    }
    return json.dumps(content, ensure_ascii=False, indent=1).encode()


def _cells(row: Row) -> dict[str, str]:
    return {
        "date": row.day,
        "type": row.type,
        "number": row.number,
        "currency": row.currency,
        "net": _amount_out(row.net),
        "vat": _amount_out(row.vat),
        "gross": _amount_out(row.gross),
    }


def _amount_out(stored: int) -> str:
    return str(money(stored))
