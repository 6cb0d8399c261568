"""The table that belongs to no trade word: blobs."""

from __future__ import annotations

from django.db import models


class Blob(models.Model):
    """Bytes under their SHA-256, never changed once written."""

    sha256 = models.CharField(max_length=64, unique=True)
    content = models.BinaryField()
    size = models.PositiveIntegerField()
    created_at = models.DateTimeField(auto_now_add=True)
