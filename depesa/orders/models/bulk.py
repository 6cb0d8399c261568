"""Bulk edits: one wish for many orders, fulfilled by the worker."""

from typing import override

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from depesa.core.reasons import ReasonField
from depesa.core.records import Recorded
from depesa.orders.models.orders import Order


class Verb(models.TextChoices):
    """What a bulk edit does to each of its orders."""

    STATE = "state", _("change the state")
    PAID = "paid", _("mark paid")
    UNPAID = "unpaid", _("mark unpaid")
    RESOLVED = "resolved", _("mark resolved")
    UNRESOLVED = "unresolved", _("mark unresolved")
    DOCUMENTS = "documents", _("generate documents")
    INVOICES = "invoices", _("generate invoices")
    REMOVE = "remove", _("remove")


class Bulk(Recorded, models.Model):
    """One wish for many orders; it is done chunk by chunk and survives a crash."""

    record_kind = "bulk"

    verb = models.CharField(_("bulk edit"), max_length=10, choices=Verb)
    value = models.CharField(max_length=200, blank=True)  # code of the state, or codes of document types
    sends_emails = models.BooleanField(_("send e-mails"), default=True)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    asked_at = models.DateTimeField(auto_now_add=True)
    total = models.PositiveIntegerField(default=0)
    stopped_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("bulk edit")

    @override
    def __str__(self) -> str:
        return str(Verb(self.verb).label)


class BulkStatus(models.TextChoices):
    """What became of one order of a bulk edit."""

    WAITING = "waiting", _("waiting")
    DONE = "done", _("done")
    UNCHANGED = "unchanged", _("was so already")
    REFUSED = "refused", _("refused")


class BulkItem(models.Model):
    """One order of a bulk edit, and what became of it."""

    bulk = models.ForeignKey(Bulk, models.CASCADE, related_name="items")
    order = models.ForeignKey(Order, models.PROTECT, related_name="+")
    status = models.CharField(max_length=9, choices=BulkStatus, default=BulkStatus.WAITING)
    reason = ReasonField(blank=True)
    letters = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["bulk", "order"], name="one_order_a_bulk_edit")]
        indexes = [
            models.Index(fields=["bulk", "id"], condition=Q(status="waiting"), name="bulk_item_waiting"),
        ]
