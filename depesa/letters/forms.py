"""What people type into a system e-mail."""

from django import forms
from django.utils.translation import gettext_lazy as _

from depesa.letters.models import SystemEmailText
from depesa.letters.services import Changed, NotUsable, save
from depesa.staff.models import User


class TextForm(forms.Form):
    """Subject and text in one language; what cannot work is said by the services, with line and column."""

    subject = forms.CharField(label=_("Subject"), strip=False, widget=forms.TextInput)
    body = forms.CharField(
        label=_("Text"),
        strip=False,
        widget=forms.Textarea(attrs={"rows": 22, "spellcheck": "true", "class": "letter-source"}),
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def save(self, text: SystemEmailText, by: User) -> SystemEmailText | None:
        """The text as saved, or nothing: then the problems stand at the fields."""
        values = self.cleaned_data
        try:
            return save(text, values["subject"], values["body"], by=by, version=values["version"])
        except NotUsable as refusal:
            for problem in refusal.problems:
                self.add_error(problem.part, str(problem))
        except Changed as refusal:
            self.add_error(None, str(refusal))
            if refusal.now is not None:
                self.data = {**dict(self.data.items()), "version": refusal.now.version}  # a second save is meant
        return None


class PreviewForm(forms.Form):
    """For whom a preview is made."""

    subject = forms.CharField(required=False, strip=False)
    body = forms.CharField(required=False, strip=False)
    customer = forms.CharField(label=_("With the data of"), required=False, max_length=200)
    is_revision = forms.BooleanField(label=_("as a correction"), required=False)
