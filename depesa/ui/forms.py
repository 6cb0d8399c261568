"""Forms of pages: what a verb refuses stands at its field, and one page shows every form of fields and a button."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, NamedTuple, override

from django import forms
from django.forms import BoundField
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render, resolve_url

from depesa.core.errors import DomainError, Faults
from depesa.core.inputs import read_key
from depesa.ui.parts import Text

PAGE: Final = "ui/form_page.html"


class Back(NamedTuple):
    """Where the page of a form leads back to: the name of the page, and its address, model or name of address."""

    label: Text
    to: Any


class KeyField(forms.IntegerField):
    """The key of a row, sent along unseen; 0, which no row has, where none came."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"required": False, "widget": forms.HiddenInput, **options})

    @override
    def clean(self, value: Any) -> int:
        return read_key(str(value or ""))


class VersionField(KeyField):
    """The version of a row that the person saw, sent along unseen; 0 where none came."""


@dataclass(frozen=True, slots=True)
class _Refusals:
    """What verbs refuse inside the block ends it and stands at the fields of the form."""

    form: forms.BaseForm
    place: str

    def __enter__(self) -> None:
        pass

    def __exit__(self, _kind: type[BaseException] | None, problem: BaseException | None, _trace: object) -> bool:
        if isinstance(problem, DomainError):
            show_refusal(self.form, problem, self.place)
            return True
        return False


def refusals_shown(form: forms.BaseForm, place: str = "") -> _Refusals:
    """Run verbs for a form in this block; after a refusal, shown at its field, the code behind the block goes on."""
    return _Refusals(form, place)


def show_refusal(form: forms.BaseForm, problem: DomainError, place: str = "") -> None:
    """Put each sentence at its field, one that names no field at `place`; what the form lacks stands above it.

    A form may say in `places` at which field a fault of another name is shown.
    """
    places: Mapping[str, str] = getattr(form, "places", {})
    by_field = problem.by_field if isinstance(problem, Faults) else {place: str(problem)}
    for name, sentence in by_field.items():
        at = places.get(name, name)
        form.add_error(at if at in form.fields else None, sentence)


def posted(request: HttpRequest) -> QueryDict | None:
    """What was sent, even if it is nothing; None while nothing was."""
    return request.POST if request.method == "POST" else None


def answer_form(
    request: HttpRequest,
    form: forms.BaseForm,
    title: Text,
    back: Back,
    template: str = "ui/form_page.html",
    **more: Any,
) -> HttpResponse:
    """The page of a form; a template of an app extends that of the ui and writes its `fields`, or what is below."""
    shown = {"form": form, "title": title, "back": back, "back_url": resolve_url(back.to), **more}
    return render(request, template, shown, status=422 if form.errors else 200)


def laid_out(form: forms.BaseForm) -> list[tuple[BoundField, str]]:
    """The fields that a person sees, each with its width: `widths` of the form says which are no whole lines."""
    widths: Mapping[str, str] = getattr(form, "widths", {})
    return [(field, widths.get(field.name, "")) for field in form.visible_fields()]
