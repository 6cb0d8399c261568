"""Letters that the catcher took."""

from typing import override

from django.db import models


class CaughtLetter(models.Model):
    """One letter as it came over SMTP, byte for byte."""

    received_at = models.DateTimeField(auto_now_add=True)
    envelope_from = models.CharField(max_length=254, blank=True)
    recipients = models.JSONField(default=list)
    subject = models.CharField(max_length=300, blank=True)
    sender = models.CharField(max_length=300, blank=True)
    to = models.CharField(max_length=500, blank=True)
    message_id = models.CharField(max_length=200, blank=True, db_index=True)
    size = models.PositiveIntegerField()
    attachment_count = models.PositiveSmallIntegerField(default=0)
    content = models.BinaryField()
    is_read = models.BooleanField(default=False)

    class Meta:
        ordering = ["-id"]

    @override
    def __str__(self) -> str:
        return self.subject
