"""What a person enters about operations, tasks and projects."""

import datetime as dt
from collections.abc import Mapping
from typing import Any, Final, override

from django import forms
from django.urls import reverse_lazy
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from depesa.core.inputs import read_key
from depesa.core.links import is_own_page, is_web_address
from depesa.core.models import PERIOD_KINDS
from depesa.core.periods import NotAPeriod, Period, PeriodKind
from depesa.customers.models import Customer
from depesa.customers.queries import meant_by
from depesa.mail.addresses import AddressError, split_addresses
from depesa.operations.models import Operation, Project, Task
from depesa.operations.services import prefilled
from depesa.operations.services.entry import FIELDS
from depesa.operations.services.tasks import PROJECT_FIELDS, TASK_FIELDS
from depesa.staff.models import User
from depesa.staff.rules import Role
from depesa.ui.forms import KeyField, KeysField, SeenForm

APART: Final = " · "  # between the code and the name of a customer in the field
LARGEST_FILE: Final = 15_000_000


class CustomerField(forms.CharField):
    """A customer by code, or by a name that only one has; suggestions come while one types."""

    def __init__(self, **options: Any) -> None:
        attrs = {
            "list": "customers",
            "autocomplete": "off",
            "hx-get": reverse_lazy("operations:customers"),
            "hx-trigger": "input changed delay:150ms",
            "hx-target": "#customers",
        }
        super().__init__(widget=forms.TextInput(attrs), label=_("Customer"), **options)

    @override
    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, int):
            value = Customer.objects.filter(pk=value).first()
        return f"{value.code}{APART}{value.name}" if isinstance(value, Customer) else value

    @override
    def clean(self, value: Any) -> Any:
        text = str(super().clean(value)).strip()
        if not text:
            return None
        if len(near := meant_by(text.partition(APART)[0].strip())) == 1:
            return near[0]
        raise forms.ValidationError(
            _now("Several customers begin like this. Type the code, or choose one of those that are suggested.")
            if near
            else _now("No customer has this code or name.")
        )


def _day_input() -> forms.DateInput:
    return forms.DateInput({"type": "date"}, format="%Y-%m-%d")


class OperationForm(SeenForm, forms.ModelForm):  # type: ignore[type-arg]
    """Every field of an operation; `version` is the one the person looked at."""

    customer = CustomerField(required=False)
    period_kind = forms.ChoiceField(
        label=_("Period"),
        choices=PERIOD_KINDS,
        required=False,
        help_text=_("What is reported: the month, quarter or year of the operation date, or the days chosen here."),
    )
    period_first_on = forms.DateField(label=_("First day"), required=False, widget=_day_input())
    period_last_on = forms.DateField(label=_("Last day"), required=False, widget=_day_input())
    brought_by = KeyField()  # the task whose defaults stand here

    class Meta:
        model = Operation
        fields = tuple(name for name in FIELDS if name not in {"period", "record"})
        widgets = {
            **{name: _day_input() for name in ("operation_on", "planned_start_on", "planned_end_on")},
            "addresses": forms.TextInput,
            "text": forms.Textarea({"rows": 3}),
            "letter_text": forms.Textarea({"rows": 10}),
        }
        labels = {"record_url": _("Record it concerns")}
        help_texts = {
            "operation_on": _("A day in the period that is reported."),
            "planned_start_on": _("When it is meant to be done; nothing starts by itself."),
            "addresses": _("Several addresses: separate them with a semicolon."),
            "record_url": _("The address of a page, for example /documents/7/."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._show_period()
        self._choices("manager").queryset = User.objects.filter(is_active=True).exclude(role=Role.NONE)
        followers = Task.objects.filter(task=read_key(str(self["task"].value() or "")))
        self._choices("next_task").queryset = followers
        self.fields["task"].widget.attrs |= {
            "hx-post": "",
            "hx-vals": '{"act": "defaults"}',
            "hx-trigger": "change",
            "hx-target": "#operation-form",
            "hx-select": "#operation-form",
            "hx-swap": "outerHTML",
        }

    def _show_period(self) -> None:
        self.fields["period_kind"].initial = self.instance.period_kind
        if self.instance.period_kind == PeriodKind.INTERVAL:
            self.fields["period_first_on"].initial = self.instance.period.first
            self.fields["period_last_on"].initial = self.instance.period.last

    def _choices(self, name: str) -> "forms.ModelChoiceField[Any]":
        field = self.fields[name]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - for the type checker
        return field

    def _post_clean(self) -> None:
        """The service saves the operation, not the form: the instance stays as it was read."""

    def clean_addresses(self) -> str:
        """The addresses as they were typed, if each of them is one."""
        text = str(self.cleaned_data["addresses"])
        try:
            split_addresses(text)
        except AddressError as problem:
            raise forms.ValidationError(str(problem)) from problem
        return text

    def clean_record_url(self) -> str:
        """The address of a page of this desk or of the web."""
        link = str(self.cleaned_data["record_url"]).strip()
        if link and not (is_web_address(link) or is_own_page(link)):
            raise forms.ValidationError(_now("Write the address of a page: /documents/7/ or https://…"))
        return link

    @override
    def clean(self) -> dict[str, Any]:
        """The period that is meant, as `period`."""
        values = super().clean() or self.cleaned_data
        try:
            values["period"] = self._period_in(values)
        except NotAPeriod:
            where = "period_last_on" if values.get("period_kind") == PeriodKind.INTERVAL else "operation_on"
            self.add_error(where, _now("Choose a day between 1900 and 2199."))
        return values

    def _period_in(self, values: Mapping[str, Any]) -> Period | None:
        kind = PeriodKind(values.get("period_kind") or self.instance.period_kind)
        if kind != PeriodKind.INTERVAL:
            return Period.of(values["operation_on"], kind) if values.get("operation_on") else None
        first, last = values.get("period_first_on"), values.get("period_last_on")
        if first and last and first <= last:
            return Period.interval(first, last + dt.timedelta(days=1))
        if not {"period_first_on", "period_last_on"} & self.errors.keys():
            self.add_error("period_last_on", _now("Choose a first day, and a last day not before it."))
        return None

    @property
    def entered(self) -> dict[str, Any]:
        """The fields as the service takes them."""
        return {name: self.cleaned_data[name] for name in (*self.Meta.fields, "period")}


def with_defaults(typed: Mapping[str, Any]) -> dict[str, Any]:
    """What was typed, with the defaults of the chosen task in place of those that another task had brought."""
    task = Task.objects.select_related("project").filter(pk=read_key(typed.get("task"))).first()
    before = Task.objects.select_related("project").filter(pk=read_key(typed.get("brought_by"))).first()
    words = {name: str(value) for name, value in typed.items()}
    for name, value in _as_words(prefilled({"task": before}) if before else {}).items():
        if words.get(name) == value:
            words[name] = ""
    project = Project.objects.filter(pk=read_key(words.get("project"))).first()
    brought = _as_words(prefilled({"task": task, "project": project}))
    filled = {name: words.get(name) or value for name, value in brought.items()}
    return words | filled | {"brought_by": str(task.pk) if task else "", "next_task": ""}


def _as_words(values: Mapping[str, Any]) -> dict[str, str]:
    """The values as a form sends them; the task itself is left out."""
    words = {}
    for name, value in values.items():
        if isinstance(value, Customer):
            words[name] = f"{value.code}{APART}{value.name}"
        elif name != "task":
            words[name] = str(getattr(value, "pk", value) or "")
    return words


class AttachmentForm(forms.Form):
    """A file or a link; one of the two."""

    file = forms.FileField(label=_("File"), required=False)
    link = forms.CharField(label=_("or a link"), required=False, max_length=500)
    name = forms.CharField(label=_("Name"), required=False, max_length=150)

    @override
    def clean(self) -> dict[str, Any]:
        """Exactly one of file and link, and a file that a letter can carry."""
        values = super().clean() or self.cleaned_data
        file, link = values.get("file"), values.get("link")
        if not file and not link and not self.errors:
            self.add_error("file", _now("Choose a file or write a link."))
        if file and file.size > LARGEST_FILE:
            self.add_error(
                "file", _now("The file is larger than 15 MB. Mail servers refuse such letters; send a link.")
            )
        return values


class TaskForm(SeenForm, forms.ModelForm):  # type: ignore[type-arg]
    """A task: its name, defaults, and what may follow it."""

    widths = dict.fromkeys(("name", "code", "project", "manager", "customer"), "is-half")

    customer = CustomerField(required=False)

    class Meta:
        model = Task
        fields = (*TASK_FIELDS, "successors")
        widgets = {"successors": forms.CheckboxSelectMultiple, "text": forms.Textarea({"rows": 3})}
        field_classes = {"successors": KeysField}
        help_texts = {
            "successors": _("What may be chosen to follow after posting."),
            "code": _("Letters, digits and hyphens."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].disabled = bool(self.instance.pk and self.instance.runs)


class ProjectForm(SeenForm, forms.ModelForm):  # type: ignore[type-arg]
    """A project: its name and defaults."""

    widths = dict.fromkeys(("name", "code", "manager", "customer"), "is-half")

    customer = CustomerField(required=False)

    class Meta:
        model = Project
        fields = PROJECT_FIELDS
        widgets = {"text": forms.Textarea({"rows": 3})}
        help_texts = {"code": _("Letters, digits and hyphens.")}
