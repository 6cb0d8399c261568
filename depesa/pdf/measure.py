"""How wide a text will be in Depesa Sans: an upper estimate, good enough to know that it fits."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import batched

POINT_MM = 25.4 / 72
INSET_MM = 2.4  # left and right of a cell together
WIDEST_COLUMN_MM = 80.0
AIR = 0.6  # where something wraps in any case, the other columns give no more than this part of their spare room
ZERO_WIDTH_SPACE = "\u200b"
SYLLABLE = 5  # characters between two places to break in a word that fits nowhere

NARROW_EM, DIGIT_EM, LOWER_EM, UPPER_EM, WIDE_EM, UNKNOWN_EM = 0.39, 0.572, 0.66, 0.84, 1.02, 1.4
NARROW = " .,:;'!ijlIíìįĺļľ()[]-\u00a0\u202f\u2009"
WIDE = "mwMWŴŵ@%—…ĲŒœÆæ™"


class _Advances(dict[str, float]):
    """Widths of characters in em; one that is not listed is taken to be as wide as any."""

    def __missing__(self, character: str) -> float:
        return UNKNOWN_EM


EM = _Advances(
    {chr(code): WIDE_EM for code in range(0x180, 0x530)}
    | {chr(code): UPPER_EM for code in range(0x20, 0x180)}
    | {chr(code): LOWER_EM for code in range(0x20, 0x180) if chr(code).islower()}
    | dict.fromkeys("−€–„“”", UPPER_EM)
    | dict.fromkeys("0123456789", DIGIT_EM)
    | dict.fromkeys(NARROW, NARROW_EM)
    | dict.fromkeys(WIDE, WIDE_EM)
)


@lru_cache(maxsize=20_000)  # dates, types and amounts come again and again in a run
def width_of(text: str, points: float) -> float:
    """Millimetres that the text takes at most on one line."""
    return sum(map(EM.__getitem__, text)) * points * POINT_MM


def lines_needed(text: str, width_mm: float, points: float) -> int:
    """Lines that the text takes in a cell of that width, at most."""
    room = width_mm - INSET_MM
    lines, filled = 1, 0.0
    for word in text.split():
        length = width_of(word + " ", points)
        if filled and filled + length > room:
            lines, filled = lines + 1, 0.0
        filled += length
    return lines


def share_widths(columns: Sequence[Iterable[str]], usual: Sequence[float], points: float) -> tuple[list[float], bool]:
    """Widths of the columns in millimetres, and whether every text fits on one line of its cell.

    Columns that need more than usual take it from those that have some to spare; the sum stays.
    """
    needed = [_widest(column, points) for column in columns]
    missing = [min(need, WIDEST_COLUMN_MM) - room for need, room in zip(needed, usual, strict=True)]
    wanting = sum(gap for gap in missing if gap > 0)
    if not wanting:
        return list(usual), True
    spare = -sum(gap for gap in missing if gap < 0)
    moved = wanting if spare >= wanting else spare * AIR
    widths = [
        round(room + gap * moved / (wanting if gap > 0 else spare), 2) if gap else room
        for room, gap in zip(usual, missing, strict=True)
    ]
    return widths, all(need <= width + 0.01 for need, width in zip(needed, widths, strict=True))


def _widest(column: Iterable[str], points: float) -> float:
    return max((width_of(text, points) for text in set(column)), default=0.0) + INSET_MM


def breakable(text: str, room_mm: float, points: float) -> str:
    """The text with places to break inside words that are wider than the room, so that it stays on the page."""
    if len(text) * UNKNOWN_EM * points * POINT_MM <= room_mm or width_of(text, points) <= room_mm:
        return text
    return " ".join(
        ZERO_WIDTH_SPACE.join(map("".join, batched(word, SYLLABLE))) if width_of(word, points) > room_mm else word
        for word in text.split(" ")
    )
