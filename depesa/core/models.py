"""Tables that belong to no trade word: blobs and the marks on lists."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class Blob(models.Model):
    """Bytes under their SHA-256, never changed once written."""

    sha256 = models.CharField(max_length=64, unique=True)
    content = models.BinaryField()
    size = models.PositiveIntegerField()
    created_at = models.DateTimeField(auto_now_add=True)


class Mark(models.Model):
    """The "v" that a user put on a row of a list; it survives paging, sorting and signing out."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    list = models.CharField(max_length=40)
    row_id = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "list", "row_id"], name="one_mark_a_row")]


class ColumnChoice(models.Model):
    """The columns of a list as one person wants to see them."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    name = models.CharField(max_length=40)  # of the list
    columns = models.JSONField(default=list)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "name"], name="one_choice_of_columns")]
