"""What the trader chooses about statements."""

from django import forms
from django.utils.translation import gettext_lazy as _

from depesa.statements.models import Settings
from depesa.ui.forms import SeenForm


class SettingsForm(SeenForm, forms.ModelForm):  # type: ignore[type-arg]
    """The choices about statements."""

    widths = {"sums_differ_by": "is-half"}

    class Meta:
        model = Settings
        fields = ("forms_by_itself", "sums_differ_by", "note", "small_untagged")
        widgets = {"note": forms.Textarea({"rows": 3})}
        help_texts = {
            "forms_by_itself": _("Past periods only; nothing is sent by itself."),
            "note": _("It stands on every statement that is formed from now on."),
            "small_untagged": _("About a third of the size. Customers who cannot see well cannot read such papers."),
        }
