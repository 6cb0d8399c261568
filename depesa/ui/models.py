"""What a person set on a list: marks on its rows, and its columns."""

from django.conf import settings
from django.db import models


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
