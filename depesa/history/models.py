"""Entries of the history and the head of their chain."""

from typing import override

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from depesa.core.records import Ref, read


class Origin(models.TextChoices):
    """Through what a change came."""

    STAFF = "staff", _("staff")
    SHOP = "shop", _("shop")
    API = "api", _("API")
    IMPORT = "import", _("import")
    SYSTEM = "system", _("system")
    COMMAND = "command-line", _("command line")
    GATEWAY = "gateway", _("payment gateway")


class Entry(models.Model):
    """One thing that happened; never changed, never deleted."""

    at = models.DateTimeField()
    event = models.CharField(max_length=60)  # dotted, for example statements.formed
    subject = models.CharField(max_length=80)  # the record concerned, for example operation:12
    customer_id = models.BigIntegerField(null=True)  # by number only: the history stands below customers
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    origin = models.CharField(max_length=12, choices=Origin)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    note = models.TextField(blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["subject", "id"], name="history_by_subject"),
            models.Index(fields=["customer_id", "id"], name="history_by_customer"),
            models.Index(fields=["event", "id"], name="history_by_event"),
            models.Index(fields=["origin", "id"], name="history_by_origin"),
            models.Index(fields=["at"], name="history_by_time"),
        ]

    @override
    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.event} {self.subject}"

    @property
    def ref(self) -> Ref:
        """The record concerned, by the word of today."""
        return read(self.subject, self.event)


class Link(models.Model):
    """An entry's place in the chain: links follow each other by their ids; never changed, never deleted."""

    entry = models.OneToOneField(Entry, models.PROTECT, related_name="link")
    hash = models.CharField(max_length=64)  # of the entry and of the link before it

    @override
    def __str__(self) -> str:
        return self.hash


class Head(models.Model):
    """The end of the chain, and how far one must look back for entries that have no link yet."""

    hash = models.CharField(max_length=64, default="0" * 64)
    length = models.PositiveBigIntegerField(default=0)
    settled = models.PositiveBigIntegerField(default=0)  # up to this id no entry can become visible any more
    ahead = models.PositiveBigIntegerField(default=0)  # the next `settled`, once all transactions have ended
    ahead_until = models.PositiveBigIntegerField(default=0)  # that are older than the one with this number

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="one_head")]
