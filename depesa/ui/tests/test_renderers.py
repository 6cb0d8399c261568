"""Inputs and lists of options are written as Django's templates write them, only faster."""

from datetime import date
from decimal import Decimal

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy

from depesa.ui.renderers import INPUTS, SELECT, FormRenderer

CHOICES = [
    ("", "—"),
    ("a&b", "<b>Ž</b>"),
    (3, gettext_lazy("Customer")),
    ("Group <1>", [("x", mark_safe("&amp;")), (None, "y")]),
]
ATTRS = {
    "required": True,
    "disabled": False,
    "data-x": "a\"b<'>&",
    "maxlength": 12,
    "aria-label": gettext_lazy("Name"),
    "id": "id_x",
}
VALUES = [None, "", "a\"b<'>&", mark_safe("&amp;"), 7, Decimal("1.50"), date(2011, 6, 1), gettext_lazy("Name")]
WIDGETS = [
    forms.TextInput(), forms.EmailInput(), forms.URLInput(), forms.NumberInput(), forms.HiddenInput(),
    forms.TimeInput(),
    forms.PasswordInput(render_value=True), forms.DateInput(), forms.CheckboxInput(), forms.Select(choices=CHOICES),
]  # fmt: skip


@pytest.mark.parametrize("widget", WIDGETS, ids=lambda widget: type(widget).__name__)
def test_written_as_by_django(widget):
    assert widget.template_name in {*INPUTS, SELECT}
    for value in [*VALUES, "a&b", "3", "x"]:
        by_django = widget.render("na<me", value, ATTRS, DjangoTemplates())
        assert widget.render("na<me", value, ATTRS, FormRenderer()) == by_django
        assert widget.render("name", value, None, FormRenderer()) == widget.render(
            "name", value, None, DjangoTemplates()
        )
