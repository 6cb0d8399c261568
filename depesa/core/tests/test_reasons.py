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
