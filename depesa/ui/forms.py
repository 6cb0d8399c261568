"""Forms of pages: what a verb refuses stands at its field, and one page shows every form of fields and a button."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple, Self, override

from django import forms
from django.contrib import messages
from django.forms import BoundField
from django.forms.widgets import ChoiceWidget
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render, resolve_url
from django.utils.text import format_lazy
from django.utils.translation import gettext as _

from depesa.core.edits import Editable, Overtaken
from depesa.core.errors import DomainError, Faults
from depesa.core.inputs import read_key
from depesa.core.languages import choices, codes
from depesa.core.presses import once
from depesa.ui.parts import Text


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


class KeysField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    """Some of several rows; what can be the key of no row is refused before the database is asked."""

    @override
    def clean(self, value: Any) -> Any:
        for each in value if isinstance(value, list | tuple) else ():
            if not read_key(str(each)):
                raise forms.ValidationError(self.error_messages["invalid_pk_value"], params={"pk": f"{each:.20}"})
        return super().clean(value)


PRESS: Final = re.compile(r"[0-9a-f]{32}")
_UNSEEN: Final = (forms.FileInput, forms.PasswordInput)  # a page never shows what stands there


class VersionedForm(forms.Form):
    """A form of a versioned text: the version that was seen travels along."""

    version = VersionField()

    def meet(self, now: Editable) -> None:
        """Somebody was faster: the page shows both texts, and saving once more is meant."""
        self.data = {**dict(self.data.items()), "version": now.version}


class SeenForm(VersionedForm):
    """A form of an editable row: its version and what the fields showed when the page was opened travel along."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if (row := getattr(self, "instance", None)) is not None:
            self.initial.setdefault("version", row.version)

    @override
    def __getitem__(self, name: str) -> BoundField:
        field = self.fields[name]
        field.show_hidden_initial = not (field.disabled or field.widget.is_hidden or isinstance(field.widget, _UNSEEN))
        return super().__getitem__(name)

    @property
    def seen(self) -> int | None:
        """The version that was seen; None where a program sent none, and means the row as it is."""
        return self.cleaned_data["version"] or None

    def again(self, now: Any) -> Self:
        """The same form, unbound, of the row as it is now."""
        return type(self)(instance=now)

    def meet(self, now: Editable) -> None:
        """Somebody was faster: what was not touched shows what stands there now, the rest stays as it was typed.

        Where both changed a field, the other's value is said at it. Saving once more is then meant.
        """
        touched, fresh, data = set(self.changed_data), self.again(now), self.data.copy()  # type: ignore[attr-defined]
        for name, field in self.fields.items():
            if not self[name].field.show_hidden_initial:
                continue
            theirs, place = fresh[name].value(), self[name].html_initial_name
            there_now = _sent(field.hidden_widget(), theirs)
            if name not in touched:
                data.setlist(self.add_prefix(name), _sent(field.widget, theirs))
            elif place in data and _with_plain_ends(data.getlist(place)) != _with_plain_ends(there_now):
                self.add_error(name, _("Now it says: %(value)s") % {"value": _said(fresh[name]) or "–"})
            data.setlist(place, there_now)
        data[self.add_prefix("version")] = str(now.version)
        self.data = data


@dataclass(frozen=True, slots=True)
class Words:
    """A text in each language: how its fields are called, their label, the longest text, the lines to write it in."""

    field: str
    label: Text
    most: int
    rows: int = 1

    @property
    def fields(self) -> list[str]:
        """The names of its fields, in the order of the languages."""
        return [f"{self.field}_{language}" for language in codes()]

    def field_in(self, language: Text, written: str) -> forms.CharField:
        widget = forms.Textarea({"rows": self.rows}) if self.rows > 1 else forms.TextInput()
        label = format_lazy("{}: {}", self.label, language)
        return forms.CharField(label=label, required=False, max_length=self.most, initial=written, widget=widget)


class InLanguages(SeenForm):
    """A form of a row some of whose texts, by their name in the row, are written in each language."""

    instance: Any
    texts: Mapping[str, Words]

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name, text in self.texts.items():
            kept = getattr(self.instance, name)
            for field, (language, word) in zip(text.fields, choices(), strict=True):
                self.fields[field] = text.field_in(word, kept.get(language, ""))

    @property
    def in_languages(self) -> dict[str, list[BoundField]]:
        """The fields of each text."""
        return {name: [self[field] for field in text.fields] for name, text in self.texts.items()}

    @property
    def written(self) -> dict[str, dict[str, str]]:
        return {
            name: {code: self.cleaned_data[field] for code, field in zip(codes(), text.fields, strict=True)}
            for name, text in self.texts.items()
        }

    @property
    def places(self) -> dict[str, str]:
        """What is wrong with a text in all languages stands at the first of them."""
        return {name: text.fields[0] for name, text in self.texts.items()}


def _sent(widget: forms.Widget, value: Any) -> list[str]:
    """The value as a browser would send it."""
    if isinstance(widget, forms.CheckboxInput):
        return ["on"] if value else []
    written = widget.format_value(value)
    many: Sequence[Any] = written if isinstance(written, list | tuple) else [written]
    return ["" if each is None else str(each) for each in many]


def _with_plain_ends(values: Sequence[str]) -> list[str]:
    return [value.replace("\r\n", "\n") for value in values]


def _said(field: BoundField) -> str:
    """What a field shows, in words."""
    value, widget = field.value(), field.field.widget
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    written = _sent(widget, value)
    if isinstance(widget, ChoiceWidget):
        groups = widget.optgroups(field.name, written)
        words = {str(option["value"]): option["label"] for _group, options, _place in groups for option in options}
        written = [str(words.get(each, each)) for each in written]
    return ", ".join(written)


@dataclass(frozen=True, slots=True)
class _Refusals:
    """What verbs refuse inside the block ends it and is shown."""

    show: Callable[[DomainError], None]

    def __enter__(self) -> None:
        pass

    def __exit__(self, _kind: type[BaseException] | None, problem: BaseException | None, _trace: object) -> bool:
        if isinstance(problem, DomainError):
            self.show(problem)
            return True
        return False


def refusals_shown(form: forms.BaseForm, place: str = "") -> _Refusals:
    """Run verbs for a form in this block; after a refusal, shown at its field, the code behind the block goes on."""
    return _Refusals(lambda problem: show_refusal(form, problem, place))


def refusals_told(request: HttpRequest) -> _Refusals:
    """The same for verbs of a button, without a form: a refusal is told on the next page."""
    return _Refusals(lambda problem: messages.error(request, str(problem)))


def show_refusal(form: forms.BaseForm, problem: DomainError, place: str = "") -> None:
    """Put each sentence at its field, one that names no field at `place`; what the form lacks stands above it.

    A form may say in `places` at which field a fault of another name is shown.
    """
    if isinstance(problem, Overtaken) and isinstance(form, VersionedForm):
        form.meet(problem.now)
    places: Mapping[str, str] = getattr(form, "places", {})
    by_field = problem.by_field if isinstance(problem, Faults) else {place: str(problem)}
    for name, sentence in by_field.items():
        at = places.get(name, name)
        form.add_error(at if at in form.fields else None, sentence)


def seen_in(request: HttpRequest) -> int | None:
    """The version that was seen, where a page sends no form but a button; None where a program sent none."""
    return read_key(request.POST.get("version")) or None


def posted(request: HttpRequest) -> QueryDict | None:
    """What was sent, even if it is nothing; None while nothing was."""
    return request.POST if request.method == "POST" else None


def pressed[Made](request: HttpRequest, make: Callable[[], Made]) -> Made | Any:
    """What the button of the form makes; pressed again on the same page (see the tag `press`), what it made then."""
    key = request.POST.get("press", "")
    if not PRESS.fullmatch(key):
        return make()
    return once(f"{request.user.pk or 0}:{key}", make)


def saved(request: HttpRequest, form: forms.BaseForm, save: Callable[[], object]) -> bool:
    """Whether what was sent is saved now: it is right, and no verb refused it."""
    if form.is_valid():
        with refusals_shown(form):
            pressed(request, save)
            messages.success(request, _("Saved."))
            return True
    return False


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


def show_secret(request: HttpRequest, secret: str, label: Text, title: Text, back: Back) -> HttpResponse:
    """The page that shows a new secret, once."""
    shown = {"secret": secret, "label": label, "title": title, "back": back, "back_url": resolve_url(back.to)}
    return render(request, "ui/secret.html", shown)


class Section(NamedTuple):
    """Fields that stand together on a page, each with its width, under a heading or, first of all, without one."""

    heading: Text
    fields: list[tuple[BoundField, str]]


def laid_out(form: forms.BaseForm) -> list[Section]:
    """The fields that a person sees, as the form says: `widths` of those that are no whole line, and `sections`.

    A field that stands in no section stands before them, so that a new field of a form is on its page without a word.
    """
    widths: Mapping[str, str] = getattr(form, "widths", {})
    sections: Sequence[tuple[Text, Sequence[str]]] = getattr(form, "sections", ())
    seen = {field.name: (field, widths.get(field.name, "")) for field in form.visible_fields()}
    named = {name for _heading, names in sections for name in names}
    first = [name for name in seen if name not in named]
    return [Section(head, [seen[name] for name in names if name in seen]) for head, names in (("", first), *sections)]
