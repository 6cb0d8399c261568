"""The table of security names every requirement of ASVS 5.0, levels 1 and 2, once, and only tests that are there."""

import ast
import re
from functools import cache
from pathlib import Path

from django.utils.text import slugify

ROOT = Path(__file__).resolve().parent.parent
PAGE = (ROOT / "docs" / "explanation" / "security.md").read_text()
LINES = (ROOT / "tests" / "asvs.txt").read_text().splitlines()
NUMBERS = [line.split()[0] for line in LINES if not line.startswith("#")]
ROWS = re.findall(r"^\| (\d[\d.–]+) \| (.+?) \| (.+?) \| (.+?) \|$", PAGE, re.MULTILINE)


def test_every_requirement_stands_in_the_table_once_and_in_its_order():
    named = []
    for cell, *_others in ROWS:
        first, _dash, last = cell.partition("–")
        named += NUMBERS[NUMBERS.index(first) : NUMBERS.index(last or first) + 1]
    assert named == NUMBERS


def test_each_is_held_or_not_or_not_applicable_and_says_how_it_is_known():
    for number, _requirement, state, known in ROWS:
        assert state in {"held", "not held", "not applicable"}, number
        is_shown = re.search(r"::\w|by reading: |\]\(|Python|^no ", known)
        assert state != "held" or is_shown, number


def test_every_test_that_is_named_is_there():
    named = re.findall(r"`([\w/]+\.py)::(\w+)`", PAGE)
    assert len(named) > 80
    assert [f"{path}::{name}" for path, name in named if name not in functions_of(path)] == []


def test_every_section_that_is_named_is_there():
    headings = {slugify(heading) for heading in re.findall(r"^##+ (.+)$", PAGE, re.MULTILINE)}
    assert {found for found in re.findall(r"\]\(#([\w-]+)\)", PAGE) if found not in headings} == set()


@cache
def functions_of(path):
    file = ROOT / path if path.startswith("tests/") else ROOT / "depesa" / path
    tree = ast.parse(file.read_text()) if file.exists() else ast.Module([], [])
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
