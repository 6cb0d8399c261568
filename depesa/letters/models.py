"""System e-mails and their texts."""

from __future__ import annotations

from typing import override

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from depesa.core.languages import Language


class SystemEmail(models.Model):
    """A letter that an event or a person chooses; its context says which placeholders it has."""

    code = models.SlugField(_("code"), max_length=60, unique=True)
    name = models.CharField(_("name"), max_length=120)
    context = models.CharField(max_length=30)
    is_preset = models.BooleanField(default=False)
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("system e-mail")

    @override
    def __str__(self) -> str:
        return self.name


class SystemEmailText(models.Model):
    """Subject and text of a system e-mail in one language, with its number of version."""

    system_email = models.ForeignKey(SystemEmail, models.CASCADE, related_name="texts")
    language = models.CharField(_("language"), max_length=2, choices=Language)
    subject = models.CharField(_("subject"), max_length=500)
    body = models.TextField(_("text"))
    version = models.PositiveIntegerField(default=1, editable=False)
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["system_email", "language"], name="one_text_a_language")]


class SystemEmailVersion(models.Model):
    """What a text said before it was changed."""

    text = models.ForeignKey(SystemEmailText, models.CASCADE, related_name="versions")
    version = models.PositiveIntegerField()
    subject = models.CharField(max_length=500)
    body = models.TextField()
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["text", "version"], name="one_row_a_version")]
