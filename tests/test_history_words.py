"""Whatever the code records is read in words, in every language, and leads to its record where that has a page."""

import ast
import re
from pathlib import Path

import pytest
from django.apps import apps
from django.utils.translation import override

from depesa.core.languages import codes
from depesa.core.records import KINDS, Recorded, Ref
from depesa.history.contributions import EVENTS, FORMER, VOCABULARIES
from depesa.history.models import Entry
from depesa.history.queries import in_words
from depesa.history.rules import NOTED, TOLD
from depesa.history.services import Fact, record

ROOT = Path(__file__).resolve().parent.parent / "depesa"
CODE = [path for path in ROOT.rglob("*.py") if "services" in path.with_suffix("").parts and "tests" not in path.parts]
EVENT = re.compile(rf"(?:{'|'.join(VOCABULARIES)})\.[a-z][a-z-]*")


def recorded():
    """The events that the verbs name, and what the history itself calls a remark."""
    modules = [text for path in CODE if re.search("history|snapshots", text := path.read_text())]
    texts = {node.value for text in modules for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Constant)}
    return {text for text in texts if isinstance(text, str) and EVENT.fullmatch(text)} | {NOTED, TOLD}


def test_every_event_that_is_recorded_has_words_and_every_word_its_event():
    assert recorded() == set(EVENTS) - {"outbox.queued"}  # which the timeline says of every letter
    assert len(EVENTS) > 100


def test_an_event_stands_in_the_code_as_it_is_kept():
    places = {"fact_of": 1, "tell": 1, "teller": 0}  # where these are given the event
    calls = [
        (path.name, call, getattr(call.func, "id", ""))
        for path in CODE
        for call in ast.walk(ast.parse(path.read_text()))
        if isinstance(call, ast.Call)
    ]
    facts = [
        (path, keyword.value)
        for path, call, name in calls
        if name == "Fact"
        for keyword in call.keywords
        if keyword.arg == "event"
    ]
    facts += [(path, call.args[places[name]]) for path, call, name in calls if len(call.args) > places.get(name, 9)]
    assert len(facts) > 50
    assert [name for name, value in facts if isinstance(value, ast.JoinedStr)] == []


@pytest.mark.parametrize("language", [code for code in codes() if code != "en"])
def test_the_words_are_there_in_every_language(language):
    english = {event: str(words) for event, (words, _icon) in EVENTS.items()}
    with override(language):
        assert [event for event, (words, _icon) in EVENTS.items() if str(words) == english[event]] == []


def test_every_icon_is_in_the_sprite():
    sprite = (ROOT / "ui/static/ui/icons.svg").read_text()
    assert [event for event, (_words, icon) in EVENTS.items() if f'id="{icon}"' not in sprite] == []


def test_every_record_has_a_kind_with_a_word_and_where_it_is_looked_at():
    named = {model.record_kind: model for model in apps.get_models() if issubclass(model, Recorded)}
    assert set(named) <= set(KINDS)
    assert [kind.code for kind in KINDS.values() if not str(kind.word)] == []
    assert [kind.code for kind in KINDS.values() if kind.page and not Ref(kind.code, "1").url] == []
    pages = {kind.code for kind in KINDS.values() if kind.page}
    assert {"customer", "document", "message", "operation", "order", "product", "visitor-message"} <= pages
    # Whose rows have a page of their own is told where it is.
    assert {code for code, model in named.items() if hasattr(model, "get_absolute_url")} - pages <= SET_UP


SET_UP = {"system-email", "state", "document-type", "source", "user"}  # their pages are for those who set up


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("was", "now"),
    [("letters.text-saved", "emails.text-saved"), ("sales documents imported", "documents.sales-imported")],
)
def test_what_was_recorded_under_a_former_word_is_read_as_today(was, now):
    assert any(was.startswith(beginning) for beginning in FORMER)
    record([Fact(event=was, subject=Ref("import", "1")), Fact(event=now, subject=Ref("import", "1"))])
    former, today = in_words(Entry.objects.order_by("pk"))
    assert (str(former.what), former.icon) == (str(today.what), today.icon) == (str(EVENTS[now][0]), EVENTS[now][1])
