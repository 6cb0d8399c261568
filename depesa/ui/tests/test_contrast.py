"""Text is readable in both themes: WCAG 2.2 contrast of the colours that stand on each other."""

import re
from pathlib import Path

import pytest

from depesa.ui import parts

TOKENS = (Path(parts.__file__).parent / "static" / "ui" / "tokens.css").read_text(encoding="utf-8")
COLOURS = {
    name: pair for name, *pair in re.findall(r"--([\w-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)", TOKENS)
}
GROUNDS = ["paper", "sheet", "tint"]
TEXTS = [(text, ground) for text in ("ink", "ink-soft") for ground in [*GROUNDS, "action-soft", "calm-soft"]]
TEXTS += [(text, ground) for text in ("action", "stamp-ink", "good-ink", "doubt-ink") for ground in ("paper", "sheet")]
TEXTS += [(f"{tone}-ink", f"{tone}-soft") for tone in ("stamp", "good", "doubt", "calm")]
TEXTS += [("action-on", "action"), ("action-on", "action-deep"), ("action", "action-soft")]
SHAPES = [(shape, ground) for shape in ("edge", "stamp", "good", "doubt", "action") for ground in ("paper", "sheet")]


def _luminance(colour: str) -> float:
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(first: str, second: str) -> float:
    low, high = sorted([_luminance(first), _luminance(second)])
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
def test_text_has_the_highest_level(theme):
    weak = {pair: contrast(COLOURS[pair[0]][theme], COLOURS[pair[1]][theme]) for pair in TEXTS}
    assert {pair: round(value, 2) for pair, value in weak.items() if value < 7} == {}


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
def test_shapes_that_mean_something_stand_out(theme):
    weak = {pair: contrast(COLOURS[pair[0]][theme], COLOURS[pair[1]][theme]) for pair in SHAPES}
    assert {pair: round(value, 2) for pair, value in weak.items() if value < 3} == {}
