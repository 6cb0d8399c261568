"""QR codes as drawings."""

from functools import lru_cache

import segno

QUIET = 4  # modules of white around, as the standard asks


@lru_cache(maxsize=256)
def qr_drawing(text: str) -> tuple[str, float]:
    """The QR code of the text as SVG, and which part of its dark square the white around it is wide.

    One path, so that no viewer shows seams between the squares.
    """
    code = segno.make(text, error="m", boost_error=False, micro=False)
    rows = [list(row) for row in code.matrix]
    side = len(rows) + 2 * QUIET
    box = f"0 0 {side} {side}"
    squares = "".join(
        f"M{QUIET + start},{QUIET + y}h{length}v1h-{length}z"
        for y, row in enumerate(rows)
        for start, length in _runs([bool(module) for module in row])
    )
    drawing = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{side}" height="{side}" viewBox="{box}">'
        f'<path fill="#ffffff" d="M0,0h{side}v{side}h-{side}z"/><path fill="#000000" d="{squares}"/></svg>'
    )
    return drawing, QUIET / len(rows)


def _runs(row: list[bool]) -> list[tuple[int, int]]:
    """Start and length of each run of dark modules."""
    edges = [x for x in range(len(row) + 1) if (x < len(row) and row[x]) != (x > 0 and row[x - 1])]
    return [(start, end - start) for start, end in zip(edges[::2], edges[1::2], strict=True)]
