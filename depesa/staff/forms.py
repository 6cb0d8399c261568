"""What people type about users, and at the door."""

from typing import Any, Final, override

from allauth.account.adapter import get_adapter
from allauth.account.forms import ChangePasswordForm, LoginForm, ReauthenticateForm
from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from depesa.core.languages import choices
from depesa.core.texts import one_line
from depesa.staff.models import User
from depesa.ui.forms import SeenForm

_USERNAME: Final = RegexValidator(
    r"\A[a-z0-9][a-z0-9._-]*\Z", _("Use small letters without diacritics, digits, dot, dash and underscore.")
)


class SignInForm(LoginForm):  # type: ignore[misc]
    """Name and password at the door."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _name(self, login=_("Sign-in name"), password=_("Password"))
        self.fields["login"].widget.attrs |= {"autofocus": True, "autocapitalize": "none", "spellcheck": "false"}


class PasswordForm(ChangePasswordForm):  # type: ignore[misc]
    """The user's own password, old and new."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _name(
            self,
            oldpassword=_("Password that you have now"),
            password1=_("New password"),
            password2=_("New password once more"),
        )
        self.fields["password1"].help_text = _("At least 12 characters. A sentence is easier to remember than a word.")

    @override
    def clean_oldpassword(self) -> str:
        """The old password, which is not guessed either."""
        old = str(self.cleaned_data.get("oldpassword", ""))
        if not get_adapter().reauthenticate(self.user, old):
            raise get_adapter().validation_error("enter_current_password")
        return old


class ConfirmForm(ReauthenticateForm):  # type: ignore[misc]
    """The password once more before something grave."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _name(self, password=_("Password"))


def _name(form: forms.Form, **labels: Any) -> None:
    for name, label in labels.items():
        form.fields[name].label = label
        form.fields[name].widget.attrs.pop("placeholder", None)


def _languages() -> list[tuple[str, Any]]:
    return [("", _("as the browser asks")), *choices()]


class _PersonForm(forms.ModelForm):  # type: ignore[type-arg]
    """A person's name, which stands in letters."""

    def clean_name(self) -> str:
        return one_line(self.cleaned_data["name"])


class ProfileForm(SeenForm, _PersonForm):
    """What a user says about himself."""

    widths = dict.fromkeys(("name", "email", "language", "theme"), "is-half")

    language = forms.ChoiceField(
        label=_("Language"),
        choices=_languages,
        required=False,
        help_text=_("Of the pages. Letters are in the language of the customer."),
    )

    class Meta:
        model = User
        fields = ["name", "email", "language", "theme"]
        labels = {"name": _("Your name"), "email": _("Your e-mail"), "theme": _("Light or dark")}
        help_texts = {"name": _("As customers and colleagues read it.")}


class UserForm(SeenForm, _PersonForm):
    """What an administrator says about a user."""

    widths = dict.fromkeys(("name", "email", "role", "language"), "is-half")

    language = forms.ChoiceField(label=_("Language"), choices=_languages, required=False)

    class Meta:
        model = User
        fields = ["name", "email", "role", "language", "is_active"]
        help_texts = {
            "is_active": _("Without it the user is signed out at once and cannot come back."),
            "role": _(
                "Readers look. Clerks enter, post and send. Managers also set up and decide. "
                "Administrators also manage users."
            ),
        }


class NewUserForm(UserForm):
    """A user who does not exist yet."""

    username = forms.CharField(
        label=_("Sign-in name"),
        max_length=150,
        validators=[_USERNAME],
        widget=forms.TextInput(attrs={"autocapitalize": "none", "spellcheck": "false", "autocomplete": "off"}),
    )
    version = None  # type: ignore[assignment]  # nobody has seen a user who does not exist yet
    field_order = ["username", "name", "email", "language", "role"]
    widths = dict.fromkeys(("username", "name", "email", "language"), "is-half")

    class Meta(UserForm.Meta):
        fields = ["username", "name", "email", "role", "language"]

    def clean_username(self) -> str:
        """The name, if nobody has it in any spelling."""
        username = str(self.cleaned_data["username"])
        if User.objects.filter(username__iexact=username).exists():
            raise forms.ValidationError(_("Somebody already signs in as “%(name)s”.") % {"name": username})
        return username

    @override
    def save(self, commit: bool = True) -> User:
        raise NotImplementedError("users are made by staff.services.add_user")
