"""The house stays as ARCHITECTURE.md draws it: sizes, docstrings, layers, migrations, no word that does not belong."""

import ast
import configparser
import re
import statistics
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
APPS = sorted(p.parent for p in (ROOT / "depesa").glob("*/__init__.py"))
CODE = sorted(
    p for p in (ROOT / "depesa").rglob("*.py") if not {"migrations", "tests"} & set(p.relative_to(ROOT).parts)
)
TEMPLATES = sorted((ROOT / "depesa").rglob("templates/**/*.html"))
FORBIDDEN_NAMES = {"utils", "helpers", "common", "misc", "manager", "handlers"}
FORBIDDEN_VERBS = re.compile(r"^_?(handle|process|manage|perform)(_|$)")
# Names that Django, aiosmtpd and the standard library's parsers ask for.
ASKED_FOR = {"handle", "process_view", "process_exception", "handle_EHLO", "handle_DATA"} | {
    f"handle_{what}" for what in ("starttag", "endtag", "startendtag", "data", "comment", "entityref")
}


def _functions(path):
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


@pytest.mark.parametrize("path", CODE, ids=lambda p: str(p.relative_to(ROOT)))
def test_file_is_short_and_named_well(path):
    text = path.read_text()
    assert text.count("\n") <= 400, "split it along the words of the trade"
    assert path.stem not in FORBIDDEN_NAMES
    assert ast.get_docstring(ast.parse(text)) or not text.strip(), "a module says what it is"
    for function in _functions(path):
        assert function.end_lineno - function.lineno <= 50, function.name
        assert not FORBIDDEN_VERBS.match(function.name) or function.name in ASKED_FOR, function.name


def test_files_and_functions_are_small_on_the_whole():
    lines = [path.read_text().count("\n") for path in CODE]
    sizes = [f.end_lineno - f.lineno + 1 for path in CODE for f in _functions(path)]
    assert statistics.median(lines) <= 100
    assert statistics.median(sizes) <= 8


@pytest.mark.parametrize("path", [p for p in CODE if "views" in p.parts or p.stem == "views"], ids=str)
def test_views_are_thin(path):
    for function in _functions(path):
        assert function.end_lineno - function.lineno <= 20, function.name


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda p: str(p.relative_to(ROOT)))
def test_template_is_short_and_free_of_inline_script_and_style(path):
    text = path.read_text()
    assert text.count("\n") <= 150
    assert not re.search(r"<script(?![^>]*\bsrc=)", text)
    assert not re.search(r"\sstyle=|<style|\son[a-z]+=\"|hx-on", text) or "frame-of-letters" in text


@pytest.mark.parametrize("app", APPS, ids=lambda p: p.name)
def test_app_says_what_its_word_means(app):
    docstring = ast.get_docstring(ast.parse((app / "__init__.py").read_text()))
    assert docstring
    assert len(docstring.splitlines()) >= 3


def test_every_app_has_its_place_in_the_layers():
    contracts = configparser.ConfigParser()
    contracts.read(ROOT / ".importlinter")
    placed = set(re.findall(r"\w+", contracts["importlinter:contract:apps"]["layers"]))
    assert placed == {app.name for app in APPS if app.name != "locale"}


def test_no_local_imports_and_no_broad_excepts():
    # An app may import its verbs only once Django knows all tables, that is in ready().
    for path in (path for path in CODE if path.name != "apps.py"):
        tree = ast.parse(path.read_text())
        for function in (n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)):
            assert not [n for n in ast.walk(function) if isinstance(n, ast.Import | ast.ImportFrom)], (
                path,
                function.name,
            )
        broad = [
            n
            for n in ast.walk(tree)
            if isinstance(n, ast.ExceptHandler)
            and (n.type is None or getattr(n.type, "id", "") in {"Exception", "BaseException"})
            and not any(isinstance(inner, ast.Raise) for inner in ast.walk(n))
        ]
        assert not broad or path.name == "schedule.py", path


def test_architecture_page_names_every_app():
    page = (ROOT / "ARCHITECTURE.md").read_text()
    for app in APPS:
        assert f"{app.name}/" in page, app.name


def test_repository_speaks_of_depesa_alone():
    words = re.compile(r"\.\./shared|/work/|\bissue #?\d|pypi\.org|pythonhosted|registry\.npmjs", re.IGNORECASE)
    for path in ROOT.rglob("*"):
        if {".git", ".venv", ".tools", ".hypothesis", ".ruff_cache", ".mypy_cache", "node_modules"} & set(
            path.relative_to(ROOT).parts
        ):
            continue
        if path.is_file() and path.suffix in {".py", ".md", ".toml", ".txt", ".html", ".css", ".js", ".typ", ""}:
            text = path.read_text(errors="ignore")
            assert path == Path(__file__) or not words.search(text), path
