"""Forms of imports: files to upload, and how one of them is to be understood."""

from dataclasses import replace
from typing import Any, override

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler
from django.http import HttpRequest
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from depesa.documents.models import TYPES
from depesa.imports.models import ImportBatch
from depesa.imports.queries import profile_names
from depesa.imports.rules.fields import FIELDS
from depesa.imports.rules.files import ENCODINGS
from depesa.imports.rules.profiles import BUILT_IN, Profile
from depesa.imports.rules.refusals import Unreadable, gettext_noop
from depesa.imports.services import Intake

MOST_FILES = 20
TOO_MANY = gettext_noop("Upload at most %(limit)d files at once.")
FOUND_OUT = ("", _("found out"))
SEPARATORS = [(",", _("comma")), (";", _("semicolon")), ("\t", _("tab")), ("|", "|")]
CONSTANTS = ("type", "currency", "vat_rate", "language")


class IncomingFile(UploadedFile):  # type: ignore[type-arg]  # generic in the stubs only
    """A file that lies on the disk already, or the sentence why it was not taken."""

    def __init__(self, intake: Intake, refusal: Unreadable | None) -> None:
        super().__init__(name=intake.file_name, size=intake.size)
        self.intake = intake
        self.refusal = refusal


class DiskUploadHandler(FileUploadHandler):
    """Writes uploads beside the database while they come in; memory never holds a file."""

    def __init__(self, request: HttpRequest) -> None:
        super().__init__(request)
        self.intakes: list[Intake] = []
        self.refusal: Unreadable | None = None

    @override
    def new_file(self, *args: Any, **options: Any) -> None:
        super().new_file(*args, **options)
        self.refusal = None
        self.intakes.append(Intake(self.file_name or ""))
        if len(self.intakes) > MOST_FILES:
            self._refuse(Unreadable(TOO_MANY, limit=MOST_FILES))

    @override
    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        if self.refusal is None:
            try:
                self.intakes[-1].write(raw_data)
            except Unreadable as refusal:
                self._refuse(refusal)

    @override
    def file_complete(self, file_size: int) -> IncomingFile:
        self.intakes[-1].close()
        return IncomingFile(self.intakes[-1], self.refusal)

    def discard_unwanted(self) -> None:
        """Leave nothing of files with which no import has begun, whatever became of the request."""
        for intake in self.intakes:
            intake.discard_unless_wanted()

    def _refuse(self, refusal: Unreadable) -> None:
        self.refusal = refusal
        self.intakes[-1].discard()


class SeveralFilesInput(forms.ClearableFileInput):
    """A field for several files at once."""

    allow_multiple_selected = True


class SeveralFilesField(forms.FileField):
    """Files that came in; each that was not taken is a sentence."""

    widget = SeveralFilesInput(attrs={"multiple": True, "accept": ".csv,.txt,.gz,.xlsx"})

    @override
    def clean(self, data: Any, initial: Any = None) -> list[IncomingFile]:
        incoming = [file for file in data or [] if isinstance(file, IncomingFile)]
        if not incoming:
            raise forms.ValidationError(_("Choose a CSV or XLSX file."))
        problems = [
            f"{file.name}: {file.refusal.problem.write(gettext)}" for file in incoming if file.refusal is not None
        ]
        if len(incoming) > MOST_FILES:
            problems = [gettext(TOO_MANY) % {"limit": MOST_FILES}]
        if problems:
            raise forms.ValidationError(problems)
        return incoming


class UploadForm(forms.Form):
    """Files, and how they are written."""

    uploads = SeveralFilesField(
        label=_("Files"), help_text=_("CSV (also packed as .gz) or XLSX, several at once, up to 200 MB each.")
    )
    profile = forms.ChoiceField(label=_("Profile"), required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        choice = self.fields["profile"]
        assert isinstance(choice, forms.ChoiceField)  # noqa: S101  declared above
        choice.choices = [FOUND_OUT, *((name, name) for name in profile_names())]


class MappingForm(forms.Form):
    """How a file is understood: column of each field, what holds for the whole file, and its signs."""

    decimal_sign = forms.ChoiceField(
        label=_("Decimal sign"), required=False, choices=[FOUND_OUT, (".", "1,234.50"), (",", "1.234,50")]
    )
    date_order = forms.ChoiceField(
        label=_("Days written with / or -"),
        choices=[("auto", _("found out")), ("dmy", _("day first")), ("mdy", _("month first"))],
    )
    encoding = forms.ChoiceField(
        label=_("Encoding"), required=False, choices=[FOUND_OUT, *((name, name) for name in ENCODINGS)]
    )
    separator = forms.ChoiceField(label=_("Separator"), required=False, choices=[FOUND_OUT, *SEPARATORS])
    is_signed = forms.BooleanField(label=_("Returns are written with negative amounts"), required=False)
    is_posted = forms.BooleanField(label=_("Post the documents as they come in"), required=False)
    name = forms.CharField(
        label=_("Save as profile"),
        max_length=60,
        required=False,
        help_text=_("With a name, the next file is understood the same way."),
    )

    def __init__(self, data: Any = None, *, batch: ImportBatch) -> None:
        self.profile = batch.reading
        super().__init__(data, initial=_initial(self.profile))
        header = batch.shape.get("header", [])
        for field in FIELDS:
            self.fields[f"column_{field.name}"] = forms.ChoiceField(
                label=capfirst(gettext(field.label)),
                required=False,
                choices=[("", "–"), *((column, column) for column in header)],
            )
        for name in CONSTANTS:
            self.fields[f"constant_{name}"] = _constant_field(name)
        for key, value in _initial(self.profile).items():
            if key in self.fields:
                self.fields[key].initial = value

    @property
    def columns(self) -> list[forms.BoundField]:
        """The fields that choose a column."""
        return [self[f"column_{field.name}"] for field in FIELDS]

    @property
    def constants(self) -> list[forms.BoundField]:
        """The fields that hold for the whole file."""
        return [self[f"constant_{name}"] for name in CONSTANTS]

    def clean_name(self) -> str:
        """A name that is not one of ours."""
        name: str = self.cleaned_data["name"].strip()
        if name in BUILT_IN:
            raise forms.ValidationError(_("This name belongs to a built-in profile. Choose another."))
        return name

    def chosen(self) -> Profile:
        """The profile as it stands in the form."""
        data = self.cleaned_data
        kept = {key: value for key, value in self.profile.constants.items() if key not in CONSTANTS}
        return replace(
            self.profile,
            name=data["name"] or self.profile.name,
            columns={field.name: column for field in FIELDS if (column := data[f"column_{field.name}"])},
            constants=kept | {name: data[f"constant_{name}"] for name in CONSTANTS if data[f"constant_{name}"]},
            **{key: data[key] for key in _PLAIN},
        )


_PLAIN = ("decimal_sign", "date_order", "encoding", "separator", "is_signed", "is_posted")
_CONSTANT_LABELS = {
    "type": _("Type of all documents"),
    "currency": _("Currency of all documents"),
    "vat_rate": _("VAT rate of all lines"),
    "language": _("Language of new customers"),
}


def _initial(profile: Profile) -> dict[str, Any]:
    columns = {f"column_{name}": column for name, column in profile.columns.items()}
    constants = {f"constant_{name}": value for name, value in profile.constants.items()}
    name = "" if profile.name in BUILT_IN else profile.name
    return columns | constants | {key: getattr(profile, key) for key in _PLAIN} | {"name": name}


def _constant_field(name: str) -> forms.Field:
    label = _CONSTANT_LABELS[name]
    if name == "type":
        return forms.ChoiceField(label=label, required=False, choices=[("", "–"), *TYPES])
    return forms.CharField(label=label, required=False, max_length=10)
