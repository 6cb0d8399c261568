"""What the documentation says is there, and what is there is said."""

import ast
import inspect
import io
import json
import re
import tokenize
from importlib import import_module
from operator import attrgetter
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import call_command, get_commands, load_command_class
from django.urls import Resolver404, get_resolver, resolve
from django.utils import translation
from django.utils.text import slugify

from depesa.api.models import Scope
from depesa.config import settings as settings_module
from depesa.config.management.commands.check import QUESTIONS
from depesa.config.schedule import SCHEDULE
from depesa.dashboard.navigation import SETTINGS
from depesa.documents.models import Document
from depesa.documents.rules import Posting
from depesa.emails.placeholders import contexts
from depesa.emails.services.dialect import FILTERS, TAGS
from depesa.history.contributions import EVENTS
from depesa.staff.models import User
from depesa.staff.rules import Right, Role, may
from tests.catalogues import collect

ROOT = Path(__file__).resolve().parent.parent
PAGES = sorted(
    path
    for path in ROOT.rglob("*.md")
    if not any(part.startswith((".", "node")) for part in path.relative_to(ROOT).parts)
)
REFERENCE = ROOT / "docs" / "reference"
# Tables that nobody meets by name: their word stands inside a bigger one, which is in the glossary.
INSIDE = {
    "account": "account",
    "message of a payment gateway": "payment gateway",
    "mark": "mark",
    "column choice": "mark",
    "import refusal": "refusal",
    "head": "history",
    "link": "history",
    "system email text": "system e-mail",
    "system email version": "system e-mail",
    "file of a system e-mail": "system e-mail",
    "bulk item": "bulk edit",
    "settings": "statement",
    "statement line": "statement",
    "document template version": "document template",
}


def page(name):
    return (REFERENCE / name).read_text()


def rows(text):
    """The cells of every row of the tables, without heads and rules."""
    found = [re.split(r"(?<!\\)\s*\|\s*", line.strip())[1:-1] for line in text.splitlines() if line.startswith("| ")]
    return [cells for number, cells in enumerate(found) if "---" not in cells[0] and not _is_head(found, number)]


def _is_head(found, number):
    return number + 1 < len(found) and "---" in found[number + 1][0]


def named(cell):
    return re.findall(r"`([^`]+)`", cell)


def sections(text):
    """What stands under each heading of the second level."""
    parts = re.split(r"^## (.+)$", text, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


# Settings


def read_settings():
    source = inspect.getsource(settings_module)
    return re.findall(r'\benv(?:_bool|_int|_word)?\(\s*"(\w+)"', source)


def test_every_setting_is_documented_once_in_the_order_of_its_sections():
    documented = [name for cells in rows(page("settings.md")) for name in named(cells[0])]
    first = list(dict.fromkeys(read_settings()))
    settings = [name for name in documented if name.isupper()]
    assert sorted(settings) == sorted(first)
    source = inspect.getsource(settings_module)
    section = {name: source.rfind("\n# ", 0, source.index(f'"{name}"')) for name in first}
    assert [section[name] for name in settings] == sorted(section[name] for name in settings)


def test_settings_stand_under_the_headings_of_the_code():
    headings = re.findall(r"^# ([A-Z][a-z ]+?)(?:: .*|,.*)?$", inspect.getsource(settings_module), re.MULTILINE)
    with_settings = [heading for heading, text in sections(page("settings.md")).items() if "`DEPESA_" in text]
    assert with_settings == [heading for heading in headings if heading in with_settings]


def test_every_entry_of_the_schedule_is_documented_with_its_pace():
    text = sections(page("settings.md"))["What runs by itself"]
    documented = {named(cells[0])[0]: cells[1] for cells in rows(text)}
    assert documented == {entry.name: _pace(entry.every.total_seconds()) for entry in SCHEDULE}


def _pace(seconds):
    return f"{seconds / 3600:.0f} h" if seconds >= 3600 else f"{seconds:.0f} s"


# Commands


def test_what_the_check_asks_is_documented_in_its_order():
    told = " ".join(documented_commands()["check"].split())
    assert f"one line each: {', '.join([*QUESTIONS, 'sealed bytes'])}; at the end" in told


def commands():
    own = {name: app for name, app in get_commands().items() if app.startswith("depesa.")}
    return {name: load_command_class(app, name) for name, app in own.items()}


def documented_commands():
    found = {}
    for heading, text in sections(page("commands.md")).items():
        words = [word for word in heading.split()[1:] if word.islower()]
        found["_".join(words).replace("-", "_")] = text
    return found


def flags(command):
    """The longest way to write each option, and positional arguments by what help calls them."""
    mine, usual = (
        made.create_parser("depesa", "x")._actions for made in (command, load_command_class("django.core", "migrate"))
    )
    shared = {option for action in usual for option in action.option_strings} - {"--database"}
    for action in mine:
        if not set(action.option_strings) & shared:
            yield (action.option_strings or [str(action.metavar or action.dest).upper()])[-1]


def test_every_command_is_documented_and_nothing_else():
    assert {*commands(), "migrate"} == set(documented_commands())


@pytest.mark.parametrize("name", sorted(set(commands())))
def test_every_flag_of_the_command_is_documented_and_nothing_else(name):
    tables = [cells for cells in rows(documented_commands()[name]) if len(cells) == 3]
    assert sorted(each for cells in tables for each in named(cells[0])) == sorted(flags(commands()[name]))


def keys(name):
    tables = [cells for cells in rows(documented_commands()[name]) if len(cells) == 2]
    return {each for cells in tables for each in named(cells[0])}


def answer(*words):
    out = io.StringIO()
    call_command(*words, "--json", stdout=out)
    return set(json.loads(out.getvalue()))


def test_the_keys_of_json_are_those_that_are_promised(company, tmp_path, settings):
    settings.DEPESA_RENDERERS = 1
    assert answer("shop_seed") == keys("shop_seed")
    assert answer("letters_check") == keys("letters_check") - {"template", "language", "line", "column", "message"}
    assert answer("letters_render", "registration", "--sample") == keys("letters_render")
    sales = tmp_path / "june.csv"
    sales.write_text(
        "number,date,customer,currency,net,vat rate,email\n1,2011-06-02,C-7,EUR,10,21,seven@shop.example\n"
    )
    assert answer("import_sales", str(sales), "--yes") == keys("import_sales")
    Document.objects.update(posting=Posting.POSTED)
    formed = answer("statements_form", "2011-06")
    assert formed == keys("statements_form")
    # What stands in both is told by one table.
    assert answer("statements_status", "2011-06") == keys("statements_status") == formed | {"deliveries"}
    assert answer("statements_pdf", "2011-06", "C-7", "--output", str(tmp_path / "x.pdf")) == keys("statements_pdf")
    assert answer("statements_post", "2011-06") == keys("statements_post")


# Placeholders, roles


def test_every_placeholder_is_documented_with_its_meaning_and_sample():
    with translation.override("en"):
        expected = [
            [f"`{each.written}`", str(each.kind.label), str(each.meaning), _sample(each)]
            for context in contexts()
            for each in context.placeholders
        ]
        names = [str(context.name) for context in contexts()]
    documented = sections(page("placeholders.md"))
    assert [cells for name in names for cells in rows(documented[name])] == expected
    assert set(documented) == {*names, "What else a text may do"}


def _sample(placeholder):
    return placeholder.shown("en").replace("\xa0", " ")


def test_tags_and_filters_are_documented():
    tags, filters = (named(cells[1]) for cells in rows(sections(page("placeholders.md"))["What else a text may do"]))
    assert tags == [*TAGS, "else", "elsif"]
    assert filters == list(FILTERS)


def test_every_right_of_every_role_is_documented():
    head = next(line for line in page("roles.md").splitlines() if line.startswith("| right"))
    roles = [cell.strip() for cell in head.split("|")[2:-2]]
    with translation.override("en"):
        assert roles == [str(dict(User.ROLES)[role.value]) for role in Role]
    expected = {right.value: ["yes" if may(role, right) else "no" for role in Role] for right in Right}
    assert {named(cells[0])[0]: cells[1:-1] for cells in rows(page("roles.md"))} == expected


def test_numbers_in_names_of_tests_stand_in_the_list_of_inputs():
    text = page("inputs.md")
    tests = [path for path in ROOT.glob("**/tests/**/*.py") if not any(p.startswith(".") for p in path.parts)]
    names = {name for path in tests for name in re.findall(r"def (test_\w+)", path.read_text())}
    used = {int(number) for name in names for number in re.findall(r"_input_(\d+)", name)}
    listed = {int(cells[0]) for cells in rows(text) if cells[0].isdigit()}
    untested = {int(number) for number in re.findall(r"\b\d+\b", sections(text)["Numbers without a test of that name"])}
    assert used <= listed
    assert listed - used <= untested
    threads = re.findall(r"\| \[(\w+)\]\(https://", text)
    assert [thread for thread in threads if not any(thread in name for name in names)] == []
    projects = "|".join({thread.rpartition("_")[0] for thread in threads})
    told = {found for name in names for found in re.findall(rf"(?:{projects})_\d+", name)}
    assert told == set(threads)


# Names of code, files and addresses

APPS = sorted(path.parent.name for path in (ROOT / "depesa").glob("*/__init__.py"))
DOTTED = re.compile(rf"(?<![\w./@{{-])(?:depesa\.)?(?:{'|'.join(APPS)})(?:\.[A-Za-z_]\w*)+(?![\w-])")
CODE = sorted(
    path for path in (ROOT / "depesa").rglob("*.py") if not {"migrations", "tests"} & set(path.relative_to(ROOT).parts)
)
# A decision that another one replaced speaks of the house of then.
OF_NOW = [path for path in PAGES if path.name != "CHANGELOG.md" and "\nSuperseded by " not in path.read_text()]


def ticked(path):
    """What stands in back ticks on a page, outside of examples; the language to be added is one that is there."""
    text = "\n".join(line for line in path.read_text().splitlines() if not line.startswith("    "))
    return {re.sub(r"/de(?=[/.])", "/lt", found) for found in re.findall(r"`([^`\n]+)`", text)}


def is_code(name):
    """Whether a dotted name leads from an app to what it names."""
    parts = ["depesa", *name.removeprefix("depesa.").split(".")]
    for count in range(len(parts), 1, -1):
        try:
            found = import_module(".".join(parts[:count]))
        except ModuleNotFoundError:
            continue
        try:
            return count == len(parts) or bool(attrgetter(".".join(parts[count:]))(found) or True)
        except AttributeError:
            return False
    return False


def strange_names(text):
    """Dotted names in a text that are nothing in the code, no event and no placeholder."""
    placeholders = {each.name for context in contexts() for each in context.placeholders}
    known = {*EVENTS, *placeholders, "outbox.letter"}
    return [name for name in DOTTED.findall(text) if name not in known and not is_code(name)]


@pytest.mark.parametrize("path", OF_NOW, ids=lambda path: str(path.relative_to(ROOT)))
def test_names_of_code_in_the_documentation_are_those_of_the_code(path):
    text = path.read_text()
    assert strange_names(text) == []
    for block in re.findall(r"```python\n(.*?)```", text, flags=re.DOTALL):
        nodes = list(ast.walk(ast.parse(block)))
        imports = [node for node in nodes if isinstance(node, ast.ImportFrom) and node.module.startswith("depesa.")]
        taken = {each.name: getattr(import_module(node.module), each.name) for node in imports for each in node.names}
        for call in (node for node in nodes if isinstance(node, ast.Call)):
            if given := taken.get(getattr(call.func, "id", "")):
                named = {each.arg: None for each in call.keywords}
                inspect.signature(given).bind(*call.args, **named)


def test_every_scope_of_tokens_is_described():
    described = {name for name in ticked(REFERENCE / "api.md") if re.fullmatch(r"[a-z]+:(?:read|write)", name)}
    assert described == set(Scope.values)


@pytest.mark.parametrize("path", OF_NOW, ids=lambda path: str(path.relative_to(ROOT)))
def test_files_and_addresses_in_the_documentation_are_there(path):
    files = [
        name
        for name in ticked(path)
        if re.fullmatch(r"(?:depesa|docs|tests)/[\w./-]+|[\w/-]+\.(?:py|md|html|css)", name)
    ]
    assert [name for name in files if not _is_file(name)] == []
    pages = [name for name in ticked(path) if re.fullmatch(r"[a-z]+:[a-z_]+", name) and name not in Scope.values]
    assert [name for name in pages if not _is_page(name)] == []
    addresses = {name for name in ticked(path) if re.fullmatch(r"/(?:[\w.-]+/)+", name)}
    assert [name for name in addresses - {"/parts/"} if not _resolves(name)] == []  # that one is for developers


def _is_file(name):
    return (ROOT / name).exists() or bool(list((ROOT / "depesa").rglob(name)))


def _is_page(name):
    space, _colon, page = name.partition(":")
    spaces = get_resolver().namespace_dict
    return space not in APPS or (space in spaces and page in spaces[space][1].reverse_dict)


def _resolves(address):
    try:
        return bool(resolve(address))
    except Resolver404:
        return False


def test_names_in_docstrings_and_comments_are_those_of_the_code():
    said, known = {}, {path.stem for path in CODE}
    for path in CODE:
        source = path.read_text()
        tokens = list(tokenize.generate_tokens(io.StringIO(source).readline))
        known |= {token.string for token in tokens if token.type == tokenize.NAME}
        nodes = [node for node in ast.walk(ast.parse(source)) if isinstance(node, DOCUMENTED)]
        comments = [token.string for token in tokens if token.type == tokenize.COMMENT]
        said[path.relative_to(ROOT)] = "\n".join([*(ast.get_docstring(node) or "" for node in nodes), *comments])
    templates = {path: re.findall(r"{#(.*?)#}", path.read_text()) for path in (ROOT / "depesa").rglob("*.html")}
    texts = said | {path.relative_to(ROOT): "\n".join(remarks) for path, remarks in templates.items()}
    strange = {str(path): found for path, text in texts.items() if (found := strange_names(text))}
    for path, text in said.items():
        single = re.findall(r"`([A-Za-z_]\w*)`", text)
        strange |= {f"{path}: {name}": name for name in single if name not in known}
        pages = re.findall(r"docs/[\w/.-]*\w", text)
        strange |= {f"{path}: {name}": name for name in pages if not list(ROOT.glob(f"{name}*"))}
    assert strange == {}


DOCUMENTED = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)


def test_settings_that_texts_and_documentation_lead_to_are_there():
    with translation.override("en"):
        names = {str(place.name) for place in SETTINGS}
    led = re.compile(r"(?<!“)(?<!→ )Settings(?: →|,) ([A-Z][\w -]*\w)")  # in quotes stand those of others
    texts = [form for text in collect() for form in (text.single, text.plural)] + [path.read_text() for path in OF_NOW]
    assert {name for text in texts for name in led.findall(text.replace("\n", " ")) if name not in names} == set()


def test_parts_that_pages_include_are_documented_and_no_others():
    pages = {*CODE, *(ROOT / "depesa").rglob("*.html")} - {ROOT / "depesa/ui/templatetags/ui.py"}  # that has the tags
    pages = [path for path in pages if "tests" not in path.relative_to(ROOT).parts]
    included = {name for path in pages for name in re.findall(r"ui/parts/(\w+)\.html", path.read_text())}
    told = rows(sections(page("parts.md"))["Includes"])
    assert {
        name for cells in told for name in [*named(cells[0]), *re.findall(r"`(figure_list)`", cells[1])]
    } == included


# Links, words, the promise


GUIDES = [ROOT / "README.md", ROOT / "docs/tutorial.md", *sorted((ROOT / "docs/how-to").glob("*.md"))]
HOLE = re.compile(r"%\\?\(\w+\\?\)[sd]")


@pytest.fixture(scope="module")
def said():
    """Every text that a page can show, as a pattern: what is filled in may be anything."""
    texts = {form for text in collect() for form in (text.single, text.plural)}
    texts = {text for text in texts if re.search(r"[^\W\d_]{2}", re.sub(r"%\(\w+\)[sd]", "", text))}
    return re.compile("|".join(HOLE.sub(".+", re.escape(text)) for text in texts), re.IGNORECASE)


@pytest.mark.parametrize("path", GUIDES, ids=lambda path: path.name)
def test_words_in_italics_stand_on_pages(path, said):
    text = " ".join(line for line in path.read_text().splitlines() if not line.startswith((">", "    ")))
    words = [word for way in re.findall(r"(?<![*`])\*([^*]+)\*(?!\*)", text) for word in way.split(" → ")]
    assert [word for word in words if not said.fullmatch(word)] == []


def test_sentences_that_answer_wrong_input_are_those_of_the_product(said):
    answers = [re.sub("`[^`]*`", "", cells[-1]) for cells in rows(page("inputs.md")) if cells[0].isdigit()]
    quoted = [sentence for answer in answers for sentence in re.findall(r'"([^"]{8,})"', answer)]
    assert [sentence for sentence in quoted if not _is_said(sentence, said)] == []


def _is_said(sentence, said):
    """Whether the whole, or the sentences of which it is made, are texts; quotes in a quote may be single ones."""
    whole = re.sub("'([^']+)'", "“\\1”", sentence)
    parts = re.findall(r"[^.?]+[.?]", whole) or [whole]
    ways = [[sentence], [whole], [part.strip() for part in parts]]
    return any(all(said.fullmatch(text) or said.fullmatch(f"{text}.") for text in way) for way in ways)


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_relative_link_resolves(path):
    text = re.sub(r"```.*?```", "", path.read_text(), flags=re.DOTALL)
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if re.match(r"[a-z]+:", target):
            continue
        name, _, anchor = target.partition("#")
        file = (path.parent / name).resolve() if name else path
        assert file.exists(), target
        if anchor:
            headings = re.findall(r"^#+ (.+)$", file.read_text(), re.MULTILINE)
            assert anchor in {slugify(heading) for heading in headings}, target


def test_every_page_of_the_documentation_is_reached_from_the_readme():
    seen, waiting = set(), [ROOT / "README.md"]
    while waiting:
        path = waiting.pop()
        if path not in seen and path.suffix == ".md":
            seen.add(path)
            targets = re.findall(r"\]\(([^)\s#:]+)(?:#[^)]*)?\)", path.read_text())
            waiting += [file for target in targets if (file := (path.parent / target).resolve()).is_file()]
    pages = {path for path in PAGES if path.is_relative_to(ROOT / "docs") and "decisions" not in path.parts}
    assert pages <= seen, sorted(str(path.relative_to(ROOT)) for path in pages - seen)


def test_the_promise_stands_in_the_readme_word_for_word():
    promise = re.search(r"(?:^> .+\n)+", (ROOT / "docs/explanation/delivery.md").read_text(), re.MULTILINE)
    assert promise
    assert promise[0] in (ROOT / "README.md").read_text()


def test_every_table_has_its_word_in_the_glossary():
    glossary = {
        word.strip().lower()
        for cells in rows((ROOT / "docs/glossary.md").read_text())
        for word in re.split(r"[,/()]", cells[0])
        if word.strip()
    }
    with translation.override("en"):
        names = {str(model._meta.verbose_name) for model in apps.get_models() if model.__module__.startswith("depesa.")}
    assert {INSIDE.get(name, name) for name in names} <= glossary
    assert set(INSIDE) <= names


def test_the_glossary_has_each_word_once_in_order_and_in_three_languages():
    table = rows((ROOT / "docs/glossary.md").read_text())
    words = [cells[0].lower() for cells in table]
    assert words == sorted(set(words))
    assert all(len(cells) == 4 and all(cells) for cells in table)
