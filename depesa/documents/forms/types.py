"""Forms of document types and their templates."""

from typing import Any, Final, Self, override

from django import forms
from django.utils.translation import gettext_lazy as _

from depesa.documents import services
from depesa.documents.models import OTHER, DocumentTemplate, DocumentType, NumberSeries
from depesa.staff.models import User
from depesa.ui.forms import InLanguages, VersionedForm, Words, refusals_shown

FLAGS: Final = ("has_due_on", "has_tax_on", "shows_prices", "asks_payment")


class SeriesField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A number series, with the number that comes next."""

    def label_from_instance(self, obj: Any) -> str:
        """The code and the next number."""
        return f"{obj.code} ({obj.preview or '–'})"


class TypeForm(InLanguages):
    """A document type: names per language, numbers, what it prints."""

    texts = {"names": Words("name", _("Name"), 60)}

    code = forms.CharField(
        label=_("Code"),
        max_length=40,
        help_text=_("For scripts and templates, for example delivery-note. It stays."),
    )
    position = forms.IntegerField(label=_("Position"), min_value=0, max_value=32_000, required=False)
    series = SeriesField(
        NumberSeries.objects.none(), label=_("Number series"), required=False, empty_label=_("without numbers")
    )
    new_prefix = forms.CharField(
        label=_("or a new series with the prefix"), max_length=20, required=False, help_text=_("For example DN.")
    )
    has_due_on = forms.BooleanField(label=_("has a due date"), required=False)
    has_tax_on = forms.BooleanField(label=_("has a tax date"), required=False)
    shows_prices = forms.BooleanField(label=_("shows prices"), required=False, initial=True)
    asks_payment = forms.BooleanField(label=_("asks for payment, with a QR code while it is not paid"), required=False)

    def __init__(self, *args: Any, kind: DocumentType, **kwargs: Any) -> None:
        self.instance = kind
        super().__init__(*args, **kwargs)
        wanted = kind.books or OTHER
        series: Any = self.fields["series"]
        series.queryset = NumberSeries.objects.filter(type__in=[wanted, ""]).order_by("code")
        if kind.pk:
            self.fields["code"].disabled = True

    @override
    def again(self, now: DocumentType) -> Self:
        return type(self)(kind=now, initial=self.values_of(now))

    @property
    @override
    def places(self) -> dict[str, str]:
        return {**super().places, "prefix": "new_prefix"}

    @classmethod
    def values_of(cls, kind: DocumentType) -> dict[str, Any]:
        rest = {name: getattr(kind, name) for name in (*FLAGS, "code", "version", "position")}
        return {**rest, "series": kind.series_id, "position": kind.position if kind.pk else None}

    def save(self, by: User) -> DocumentType | None:
        """The type as saved, or nothing: then what is wrong stands at the fields."""
        given = self.cleaned_data
        values = {name: given[name] for name in (*FLAGS, "series")}
        if given["position"] is not None:
            values["position"] = given["position"]
        with refusals_shown(self):
            if not self.instance.pk:
                return services.add_type(
                    given["code"], self.written["names"], by=by, prefix=given["new_prefix"], values=values
                )
            changed, version = values | self.written, given["version"]
            return services.change_type(self.instance, changed, by=by, version=version, prefix=given["new_prefix"])
        return None


class TemplateForm(VersionedForm):
    """The Typst source of a template; what cannot be printed is said with line and column."""

    source = forms.CharField(
        label=_("Source (Typst)"),
        strip=False,
        widget=forms.Textarea(attrs={"rows": 30, "spellcheck": "false", "class": "code-source", "wrap": "off"}),
    )

    def save(self, template: DocumentTemplate, by: User) -> DocumentTemplate | None:
        """The template as saved, or nothing: then the problem stands at the source."""
        with refusals_shown(self):
            return services.save_template(template, **self.cleaned_data, by=by)
        return None
