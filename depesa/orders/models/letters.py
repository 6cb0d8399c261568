"""Drafts of letters about orders, as they are being written in the window."""

import uuid
from typing import override

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from depesa.core.models import Blob
from depesa.emails.models import SystemEmail
from depesa.orders.models.orders import Order
from depesa.outbox.models import SenderAddress


class LetterDraft(models.Model):
    """What a user has written about an order and not sent yet, kept as it was typed; one a user and order.

    `token` makes the key of the message, so that one window sends one letter. `html` is that of the system e-mail the
    text came from; it counts as long as the text is the one that came with it.
    """

    token = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    order = models.ForeignKey(Order, models.CASCADE, related_name="letter_drafts")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    to = models.TextField(_("to"), blank=True)
    cc = models.TextField(_("copy"), blank=True)
    bcc = models.TextField(_("hidden copy"), blank=True)
    sender = models.ForeignKey(
        SenderAddress, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("from")
    )
    subject = models.CharField(_("subject"), max_length=500, blank=True)
    body = models.TextField(_("text"), blank=True)
    system_email = models.ForeignKey(SystemEmail, models.SET_NULL, null=True, blank=True, related_name="+")
    html = models.TextField(blank=True)
    written = models.JSONField(default=dict)  # {"subject", "body"} as the desk wrote them
    replaced = models.JSONField(default=dict)  # {"subject", "body", ...} that a system e-mail took the place of
    ticked = models.JSONField(default=list)  # codes of document types, and "#12" for one document
    version = models.PositiveIntegerField(default=1)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("draft")
        constraints = [models.UniqueConstraint(fields=["order", "user"], name="one_letter_draft_a_user_and_order")]

    @override
    def __str__(self) -> str:
        return self.subject

    @property
    def is_typed(self) -> bool:
        """Whether a person has changed what the desk had written."""
        return bool(self.body.strip() or self.subject.strip()) and self.written != {
            "subject": self.subject,
            "body": self.body,
        }

    @property
    def html_that_counts(self) -> str:
        """The HTML of the system e-mail, as long as its text is unchanged."""
        return self.html if self.html and self.written.get("body") == self.body else ""


class DraftFile(models.Model):
    """A file that was uploaded for a letter; its type is that of its content, its name is safe."""

    draft = models.ForeignKey(LetterDraft, models.CASCADE, related_name="files")
    blob = models.ForeignKey(Blob, models.PROTECT, related_name="+")
    name = models.CharField(max_length=150)
    media_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("file of a draft")
        ordering = ["id"]

    @override
    def __str__(self) -> str:
        return self.name
