"""What people type into a system e-mail."""

from typing import Any, Final, override

from django import forms
from django.utils.translation import gettext_lazy as _

from depesa.documents.models import DocumentType
from depesa.emails.models import Editor, SystemEmail, SystemEmailText
from depesa.emails.placeholders import contexts
from depesa.emails.services import NotUsable, Setting, save, spoken
from depesa.mail.addresses import AddressError, check_address
from depesa.staff.models import User
from depesa.ui.forms import KeysField, SeenForm, VersionedForm, refusals_shown

_SOURCE: Final = {"class": "letter-source", "autocapitalize": "off", "autocomplete": "off"}


class TextForm(VersionedForm):
    """Subject, HTML and text part in one language; what cannot work is said by the services, with line and column."""

    subject = forms.CharField(label=_("Subject"), strip=False, widget=forms.TextInput(attrs={"data-inserts": "yes"}))
    editor = forms.ChoiceField(label=_("Editor"), choices=Editor, required=False, widget=forms.RadioSelect)
    html = forms.CharField(
        label=_("HTML part"),
        strip=False,
        required=False,
        widget=forms.Textarea(attrs={"rows": 22, "spellcheck": "false", "data-inserts": "yes", **_SOURCE}),
    )
    body = forms.CharField(
        label=_("Text part"),
        strip=False,
        widget=forms.Textarea(attrs={"rows": 14, "spellcheck": "true", "data-inserts": "yes", **_SOURCE}),
        help_text=_("For readers and programs that show no HTML. Every letter has it."),
    )

    @override
    def clean(self) -> dict[str, Any]:
        """Without an HTML part of its own the letter is made from the text part."""
        values = super().clean() or self.cleaned_data
        if values.get("editor") == Editor.TEXT:
            values["html"] = ""
        elif values.get("editor") == Editor.VISUAL:
            values["html"] = spoken(values.get("html", ""))
        return values

    def save(self, text: SystemEmailText, by: User) -> SystemEmailText | None:
        """The text as saved, or nothing: then the problems stand at the fields."""
        with refusals_shown(self):
            try:
                return save(text, **self.cleaned_data, by=by)
            except NotUsable as refusal:
                for problem in refusal.problems:
                    self.add_error(problem.part, str(problem))
        return None


class PreviewForm(forms.Form):
    """For whom a preview is made, and how it is looked at."""

    subject = forms.CharField(required=False, strip=False)
    editor = forms.CharField(required=False)
    html = forms.CharField(required=False, strip=False)
    body = forms.CharField(required=False, strip=False)
    customer = forms.CharField(label=_("With the data of"), required=False, max_length=200)
    is_revision = forms.BooleanField(label=_("as a correction"), required=False)
    scheme = forms.CharField(required=False, max_length=10)


class EmailForm(SeenForm, forms.ModelForm):  # type: ignore[type-arg]
    """What holds for a system e-mail in all its languages."""

    document_types = KeysField(
        label=_("Attached documents"),
        queryset=DocumentType.objects.all(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("One that is missing when the letter leaves is generated; accounting documents are left out."),
    )

    class Meta:
        model = SystemEmail
        fields = ("name", "is_active", "description", "sender", "hidden_copy", "document_types")
        widgets = {"description": forms.Textarea(attrs={"rows": 2})}
        help_texts = {
            "sender": _("Empty: the address of the mail server. Otherwise one that its owner has confirmed."),
            "hidden_copy": _("Gets every letter; customers do not see it."),
            "is_active": _("Switched off, it is never sent by itself."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.is_preset:
            del self.fields["name"]
        if self.instance.context != "order":
            del self.fields["document_types"]

    def clean_hidden_copy(self) -> str:
        """One address."""
        return _address(self.cleaned_data["hidden_copy"])

    def setting(self) -> Setting:
        """What was typed, for the service."""
        values = self.cleaned_data
        return Setting(
            name=values.get("name", self.instance.name),
            is_active=values["is_active"],
            description=values["description"],
            sender=values["sender"],
            hidden_copy=values["hidden_copy"],
            document_types=values.get("document_types", ()),
        )


class NewEmailForm(forms.Form):
    """One's own system e-mail: its name, and what it is about."""

    widths = {"name": "is-half", "context": "is-half"}

    name = forms.CharField(label=_("Name"), max_length=120)
    context = forms.ChoiceField(
        label=_("About"),
        choices=lambda: [(context.code, context.name) for context in contexts()],
        help_text=_("It decides which placeholders there are."),
    )


class FileForm(forms.Form):
    """A file that goes with every letter."""

    file = forms.FileField(label=_("File"), help_text=_("For example the terms of trade as PDF; up to 15 MB."))


class PasteForm(forms.Form):
    """A template from elsewhere."""

    context = forms.ChoiceField(
        label=_("About"), choices=lambda: [(context.code, context.name) for context in contexts()]
    )
    source = forms.CharField(
        label=_("Template"),
        strip=False,
        max_length=256 * 1024,
        widget=forms.Textarea(attrs={"rows": 14, "spellcheck": "false", **_SOURCE}),
    )


def _address(typed: str) -> str:
    try:
        return check_address(typed).text if typed.strip() else ""
    except AddressError as problem:
        raise forms.ValidationError(str(problem)) from problem
