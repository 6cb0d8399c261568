"""The house stays as ARCHITECTURE.md draws it: sizes, names, docstrings, layers, no word that does not belong.

One test looks at all files and names every fault with its place.
"""

import ast
import configparser
import re
import statistics
import subprocess
from collections import defaultdict
from functools import cache
from pathlib import Path

from django.urls import URLResolver, get_resolver

from tests.definitions import never_named, never_taken, tree_of

ROOT = Path(__file__).resolve().parent.parent
APPS = sorted(p.parent for p in (ROOT / "depesa").glob("*/__init__.py"))
CODE = sorted(
    p for p in (ROOT / "depesa").rglob("*.py") if not {"migrations", "tests"} & set(p.relative_to(ROOT).parts)
)
TEMPLATES = sorted((ROOT / "depesa").rglob("templates/**/*.html"))
FORBIDDEN_NAMES = {"utils", "helpers", "common", "misc", "manager", "handlers"}
# Nouns of the field and of English that end as a doing does; a verb's -ing names neither a module nor a page.
NOUNS = {
    *("beginning", "invoicing", "mapping", "meeting", "nothing", "posting", "pricing", "rendering", "sending"),
    *("shipping", "standing"),
}
FORBIDDEN_VERBS = re.compile(r"^_?(handle|process|manage|perform)(_|$)")
# Names that Django, aiosmtpd and the standard library's parsers ask for.
ASKED_FOR = {"handle", "process_view", "process_exception", "handle_EHLO", "handle_DATA"} | {
    f"handle_{what}" for what in ("starttag", "endtag", "startendtag", "data", "comment", "entityref")
}
# Who may meet any fault: the loop of the worker, a batch of rows, and the process that opens strangers' files.
BROAD = {ROOT / "depesa" / name for name in ("config/schedule.py", "core/batches.py", "files/worker.py")}
# Who counts versions: the one place for rows that several persons change, and the letter that one person writes.
COUNTING = {ROOT / "depesa" / name for name in ("core/edits.py", "orders/services/letters/drafts.py")}
# Libraries that open strangers' files, and the modules that run in the process apart.
OPENERS = {"PIL", "pypdfium2", "defusedxml", "zipfile", "tarfile", "openpyxl", "css_inline", "html.parser", "lxml"}
APART = {
    ROOT / "depesa" / name
    for name in (
        "files/packages.py", "files/pdfs.py", "files/pictures.py", "files/styles.py", "imports/rules/sheets.py",
    )
}  # fmt: skip
WRITES_ONLY = {ROOT / "depesa/ui/exports.py"}
TESTS = sorted(path for path in ROOT.rglob("tests/**/*.py") if ".venv" not in path.parts)
LONGEST_TEST = 500
LONGEST_FILE, LONGEST_FUNCTION, LONGEST_VIEW, LONGEST_TEMPLATE = 379, 46, 20, 150


def where(path, node=None):
    return f"{path.relative_to(ROOT)}{f':{node.lineno}' if node else ''}"


@cache
def nodes_of(path):
    return list(ast.walk(tree_of(path)))


@cache
def functions_of(path):
    return [node for node in nodes_of(path) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]


def is_doing(name):
    """Whether a word of it ends in -ing and is no noun."""
    return any(word.endswith("ing") and word not in NOUNS for word in re.split("[_-]", name))


def length(node):
    return node.end_lineno - node.lineno + 1


def test_files_are_short_and_say_what_they_are():
    faults = []
    for path in CODE:
        text = path.read_text()
        if text.count("\n") > LONGEST_FILE:
            faults.append(f"{where(path)}: split it along the words of the trade")
        if text.strip() and not ast.get_docstring(tree_of(path)):
            faults.append(f"{where(path)}: a module says what it is")
    faults += [f"{where(path)}: split it" for path in TESTS if path.read_text().count("\n") > LONGEST_TEST]
    assert not faults, "\n".join(faults)


def test_modules_are_nouns_and_functions_are_verbs_that_say_something():
    faults = [f"{where(path)}: a module is a noun" for path in [*CODE, *TESTS] if is_doing(path.stem)]
    faults += [f"{where(path)}: it says nothing" for path in CODE if path.stem in FORBIDDEN_NAMES]
    for path in CODE:
        for node in functions_of(path):
            if FORBIDDEN_VERBS.match(node.name) and node.name not in ASKED_FOR:
                faults.append(f"{where(path, node)}: {node.name} says nothing")
    assert not faults, "\n".join(faults)


def test_pages_are_nouns_and_views_are_verbs():
    faults = [f"{where(path)}: a page is a noun" for path in TEMPLATES if is_doing(path.stem)]
    for page, view in named_pages(get_resolver().url_patterns):
        faults += [f"{page}: the name of a page is a noun"] if is_doing(page) else []
        faults += [f"{view.__module__}.{view.__name__}: a view is a verb"] if is_doing(view.__name__) else []
    assert not faults, "\n".join(faults)


def named_pages(patterns):
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from named_pages(pattern.url_patterns)
        elif pattern.callback.__module__.startswith("depesa."):
            yield pattern.name or "", pattern.callback


def test_a_private_name_means_one_thing():
    where_defined = defaultdict(list)
    for path in CODE:
        for node in tree_of(path).body:
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) and node.name.startswith("_"):
                where_defined[node.name].append(where(path, node))
    faults = [f"{name}: {', '.join(places)}" for name, places in where_defined.items() if len(places) > 5]
    assert not faults, "say of what:\n" + "\n".join(faults)


def test_functions_and_views_are_short():
    faults = []
    for path in CODE:
        most = LONGEST_VIEW if "views" in path.parts or path.stem == "views" else LONGEST_FUNCTION
        faults += [f"{where(path, f)}: {f.name} has {length(f)} lines" for f in functions_of(path) if length(f) > most]
    assert not faults, "\n".join(faults)


def test_files_and_functions_are_small_on_the_whole():
    lines = [count for path in CODE if (count := path.read_text().count("\n"))]
    assert statistics.median(lines) <= 81
    assert statistics.median(length(node) for path in CODE for node in functions_of(path)) <= 6


def test_templates_are_short_and_free_of_inline_script_and_style():
    faults = []
    for path in TEMPLATES:
        text = path.read_text()
        if text.count("\n") > LONGEST_TEMPLATE:
            faults.append(f"{where(path)}: too long")
        if re.search(r"<script(?![^>]*\bsrc=)", text):
            faults.append(f"{where(path)}: script inline")
        if re.search(r"\sstyle=|<style|\son[a-z]+=\"|hx-on", text) and "frame-of-letters" not in text:
            faults.append(f"{where(path)}: style or handler inline")
    assert not faults, "\n".join(faults)


def test_apps_say_what_their_words_mean():
    docstrings = {app.name: ast.get_docstring(tree_of(app / "__init__.py")) or "" for app in APPS}
    assert [name for name, text in docstrings.items() if len(text.splitlines()) < 3] == []


def test_every_app_has_its_place_in_the_layers():
    placed = set(re.findall(r"\w+", layers_of("apps")))
    assert placed == {app.name for app in APPS if app.name != "locale"}


def test_apps_have_one_or_two_migrations_before_the_first_release():
    counted = {app.name: len(list(app.glob("migrations/0*.py"))) for app in APPS}
    assert {name: count for name, count in counted.items() if count > 2} == {}


def test_no_local_imports_and_no_broad_excepts():
    local = [
        (path, function)
        for path in CODE
        for function in functions_of(path)
        if any(isinstance(node, ast.Import | ast.ImportFrom) for node in ast.walk(function))
    ]
    assert [f"{where(path, function)}: import inside {function.name}" for path, function in local] == []
    broad = [(path, node) for path in CODE if path not in BROAD for node in _broad_excepts(path)]
    assert [f"{where(path, node)}: except of everything" for path, node in broad] == []


def _broad_excepts(path):
    for node in nodes_of(path):
        if isinstance(node, ast.ExceptHandler):
            is_broad = node.type is None or getattr(node.type, "id", "") in {"Exception", "BaseException"}
            if is_broad and not any(isinstance(inner, ast.Raise) for inner in ast.walk(node)):
                yield node


def test_versions_are_raised_in_one_place():
    faults = []
    for path in (path for path in CODE if path not in COUNTING):
        for node in nodes_of(path):
            is_added = isinstance(node, ast.AugAssign) and getattr(node.target, "attr", "") == "version"
            is_set = isinstance(node, ast.keyword) and node.arg == "version" and isinstance(node.value, ast.BinOp)
            if is_added or is_set:
                faults.append(f"{where(path, node)}: core.edits raises the version of a row")
    assert not faults, "\n".join(faults)


def test_who_locks_a_row_lets_others_refer_to_it():
    """FOR UPDATE keeps out every row that refers to this one; what nobody takes away is locked FOR NO KEY UPDATE."""
    faults = []
    for path in CODE:
        for call in (node for node in nodes_of(path) if isinstance(node, ast.Call)):
            if getattr(call.func, "attr", "") == "select_for_update":
                is_polite = any(each.arg == "no_key" and each.value.value is True for each in call.keywords)
                faults += [] if is_polite else [f"{where(path, call)}: say no_key=True"]
        faults += [f"{where(path)}: say select_for_update" for _found in re.findall(r"FOR UPDATE", path.read_text())]
    assert not faults, "\n".join(faults)


def test_strangers_files_are_opened_in_the_process_apart():
    faults = []
    for path in set(CODE) - APART - WRITES_ONLY:
        for node in nodes_of(path):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            faults += [
                f"{where(path, node)}: {name}" for name in names if not OPENERS.isdisjoint({name, name.split(".")[0]})
            ]
    assert not faults, "\n".join(faults)


def test_one_module_decides_where_links_and_requests_lead():
    asks = re.compile(r"url_has_allowed_host_and_scheme|startswith\(\(?\"https?:")
    names = {str(path.relative_to(ROOT)) for path in CODE if asks.search(path.read_text())}
    assert names <= {"depesa/core/links.py", "depesa/config/settings.py"}
    for path in CODE:
        for call in (node for node in nodes_of(path) if isinstance(node, ast.Call)):
            if "redirect" in getattr(call.func, "id", "").lower():
                assert not [part for given in call.args for part in _read_from_requests(given)], (path, call.lineno)


def _read_from_requests(given):
    """What of the argument stands in a request as it came, and not inside a call that reads it first."""
    if isinstance(given, ast.Call) and getattr(given.func, "attr", "") not in {"get", "getlist", "strip"}:
        return
    if isinstance(given, ast.Attribute) and given.attr in {"GET", "POST", "COOKIES", "META", "headers", "body"}:
        yield given.attr
    for part in ast.iter_child_nodes(given):
        yield from _read_from_requests(part)


def test_one_module_reads_numbers_and_days_of_requests():
    asks = re.compile(r"is(?:digit|decimal|numeric)\(\)|2 ?\*\* ?63|<int:")
    for path in CODE:
        if {"views", "forms", "urls"} & set(path.parts) or path.stem in {"views", "forms", "urls"}:
            assert not asks.search(path.read_text()), path


def test_architecture_page_draws_the_house_as_it_is():
    page = (ROOT / "ARCHITECTURE.md").read_text()
    house = re.findall(r"^      (\w+)/ ", page, re.MULTILINE)
    assert sorted(house) == sorted(path.name for path in (ROOT / "depesa").iterdir() if any(path.glob("[!_]*")))
    across = re.search(r"^    (config > .*?)\n\n", page, re.DOTALL | re.MULTILINE)
    inside = re.search(r"`(urls > .*?)`", page, re.DOTALL)
    for drawn, contract in ((across, "apps"), (inside, "inside")):
        layers = layers_of(contract).replace("(", "").replace(")", "").split("\n")
        assert drawn[1].split() == " > ".join(layers).split(), contract


def layers_of(contract):
    contracts = configparser.ConfigParser()
    contracts.read(ROOT / ".importlinter")
    return contracts[f"importlinter:contract:{contract}"]["layers"].strip()


def test_limits_are_those_that_contributors_read():
    page = (ROOT / "CONTRIBUTING.md").read_text()
    said = re.search(
        r"Files up to (\d+) lines \(of tests (\d+)\), functions up to (\d+), views up to (\d+), templates up to (\d+)",
        page,
    )
    counted = (LONGEST_FILE, LONGEST_TEST, LONGEST_FUNCTION, LONGEST_VIEW, LONGEST_TEMPLATE)
    assert [count <= int(limit) for count, limit in zip(counted, said.groups(), strict=True)] == [True] * 5


def test_a_name_that_several_classes_have_is_a_word_of_the_glossary():
    first_cells = re.findall(r"^\| ([^|]+)", (ROOT / "docs/glossary.md").read_text(), re.MULTILINE)
    words = {word for cell in first_cells for word in re.findall(r"[\w-]+", cell)}
    places = defaultdict(set)
    for path in CODE:
        for node in tree_of(path).body:
            if isinstance(node, ast.ClassDef) and node.name != "Command":
                places[node.name].add(path)
    shared = {name for name, found in places.items() if len(found) > 2 and not name.startswith("_")}
    assert len(shared) > 5
    assert {name.lower() for name in shared} - words == set()


def test_repository_speaks_of_depesa_alone():
    words = re.compile(r"\.\./shared|/work/|\bissue #?\d|pypi\.org|pythonhosted|registry\.npmjs", re.IGNORECASE)
    kept = subprocess.run(["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True)
    endings = {".py", ".md", ".toml", ".txt", ".html", ".css", ".js", ".typ", ""}
    paths = [ROOT / name for name in kept.stdout.splitlines() if Path(name).suffix in endings]
    paths = [path for path in paths if path.is_file() and path != Path(__file__)]
    assert paths
    assert [where(path) for path in paths if words.search(path.read_text(errors="ignore"))] == []


def test_nothing_is_defined_that_only_tests_or_nobody_names():
    assert never_named(ROOT) == []


def test_packages_pass_on_what_somebody_takes():
    assert never_taken(ROOT) == []
