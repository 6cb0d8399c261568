"""Forms of the settings: states and invoicing."""

from typing import Any, Self, override

from django import forms
from django.db.models import Q
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from depesa.emails.models import SystemEmail
from depesa.emails.queries import title_of
from depesa.orders.models import AutomaticInvoice, Invoicing, State
from depesa.ui.forms import InLanguages, SeenForm, Words

ABOUT_ORDERS = Q(context="order")


class EmailField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A system e-mail, called as it is in its list."""

    @override
    def label_from_instance(self, obj: Any) -> str:
        return str(title_of(obj))


def _begin_large(form: forms.Form) -> None:
    """Names of fields begin a line, so with a capital; the words of a tick follow it."""
    for field in form.fields.values():
        if not isinstance(field, forms.BooleanField):
            field.label = capfirst(field.label)


class StateForm(InLanguages):
    """A state: a name in each language, colour, place, letter, what it marks."""

    texts = {"names": Words("name", _("Name"), 80)}

    colour = forms.CharField(
        label=_("colour"), max_length=7, widget=forms.TextInput(attrs={"type": "color"}), initial="#2563eb"
    )
    position = forms.IntegerField(
        label=_("place in the list"), min_value=0, max_value=9999, help_text=_("Smaller numbers stand first.")
    )
    system_email = EmailField(
        label=_("system e-mail"),
        queryset=SystemEmail.objects.filter(ABOUT_ORDERS, is_preset=False).order_by("name"),
        required=False,
        empty_label=_("no letter"),
        help_text=_("Leaves when an order changes to this state."),
    )
    marks_paid = forms.BooleanField(label=_("mark paid"), required=False)
    marks_resolved = forms.BooleanField(label=_("mark resolved"), required=False)

    def __init__(self, *args: Any, state: State, **kwargs: Any) -> None:
        initial = {name: getattr(state, name) for name in ("colour", "position", "marks_paid", "marks_resolved")}
        self.instance = state
        super().__init__(*args, **{"initial": initial | {"system_email": state.system_email_id}, **kwargs})
        _begin_large(self)
        if state.is_bound:
            self.fields["system_email"].disabled = True
            self.fields["system_email"].help_text = _(
                "Cannot be chosen here: which letter a new order gets is decided by how it was ordered and paid."
            )

    @override
    def again(self, now: State) -> Self:
        return type(self)(state=now)

    @property
    def values(self) -> dict[str, Any]:
        """What the service takes."""
        names = ("colour", "position", "system_email", "marks_paid", "marks_resolved")
        return {name: self.cleaned_data[name] for name in names} | self.written


class ReplacementForm(SeenForm):
    """To which state the orders of a deleted one move."""

    replacement = forms.ModelChoiceField(
        label=_("orders in it move to"), queryset=State.objects.none(), required=False, empty_label=_("choose")
    )

    def __init__(self, *args: Any, instance: State) -> None:
        self.instance = instance
        super().__init__(*args)
        _begin_large(self)
        field: Any = self.fields["replacement"]
        field.queryset = State.objects.exclude(pk=instance.pk)


class InvoicingForm(SeenForm):
    """Automatic invoice, the letter after it, due days, register note."""

    widths = {"system_email": "is-half", "due_days": "is-third"}

    automatic = forms.ChoiceField(
        label=_("generate the invoice"), choices=AutomaticInvoice.choices, required=False, widget=forms.RadioSelect
    )
    system_email = EmailField(
        label=_("system e-mail after an invoice is generated"),
        queryset=SystemEmail.objects.filter(ABOUT_ORDERS, is_preset=False).order_by("name"),
        required=False,
        empty_label=_("no letter"),
        help_text=_("By hand, in bulk and by itself alike. Tick the invoice among its attachments."),
    )
    due_days = forms.IntegerField(label=_("days until an invoice is due"), min_value=0, max_value=365)
    register_note = forms.CharField(
        label=_("entry in the register, printed on documents"), max_length=300, required=False
    )

    def __init__(self, *args: Any, invoicing: Invoicing, **kwargs: Any) -> None:
        initial = {n: getattr(invoicing, n) for n in ("automatic", "due_days", "register_note", "version")}
        initial["system_email"] = invoicing.system_email_id
        super().__init__(*args, **{"initial": initial, **kwargs})
        _begin_large(self)

    @override
    def again(self, now: Invoicing) -> Self:
        return type(self)(invoicing=now)
