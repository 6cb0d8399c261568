"""System e-mails and their texts."""

from __future__ import annotations

from typing import override

from django.db import models
from django.utils.translation import gettext_lazy as _

from depesa.core.edits import Editable
from depesa.core.languages import choices
from depesa.core.models import Blob
from depesa.core.records import Recorded
from depesa.core.versions import FormerText, VersionedText
from depesa.documents.models import DocumentType


class Editor(models.TextChoices):
    """With what the HTML part of a text is written."""

    TEXT = "text", _("text only")
    VISUAL = "visual", _("visual editor")
    SOURCE = "source", _("source editor")


class SystemEmail(Recorded, Editable):
    """A letter that an event or a person chooses; its context says which placeholders it has.

    `event` binds a preset one to what happens; nobody can change that. An empty `sender` means the system's address.
    """

    record_kind = "system-email"
    record_key = "code"

    code = models.SlugField(_("code"), max_length=60, unique=True)
    name = models.CharField(_("name"), max_length=120)
    context = models.CharField(max_length=30)
    is_preset = models.BooleanField(default=False)
    is_active = models.BooleanField(_("active"), default=True)
    event = models.CharField(max_length=40, blank=True, editable=False)
    description = models.TextField(_("what it is for"), blank=True)
    sender = models.CharField(_("sender"), max_length=254, blank=True)
    hidden_copy = models.CharField(_("hidden copy"), max_length=254, blank=True)
    document_types = models.ManyToManyField(
        DocumentType, verbose_name=_("attached documents"), related_name="system_emails", blank=True
    )

    class Meta:
        verbose_name = _("system e-mail")

    @override
    def __str__(self) -> str:
        return self.name


class SystemEmailFile(models.Model):
    """A file that goes with every letter made from a system e-mail, for example the terms of trade."""

    system_email = models.ForeignKey(SystemEmail, models.CASCADE, related_name="files")
    blob = models.ForeignKey(Blob, models.PROTECT, related_name="+")
    name = models.CharField(_("name"), max_length=150)
    media_type = models.CharField(max_length=100)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("file of a system e-mail")
        constraints = [models.UniqueConstraint(fields=["system_email", "name"], name="one_file_a_name")]

    @override
    def __str__(self) -> str:
        return self.name


class SystemEmailText(VersionedText):
    """Subject, text part and HTML of a system e-mail in one language, with its number of version.

    Without `html` the HTML part is made from the text part.
    """

    says = ("subject", "body", "html", "editor")

    system_email = models.ForeignKey(SystemEmail, models.CASCADE, related_name="texts")
    language = models.CharField(_("language"), max_length=2, choices=choices)
    subject = models.CharField(_("subject"), max_length=500)
    body = models.TextField(_("text"))
    html = models.TextField(_("HTML"), blank=True)
    editor = models.CharField(_("editor"), max_length=6, choices=Editor, default=Editor.TEXT)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["system_email", "language"], name="one_text_a_language")]

    @property
    @override
    def past(self) -> models.QuerySet[SystemEmailVersion]:
        return SystemEmailVersion.objects.filter(text=self.pk)


class SystemEmailVersion(FormerText):
    """What a text said before it was changed."""

    text = models.ForeignKey(SystemEmailText, models.CASCADE, related_name="versions")
    subject = models.CharField(max_length=500)
    body = models.TextField()
    html = models.TextField(blank=True)
    editor = models.CharField(max_length=6, choices=Editor, default=Editor.TEXT)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["text", "version"], name="one_row_a_version")]
