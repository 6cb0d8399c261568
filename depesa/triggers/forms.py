"""What the trader chooses about letters that changes cause."""

from django import forms
from django.core.validators import MaxValueValidator
from django.utils.translation import gettext_lazy as _

from depesa.triggers.models import Settings
from depesa.ui.forms import SeenForm

LONGEST_HOLD = 3600


class SettingsForm(SeenForm, forms.ModelForm):  # type: ignore[type-arg]
    """The choices about letters that changes cause."""

    widths = {"hold": "is-half"}

    class Meta:
        model = Settings
        fields = ("hold",)
        help_texts = {
            "hold": _(
                "So long a letter can be taken back, and changes that follow each other become one. "
                "0: letters leave at once."
            )
        }

    def __init__(self, *args: object, **more: object) -> None:
        super().__init__(*args, **more)
        self.fields["hold"].validators.append(
            MaxValueValidator(LONGEST_HOLD, _("This is more than an hour. Enter %(limit_value)s seconds at most."))
        )
