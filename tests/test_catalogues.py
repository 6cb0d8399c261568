"""The catalogues follow the texts, and what is wrong in them is found."""

from gettext import c2py
from pathlib import Path

import polib
import pytest
from babel.messages.catalog import Catalog

from tests import catalogues
from tests.catalogues import Text, problems_of, refreshed, texts_of_code, texts_of_template

ONE, MANY = Text("", "Save"), Text("", "%(n)s letter", "%(n)s letters")


def catalogue(language="cs"):
    new = polib.POFile()
    new.metadata = {"Language": language}
    return new


def translated(language="cs", single="Uložit", many=("%(n)s dopis", "%(n)s dopisy", "%(n)s dopisů")):
    made = refreshed(catalogue(language), {ONE: {"a.py"}, MANY: {"a.py"}})
    made.find("Save").msgstr = single
    made.find("%(n)s letter").msgstr_plural = dict(enumerate(many))
    return made


def problems(made, *, is_complete=True, texts=(ONE, MANY)):
    return list(problems_of(made, {text: {"a.py"} for text in texts}, is_complete=is_complete))


def test_texts_of_code():
    source = '_("a"); gettext_lazy("b" "c"); ngettext("d", "e", n); pgettext("letter", "f"); other("g")'
    assert set(texts_of_code(source)) == {Text("", "a"), Text("", "bc"), Text("", "d", "e"), Text("letter", "f")}


def test_texts_of_templates():
    source = (
        '{% load i18n %}\n   {% if x %}\n {% translate "a" context "letter" %}{% endif %}{{ _("b") }}\n'
        "{% blocktranslate trimmed count n=x %}\n  {{ n }} c\n{% plural %}{{ n }} d\n{% endblocktranslate %}"
    )
    assert set(texts_of_template(source, "x")) == {
        Text("letter", "a"),
        Text("", "b"),
        Text("", "%(n)s c", "%(n)s d"),
    }


def test_the_sentence_of_an_error_is_a_text(tmp_path: Path):
    (tmp_path / "errors.py").write_text(
        'class Own(Refused):\n    """No."""\nclass Refused(DomainError):\n    """Not you."""'
    )
    assert set(catalogues.collect(tmp_path)) == {Text("", "No."), Text("", "Not you.")}


def test_a_good_catalogue_has_no_problems():
    assert problems(translated()) == []


def test_what_is_no_longer_said_goes_and_what_is_new_comes():
    new = refreshed(translated(), {MANY: {"b.py"}, Text("", "New"): {"b.py"}})
    assert [(entry.msgid, entry.msgstr) for entry in new] == [("%(n)s letter", ""), ("New", "")]
    assert new.find("%(n)s letter").msgstr_plural[1] == "%(n)s dopisy"


def test_out_of_date_is_found():
    assert problems(translated(), texts=[ONE]) == ["is out of date; run: make messages"]


def test_missing_translation_is_a_problem_only_when_asked():
    assert problems(translated(single=""), is_complete=False) == []
    assert problems(translated(single="")) == ["“Save” is not translated"]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"many": ("%(n)s dopis", "%(n)s dopisy", "")}, "has only some of its plural forms"),
        ({"many": ("%(n)s dopis", "%(n)s dopisy")}, "has 2 plural forms instead of 3"),
        ({"many": ("%(n)s dopis", "%(m)s dopisy", "%(n)s dopisů")}, "%(n)s became %(m)s"),
        ({"single": "Uložit "}, "blanks at the ends"),
        ({"single": "Uložit %s"}, "none became %s"),
    ],
)
def test_wrong_translations_are_found(changes, said):
    assert said in problems(translated(**changes))[-1]


def test_fuzzy_is_found():
    made = translated()
    made.find("Save").flags.append("fuzzy")
    assert "“Save” is fuzzy" in problems(made)


def test_the_first_form_may_leave_out_the_number_in_czech_only():
    forms = ("jeden dopis", "%(n)s dopisy", "%(n)s dopisů")
    assert problems(translated("cs", many=forms)) == []
    assert "placeholders" in problems(translated("lt", many=forms))[-1]


@pytest.mark.parametrize(
    ("language", "forms"),
    [("cs", {0: [1], 1: [2, 4], 2: [0, 5, 22]}), ("lt", {0: [1, 21], 1: [2, 22], 2: [0, 11, 20]})],
)
def test_plural_rules(language, forms):
    rule = Catalog(language).plural_expr
    chosen = c2py(rule)
    for form, counts in forms.items():
        assert [chosen(count) for count in counts] == [form] * len(counts)
