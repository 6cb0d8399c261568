"""A sentence remembers its reason: whoever reads it later reads it in another language."""

import copy
import datetime as dt
import json
import pickle
from decimal import Decimal

import pytest
from django.utils.translation import gettext_lazy as django_lazy

from depesa.core.errors import Faults, Refused, StaleState
from depesa.core.languages import speaking
from depesa.core.reasons import Sentence, gettext, gettext_lazy, joined, kept, kept_within, ngettext, said

_ = gettext


def in_czech(sentence):
    with speaking("cs"):
        return kept(sentence())


def in_lithuanian(stored):
    with speaking("lt"):
        return str(said(stored))


SENTENCES = {
    "plain": lambda: _("This is not your password."),
    "with a value": lambda: _("“%(value)s” is not an amount.") % {"value": 7},
    "of an error": lambda: str(StaleState()),
    "in an error": lambda: str(Refused(_("Write the answer."))),
}


@pytest.mark.parametrize("sentence", SENTENCES.values(), ids=SENTENCES)
def test_what_was_refused_in_czech_is_read_in_lithuanian(sentence):
    stored = in_czech(sentence)
    with speaking("lt"):
        expected = str(sentence())
    assert in_lithuanian(stored) == expected
    with speaking("cs"):
        assert str(sentence()) != expected


def test_values_are_worded_too():
    day, texts = dt.date(2011, 7, 5), type("State", (), {"names": {"en": "Sent", "lt": "Išsiųstas"}})()
    values = {"a": django_lazy("Settings"), "b": day, "c": Decimal("1234.5"), "d": texts, "e": _("Write the answer.")}
    stored = in_czech(lambda: _("%(a)s|%(b)s|%(c)s|%(d)s|%(e)s") % values)
    with speaking("lt"):
        assert (
            in_lithuanian(stored)
            == f"{django_lazy('Settings')}|2011-07-05|1\N{NBSP}234,5|Išsiųstas|{_('Write the answer.')}"
        )


def test_plural_forms_follow_the_reader():
    def sentence(number):
        return ngettext("%(n)d letter", "%(n)d letters", number) % {"n": number}

    assert json.loads(in_czech(lambda: sentence(21)))["number"] == 21
    with speaking("en"):
        assert str(said(in_czech(lambda: sentence(1)))) == "1 letter"


def test_sentences_stay_reasons_when_they_are_put_together():
    stored = in_czech(lambda: str(Faults({"a": _("Write the answer."), "b": "100 %"})))
    with speaking("lt"):
        assert in_lithuanian(stored) == f"{_('Write the answer.')} 100 %"
    stored = in_czech(lambda: joined([_("Write the answer."), _("Write your message.")], " % "))
    with speaking("lt"):
        assert in_lithuanian(stored) == f"{_('Write the answer.')} % {_('Write your message.')}"
    assert in_lithuanian(in_czech(lambda: _("Write the answer.") + " 1 %")).endswith(" 1 %")


def test_a_lazy_sentence_remembers_too():
    assert isinstance(str(gettext_lazy("Write the answer.")), Sentence)


@pytest.mark.parametrize("text", ["", "Bouncing since May", '{"code":', '{"code": 1}', "550 5.1.1 no such user"])
def test_free_text_stays_as_it_is(text):
    assert said(kept(text)) == text


def test_a_sentence_goes_through_copies_and_processes():
    sentence = _("Write the answer.")
    for again in (copy.deepcopy(sentence), pickle.loads(pickle.dumps(sentence))):
        assert kept(again) == kept(sentence)


def test_data_is_kept_whole():
    sentence = _("Write the answer.")
    assert kept_within({"a": [("b", sentence)], "n": 1}) == {"a": [["b", kept(sentence)]], "n": 1}


HOSTILE = [
    '{"code":"%(a)s","values":{"a":{"amount":"1e5000000"}}}',
    '{"code":"%(a)s","values":{"a":{"amount":"NaN"}}}',
    '{"code":"%(a)s","values":{"a":' + "[" * 2000 + "]" * 2000 + "}}",
    '{"code":"%(a)300000000s","values":{"a":"x"}}',
    '{"code":"%(a).300000000f","values":{"a":1}}',
    '{"code":"%(a)*s","values":{"a":1}}',
    '{"code":"' + "%(a)s" * 3000 + '","values":{"a":"' + "x" * 4000 + '"}}',
    '{"code":"%(b)s","values":{"a":1}}',
    '{"code":"%(a)d","values":{"a":"x"}}',
    '{"code":1}',
    '{"code":"x","plural":"%(a)9s","number":"y","values":{}}',
    '{"code":"%(a)s","values":{"a":{"day":"x"}}}',
    '{"code":"%(a)s","values":{"a":{"texts":7}}}',
    '{"code":"%(a)s","values":7}',
    '{"code":"Delete","values":{}}',
]


def bomb(depth):
    """Each level holds the one below ten times."""
    inner = '"x"'
    for _ in range(depth):
        inner = '{"code":"' + "%(a)s" * 10 + '","values":{"a":' + inner + "}}"
    return inner


@pytest.mark.parametrize("text", [*HOSTILE, bomb(12), bomb(60)])
def test_whatever_stands_there_is_read_and_takes_no_more_room_than_a_long_text(text):
    assert len(said(text)) <= 250_000


@pytest.mark.parametrize("text", [*HOSTILE, bomb(3), '{"code":"Your payment was accepted."}'])
def test_somebodys_words_stay_his_words(text):
    """Nobody speaks in the name of the house by writing what a kept reason looks like."""
    with speaking("cs"):
        assert said(kept(text)) == text
        assert said(kept_within({"a": [text]})["a"][0]) == text
