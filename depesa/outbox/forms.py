"""What people type about channels, test letters and decisions."""

from collections.abc import Callable
from typing import Any, Final, override
from uuid import uuid4

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from depesa.company.queries import current
from depesa.mail.addresses import AddressError, check_address, split_domains
from depesa.mail.headers import LONGEST_NAME, HeaderError, check_domain, check_sender, clean_name
from depesa.outbox.models import Channel, Security
from depesa.outbox.services.channel_settings import FIELDS
from depesa.staff.models import User
from depesa.ui.forms import SeenForm, VersionField

MEGABYTE: Final = 1_000_000


class ReasonForm(forms.Form):
    """Why a person decides so; `seen` is how often the letter had been handed over when the page was read."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("In a few words."),
        error_messages={"required": _("Say in a few words why; it is kept as evidence.")},
    )
    seen = VersionField()


class LetterTestForm(forms.Form):
    """Where a test letter goes."""

    to = forms.CharField(label=_("To address"), max_length=2000, widget=forms.EmailInput)
    token = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)

    def clean_to(self) -> str:
        """One address in the form that the mail server gets."""
        return _checked(check_address_text, self.cleaned_data["to"])


class SignatureForm(SeenForm):
    """How a user closes letters."""

    places = {"signature": "text", "signature_html": "html"}

    text = forms.CharField(
        label=_("Signature"),
        required=False,
        max_length=2000,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("Closes the letters that you write yourself."),
    )
    html = forms.CharField(
        label=_("Signature as HTML"),
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 6, "class": "code", "spellcheck": "false"}),
        help_text=_(
            "For readers who see HTML. Empty: the lines above. Pictures from elsewhere and scripts are taken out."
        ),
    )

    def __init__(self, *args: Any, instance: User) -> None:
        self.instance = instance
        super().__init__(*args, initial={"text": instance.signature, "html": instance.signature_html})


class SenderForm(forms.Form):
    """An address from which letters are to come, and the name beside it."""

    address = forms.CharField(label=_("Address"), max_length=2000, widget=forms.EmailInput)
    name = forms.CharField(label=_("Name beside the address"), required=False, max_length=LONGEST_NAME)

    def clean_address(self) -> str:
        """One address in the form that the mail server gets."""
        return _checked(lambda text: check_sender(text).text, self.cleaned_data["address"])

    def clean_name(self) -> str:
        """The name as mail programs show it before the address."""
        return _checked(clean_name, self.cleaned_data["name"])


class ChannelForm(SeenForm, forms.ModelForm):  # type: ignore[type-arg]
    """A mail server and how letters are handed over to it."""

    password = forms.CharField(
        label=_("Password"),
        required=False,
        max_length=500,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    drop_password = forms.BooleanField(label=_("sign in without a password"), required=False)
    megabytes = forms.DecimalField(
        label=_("Largest letter (MB)"), min_value=1, max_value=100, decimal_places=1, help_text=_("Ask your provider.")
    )

    class Meta:
        model = Channel
        fields = tuple(name for name in FIELDS if name != "max_size")
        help_texts = {
            "name": _("What people here call it."),
            "host": _("For example smtp.provider.example."),
            "port": _("Usually 587 with STARTTLS, 465 with TLS."),
            "from_address": _("Empty: the address of the company."),
            "from_name": _("Empty: the name of the company."),
            "sender_domains": _(
                "Ask your provider; several are separated by a blank. Letters of other senders are refused here. "
                "Empty: any domain."
            ),
            "reply_to": _("Empty: answers go to the sender address."),
            "max_connections": _("8 suits most servers."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        channel = self.instance
        self.fields["megabytes"].initial = channel.max_size / MEGABYTE
        self.fields["port"].min_value = 1  # type: ignore[attr-defined]
        self.fields["username"].widget.attrs["autocomplete"] = "off"
        if channel.secret:
            self.fields["password"].help_text = _("A password is kept and never shown. Type a new one to replace it.")
        else:
            del self.fields["drop_password"]

    def clean_host(self) -> str:
        """A bare host name, as the mail server's certificate names it."""
        host = str(self.cleaned_data["host"]).strip().lower()
        if "/" in host or "@" in host or (":" in host.strip("[]") and not host.startswith("[")) or " " in host:
            raise forms.ValidationError(_now("Write the name of the server only, for example smtp.provider.example."))
        return host

    def clean_port(self) -> int:
        """A port that exists."""
        port = int(self.cleaned_data["port"])
        if not 1 <= port <= 65535:
            raise forms.ValidationError(_now("A port is a number from 1 to 65535."))
        return port

    def clean_max_connections(self) -> int:
        """At least one connection, and not so many that a provider would lock us out."""
        count = int(self.cleaned_data["max_connections"])
        if not 1 <= count <= 100:
            raise forms.ValidationError(_now("Between 1 and 100 connections at once."))
        return count

    def clean_from_address(self) -> str:
        """The sender's address in the form that the mail server gets."""
        return _checked(lambda text: check_sender(text).text, self.cleaned_data["from_address"])

    def clean_sender_domains(self) -> str:
        """The domains in the form that the mail server gets."""
        return _checked(lambda text: " ".join(split_domains(text)), self.cleaned_data["sender_domains"])

    def clean_reply_to(self) -> str:
        """Where answers go."""
        return _checked(check_address_text, self.cleaned_data["reply_to"])

    def clean_from_name(self) -> str:
        """The name as mail programs show it before the address."""
        return _checked(clean_name, self.cleaned_data["from_name"])

    @override
    def clean(self) -> dict[str, Any]:
        """A password needs a user name, an unencrypted way needs none, and the sender is of an allowed domain."""
        values = super().clean() or self.cleaned_data
        if sender := values.get("from_address", "") or current().email:
            try:
                domains = values.get("sender_domains", "").split()
                check_domain(sender, allowed_domains=domains, channel=values.get("name", ""))
            except HeaderError as problem:
                self.add_error("from_address", str(problem))
        if values.get("password") and not values.get("username"):
            self.add_error("username", _now("A password was typed but no user name."))
        if values.get("security") == Security.NONE and values.get("username") and not _is_here(values.get("host", "")):
            self.add_error("security", _now("A password is never sent unprotected. Choose STARTTLS or TLS."))
        if "megabytes" in values:
            values["max_size"] = int(values["megabytes"] * MEGABYTE)
        return values

    @property
    def new_password(self) -> str | None:
        """What to keep: a new password, none at all, or None for the one that is there."""
        if self.cleaned_data.get("password"):
            return str(self.cleaned_data["password"])
        return "" if self.cleaned_data.get("drop_password") or not self.cleaned_data.get("username") else None


def check_address_text(text: str) -> str:
    """The address as the mail server gets it."""
    return check_address(text).text


def _checked(check: Callable[[str], str], text: str) -> str:
    try:
        return check(text) if text else ""
    except (AddressError, HeaderError) as problem:
        raise forms.ValidationError(str(problem)) from None


def _is_here(host: str) -> bool:
    return host in {"127.0.0.1", "localhost", "::1"}
