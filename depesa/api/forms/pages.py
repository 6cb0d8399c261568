"""What is typed on the pages under Settings → API and webhooks."""

import re

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from depesa.api.models import ApiToken, Scope, Source, Topic
from depesa.api.services.tokens import usual_end
from depesa.orders.models import State
from depesa.ui.forms import SeenForm

_PAIR = re.compile(r"^\s*([^=]{1,40}?)\s*=\s*(\S*)\s*$")


class TokenForm(forms.ModelForm):  # type: ignore[type-arg]
    """A token to be made."""

    widths = {"name": "is-half", "ends_on": "is-half"}

    scopes = forms.MultipleChoiceField(
        label=gettext_lazy("It may"),
        choices=Scope.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Never more than you may yourself, now and later."),
    )
    ends_on = forms.DateField(
        label=gettext_lazy("Last day"), initial=usual_end, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )

    class Meta:
        model = ApiToken
        fields = ("name", "ends_on", "scopes")


class SubscriptionForm(forms.Form):
    """An address that is to be told."""

    widths = {"url": "is-half", "topics": "is-half"}

    url = forms.CharField(
        label=gettext_lazy("Address"), max_length=500, help_text=gettext_lazy("It begins with https://.")
    )
    topics = forms.MultipleChoiceField(
        label=gettext_lazy("Tells of"), choices=Topic.choices, widget=forms.CheckboxSelectMultiple
    )


class SourceForm(SeenForm, forms.ModelForm):  # type: ignore[type-arg]
    """A shop that tells us."""

    widths = dict.fromkeys(("name", "system", "sends_emails", "is_active", "secret", "table"), "is-half")

    secret = forms.CharField(
        label=gettext_lazy("Secret"),
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text=gettext_lazy("With it the shop signs what it tells. Empty: it stays as it is."),
    )
    table = forms.CharField(
        label=gettext_lazy("States"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=gettext_lazy("One a line: the shop's word = code of our state. Nothing after = means: move nothing."),
    )

    class Meta:
        model = Source
        fields = ("name", "system", "sends_emails", "is_active")

    def __init__(self, *args: object, **more: object) -> None:
        super().__init__(*args, **more)
        self.fields["table"].initial = "\n".join(f"{word} = {code}" for word, code in self.instance.states.items())

    def clean_table(self) -> dict[str, str]:
        """The table of states; each line names a state that is there."""
        known = set(State.objects.values_list("code", flat=True))
        found: dict[str, str] = {}
        for number, line in enumerate(self.cleaned_data["table"].splitlines(), start=1):
            if not line.strip():
                continue
            pair = _PAIR.match(line)
            if pair is None:
                raise forms.ValidationError(
                    _("Line %(n)s: write the shop's word, then =, then the code of our state."), params={"n": number}
                )
            if pair[2] and pair[2] not in known:
                raise forms.ValidationError(
                    _("Line %(n)s: there is no state “%(code)s”. There are: %(known)s."),
                    params={"n": number, "code": pair[2], "known": ", ".join(sorted(known))},
                )
            found[pair[1]] = pair[2]
        return found
