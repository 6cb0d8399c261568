"""Forms of number series and closed books."""

from django import forms
from django.utils.translation import gettext_lazy as _

from depesa.documents.models import Books, NumberSeries
from depesa.documents.services.numbers import FIELDS
from depesa.ui.forms import SeenForm


class SeriesForm(SeenForm, forms.ModelForm):  # type: ignore[type-arg]
    widths = dict.fromkeys(FIELDS, "is-third")

    class Meta:
        model = NumberSeries
        fields = FIELDS
        labels = {"last": _("Last number given")}
        help_texts = {
            "prefix": _("Stands before the number, for example 2026/."),
            "year": _("Empty: for documents of any year."),
            "last": _("0 for a new series; the next number is one higher."),
        }


class BooksForm(SeenForm, forms.ModelForm):  # type: ignore[type-arg]
    """Until when the books are closed."""

    class Meta:
        model = Books
        fields = ("closed_until",)
        widgets = {"closed_until": forms.DateInput({"type": "date"}, "%Y-%m-%d")}
