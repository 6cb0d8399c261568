"""The catalogues of the languages: collect texts, keep them in order, compile them, find what is wrong.

    python -m tests.catalogues             fail if a catalogue is out of date or wrong
    python -m tests.catalogues --update    collect the texts anew and compile
    python -m tests.catalogues --complete  fail on missing translations, too

No gettext programs are needed: Babel reads Python, Django turns its templates into something that Babel reads,
polib writes and compiles.
"""

import argparse
import ast
import io
import os
import re
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from gettext import c2py
from pathlib import Path
from typing import NamedTuple

import django
import polib
from babel.messages.catalog import Catalog
from babel.messages.extract import extract

from depesa.core.languages import ENGLISH, codes

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "depesa"
LANGUAGES = [code for code in codes() if code != ENGLISH]
KEYWORDS = {
    "Reason": None,
    **dict.fromkeys(("_", "_now", "gettext", "gettext_lazy", "gettext_noop"), None),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), (1, 2)),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), ((1, "c"), 2)),
    **dict.fromkeys(("npgettext", "npgettext_lazy"), ((1, "c"), 2, 3)),
}
NOT_FOR_PEOPLE = {"tests", "migrations"}
HOLES = re.compile(r"%\(\w+\)[sd]|%[sd]|\{[\w.]*\}")


class Text(NamedTuple):
    """A text as it stands in the code; plural is empty where there is none."""

    context: str
    single: str
    plural: str = ""


type Places = dict[Text, set[str]]


def collect(package: Path = PACKAGE) -> Places:
    """Every text for people in the package, and the files in which it stands."""
    found: Places = defaultdict(set)
    for path in sorted(package.rglob("*")):
        place = path.relative_to(package)
        if not NOT_FOR_PEOPLE.isdisjoint(place.parts):
            continue
        for text in _texts_in(path):
            found[text].add(path.relative_to(package.parent).as_posix())
    for text, place in _sentences_of_errors(package):
        found[text].add(place.relative_to(package.parent).as_posix())
    return found


def _texts_in(path: Path) -> Iterator[Text]:
    if path.suffix == ".py":
        yield from texts_of_code(path.read_text(encoding="utf-8"))
    elif path.suffix in (".html", ".txt") and "templates" in path.parts:
        yield from texts_of_template(path.read_text(encoding="utf-8"), str(path))


def texts_of_code(source: str) -> Iterator[Text]:
    """What gettext and its relatives are called with."""
    for _line, message, _comments, context in extract("python", io.BytesIO(source.encode()), KEYWORDS):
        single, plural = message if isinstance(message, tuple) else (message, "")
        if single:
            yield Text(context or "", single, plural)


def texts_of_template(source: str, name: str) -> Iterator[Text]:
    """What translate and blocktranslate say."""
    from django.utils.translation.template import templatize  # noqa: PLC0415  needs settings

    as_code = templatize(source, origin=name)
    yield from texts_of_code("\n".join(line.lstrip() for line in as_code.splitlines()))


def _sentences_of_errors(package: Path) -> Iterator[tuple[Text, Path]]:
    """The docstring of an error is the sentence that the clerk reads; see depesa.core.errors."""
    classes: dict[str, list[tuple[ast.ClassDef, Path]]] = defaultdict(list)  # two apps may have errors of one name
    for path in package.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef) and "tests" not in path.parts:
                classes[node.name].append((node, path))

    def is_error(name: str) -> bool:
        nodes = [node for node, _path in classes.get(name, ())]
        bases = [base.id for node in nodes for base in node.bases if isinstance(base, ast.Name)]
        return name == "DomainError" or any(is_error(base) for base in bases if base != name)

    for name, nodes in classes.items():
        for node, path in nodes if is_error(name) else ():
            if sentence := ast.get_docstring(node):
                yield Text("", sentence), path


def refreshed(catalogue: polib.POFile, texts: Places) -> polib.POFile:
    """The catalogue with exactly these texts, in order; translations that still fit are kept."""
    known = {(entry.msgctxt or "", entry.msgid): entry for entry in catalogue if not entry.obsolete}
    new, forms = polib.POFile(wrapwidth=110), Catalog(catalogue.metadata["Language"]).num_plurals
    new.metadata = dict(sorted(catalogue.metadata.items()))
    for text in sorted(texts):
        old = known.get((text.context, text.single))
        entry = polib.POEntry(
            msgid=text.single,
            msgctxt=text.context or None,
            msgid_plural=text.plural,
            occurrences=[(place, "") for place in sorted(texts[text])],
            flags=["python-format"] if "%(" in text.single + text.plural else [],
            tcomment=old.tcomment if old else "",
        )
        if text.plural:
            former = old.msgstr_plural if old and old.msgid_plural == text.plural else {}
            entry.msgstr_plural = {form: former.get(form, "") for form in range(forms)}
        elif old and not old.msgid_plural:
            entry.msgstr = old.msgstr
        new.append(entry)
    return new


def problems_of(catalogue: polib.POFile, texts: Places, *, is_complete: bool) -> Iterator[str]:
    """What is wrong in a catalogue, one sentence each."""
    if str(catalogue) != str(refreshed(catalogue, texts)):
        yield "is out of date; run: make messages"
    forms = Catalog(catalogue.metadata["Language"]).num_plurals
    for entry in catalogue:
        name = f"“{entry.msgid[:60]}”"
        written = list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]
        if entry.fuzzy:
            yield f"{name} is fuzzy"
        if entry.msgid_plural and len(written) != forms:
            yield f"{name} has {len(written)} plural forms instead of {forms}"
        if any(written) and not all(written):
            yield f"{name} has only some of its plural forms"
        if is_complete and not any(written):
            yield f"{name} is not translated"
        for form, translation in enumerate(written):
            if translation and (difference := _differs(entry, form, translation, catalogue.metadata["Language"])):
                yield f"{name} and “{translation[:60]}” differ in {difference}"


def _differs(entry: polib.POEntry, form: int, translation: str, language: str) -> str:
    original = entry.msgid_plural or entry.msgid
    wanted, found = sorted(set(HOLES.findall(original))), sorted(set(HOLES.findall(translation)))
    may_leave_out_the_number = bool(entry.msgid_plural) and form == 0 and _is_for_one_alone(language)
    if found != wanted and not (may_leave_out_the_number and set(found) <= set(wanted)):
        return f"placeholders: {', '.join(wanted) or 'none'} became {', '.join(found) or 'none'}"
    for edge in (r"^\s*", r"\s*$"):
        if re.search(edge, original)[0] != re.search(edge, translation)[0]:
            return "blanks at the ends"
    return ""


def _is_for_one_alone(language: str) -> bool:
    """Whether the first form says 1 and nothing else: in Lithuanian it says 21, too."""
    form_of = c2py(Catalog(language).plural_expr)
    return [number for number in range(200) if form_of(number) == 0] == [1]


def path_of(language: str) -> Path:
    """The catalogue of a language."""
    return PACKAGE / "locale" / language / "LC_MESSAGES" / "django.po"


def opened(language: str) -> polib.POFile:
    """The catalogue of a language, or a new one."""
    path = path_of(language)
    catalogue = polib.pofile(str(path), wrapwidth=110) if path.exists() else polib.POFile(wrapwidth=110)
    catalogue.metadata = {
        "Content-Transfer-Encoding": "8bit",
        "Content-Type": "text/plain; charset=UTF-8",
        "Language": language,
        "MIME-Version": "1.0",
        "Plural-Forms": Catalog(language).plural_forms,
        "Project-Id-Version": "Depesa",
    }
    return catalogue


def update(texts: Places) -> None:
    """Write and compile every catalogue."""
    for language in LANGUAGES:
        catalogue, path = refreshed(opened(language), texts), path_of(language)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"{catalogue}\n".replace("\n\n\n", "\n\n"), encoding="utf-8")
        path.with_suffix(".mo").write_bytes(catalogue.to_binary())
        print(f"{language}: {len(catalogue)} texts, {len(catalogue.translated_entries())} translated")


def check(texts: Places, *, is_complete: bool) -> list[str]:
    """Everything that is wrong in the catalogues and with their compiled files."""
    found = []
    for language in LANGUAGES:
        catalogue, path = opened(language), path_of(language)
        found += [f"{language}: {each}" for each in problems_of(catalogue, texts, is_complete=is_complete)]
        compiled = path.with_suffix(".mo")
        if not compiled.exists() or _meanings(polib.mofile(str(compiled))) != _meanings(catalogue.translated_entries()):
            found.append(f"{language}: the compiled catalogue is not fresh; run: make messages")
    return found


def _meanings(entries: Iterable[polib.MOEntry | polib.POEntry]) -> list[tuple[str, ...]]:
    return sorted((each.msgctxt or "", each.msgid, each.msgstr, *each.msgstr_plural.values()) for each in entries)


def main() -> int:
    """Do what the command line asks for."""
    reader = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    reader.add_argument("--update", action="store_true", help="collect the texts anew and compile")
    reader.add_argument("--complete", action="store_true", help="fail on missing translations, too")
    arguments = reader.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "depesa.config.settings")
    django.setup()
    texts = collect()
    if arguments.update:
        update(texts)
    problems = check(texts, is_complete=arguments.complete)
    print("\n".join(problems), file=sys.stderr, end="\n" if problems else "")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
