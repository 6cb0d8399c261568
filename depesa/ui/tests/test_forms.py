"""Forms of pages: where a refusal stands, and what a hidden key may be."""

import pytest
from django import forms

from depesa.core.errors import Faults, Refused
from depesa.ui.forms import KeyField, VersionField, laid_out, refusals_shown


class NameForm(forms.Form):
    """A form whose service says "names" of a field that is called otherwise."""

    places = {"names": "name_en"}
    widths = {"name_en": "is-half"}

    name_en = forms.CharField()
    note = forms.CharField(required=False)
    version = VersionField()


def _form():
    form = NameForm({"name_en": "Ada"})
    assert form.is_valid()
    return form


def test_a_fault_stands_at_its_field_and_what_follows_in_the_block_is_not_done():
    form, done = _form(), []
    with refusals_shown(form):
        raise Faults({"note": "Too long.", "names": "Taken."})
    with refusals_shown(form):
        done.append("once")
    assert form.errors == {"note": ["Too long."], "name_en": ["Taken."]}
    assert done == ["once"]


def test_a_fault_of_a_name_that_the_form_lacks_stands_above_it():
    form = _form()
    with refusals_shown(form):
        raise Faults({"stock": "There are none left."})
    assert form.non_field_errors() == ["There are none left."]


def test_a_refusal_without_a_field_stands_above_the_form_or_where_the_page_says():
    form = _form()
    with refusals_shown(form):
        raise Refused("Not now.")
    with refusals_shown(form, "note"):
        raise Refused("Not so.")
    assert form.non_field_errors() == ["Not now."]
    assert form.errors["note"] == ["Not so."]


def test_what_is_no_refusal_is_not_swallowed():
    with pytest.raises(ZeroDivisionError), refusals_shown(_form()):
        raise ZeroDivisionError


def test_a_page_shows_the_visible_fields_with_their_widths():
    assert _laid_out(_form()) == [("", [("name_en", "is-half"), ("note", "")])]


def test_fields_stand_in_their_sections_and_those_of_none_before_them():
    form = _form()
    form.sections = [("Words", ["note", "a field that is not there now"]), ("Nothing", [])]
    assert _laid_out(form) == [("", [("name_en", "is-half")]), ("Words", [("note", "")]), ("Nothing", [])]


def _laid_out(form):
    return [(head, [(field.name, width) for field, width in fields]) for head, fields in laid_out(form)]


@pytest.mark.parametrize("typed", ["", "x", "-1", "²", "١٢", "1.0", "9" * 5000, str(2**63), "\0", None])
def test_a_hidden_key_that_is_none_is_0(typed):
    assert KeyField().clean(typed) == 0


def test_a_hidden_key_is_read_up_to_what_a_database_takes():
    assert KeyField().clean(str(2**63 - 1)) == 2**63 - 1
