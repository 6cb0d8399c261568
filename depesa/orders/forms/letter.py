"""What stands in the window for a letter; nothing is required while it is being written."""

from collections.abc import Mapping
from typing import Final, Self

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from depesa.core.errors import Faults
from depesa.orders.models import LetterDraft
from depesa.orders.queries.window import starting_texts
from depesa.outbox.queries import verified_senders
from depesa.ui.forms import show_refusal

# Faults that belong to no field of the form stand on top of it.
FIELDS: Final = ("to", "cc", "bcc", "sender", "subject", "body")


class LetterForm(forms.Form):
    """Recipients, sender, subject, text and the text to begin with."""

    use_required_attribute = False

    to = forms.CharField(label=_("To"))
    cc = forms.CharField(label=pgettext_lazy("letter", "Copy"), required=False)
    bcc = forms.CharField(label=_("Hidden copy"), required=False)
    sender = forms.ChoiceField(label=_("From"))
    subject = forms.CharField(label=_("Subject"))
    body = forms.CharField(label=_("Text"), widget=forms.Textarea(attrs={"rows": 14}))
    system_email = forms.ChoiceField(label=_("Begin with a system e-mail"), required=False)

    @classmethod
    def of(cls, draft: LetterDraft, system: str, faults: Mapping[str, str], *, has_focus: bool) -> Self:
        """The form as the draft stands, each fault at its field; `system` is the system's own address."""
        values = {name: getattr(draft, name) for name in ("to", "cc", "bcc", "subject", "body")}
        form = cls({**values, "sender": draft.sender_id or "", "system_email": ""}, auto_id="letter_%s")
        senders = [(str(row.pk), str(row)) for row in verified_senders(draft.user)]
        form.fields["sender"].choices = [*senders, ("", system)]  # type: ignore[attr-defined]
        texts = [(str(pk), name) for pk, name in starting_texts()]
        form.fields["system_email"].choices = [("", "–"), *texts]  # type: ignore[attr-defined]
        for name in ("to", "cc", "bcc"):
            form.fields[name].widget.attrs |= {"autocomplete": "off", "list": "letter_addresses", "inputmode": "email"}
        if has_focus and not faults:
            form.fields["body" if draft.to else "to"].widget.attrs["autofocus"] = True
        form.full_clean()
        form.errors.clear()  # what is missing while one writes is no error
        show_refusal(form, Faults(faults))
        return form
