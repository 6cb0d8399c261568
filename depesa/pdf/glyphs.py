"""Which characters none of our fonts has: the renderer prints U+FFFD for them."""

import re
from functools import cache
from pathlib import Path

COVERAGE = Path(__file__).with_name("fonts") / "coverage.txt"


def without_glyph(text: str) -> str:
    """Each character of the text that is printed as U+FFFD, once, in order."""
    return "".join(dict.fromkeys(_outside().findall(text)))


@cache
def _outside() -> re.Pattern[str]:
    ranges = (line.split("-") for line in COVERAGE.read_text("ascii").split())
    return re.compile("[^\n\t\r" + "".join(f"\\U{int(a, 16):08x}-\\U{int(b, 16):08x}" for a, b in ranges) + "]")
