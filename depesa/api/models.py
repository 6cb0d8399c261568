"""Tokens, idempotency keys, shops that tell us, and those that we tell."""

import uuid
from typing import override

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from depesa.core.edits import Editable
from depesa.core.leases import Leased
from depesa.core.reasons import ReasonField
from depesa.core.records import Recorded
from depesa.customers.models import Customer
from depesa.orders.models import Order


class Scope(models.TextChoices):
    """What a token may be good for: an area, and reading it or reading and changing it."""

    READ_ORDERS = "orders:read", _("read orders, their documents and history")
    WRITE_ORDERS = "orders:write", _("read, place and change orders, generate documents")
    READ_CUSTOMERS = "customers:read", _("read customers")
    WRITE_CUSTOMERS = "customers:write", _("read and enter customers")
    READ_STATES = "states:read", _("read states of orders")
    WRITE_STATES = "states:write", _("read and change states of orders")
    WRITE_EVENTS = "events:write", _("tell what happened in another shop, so that letters leave")


class ApiToken(Recorded, models.Model):
    """What a program shows to be let in, as its maker and never more than he may; only its hash is kept."""

    record_kind = "token"

    name = models.CharField(_("what it is for"), max_length=100)
    prefix = models.CharField(max_length=16, editable=False)
    hash = models.CharField(max_length=64, unique=True, editable=False)
    scopes = models.JSONField(_("may"), default=list)
    ends_on = models.DateField(_("last day"))
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    last_used_at = models.DateTimeField(null=True, editable=False)
    last_used_from = models.CharField(max_length=45, blank=True, editable=False)  # machine
    minute = models.CharField(max_length=12, blank=True, editable=False)  # in which it asked last, and how often
    asked = models.PositiveIntegerField(default=0, editable=False)
    revoked_at = models.DateTimeField(null=True, editable=False)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+"
    )

    class Meta:
        verbose_name = _("token")

    @override
    def __str__(self) -> str:
        return self.name

    @property
    def is_over(self) -> bool:
        """Whether its last day has passed."""
        return self.ends_on < timezone.localdate()

    @property
    def scopes_in_words(self) -> list[str]:
        """What it may do, as people read it."""
        return [str(dict(Scope.choices).get(scope, scope)) for scope in self.scopes]

    def covers(self, area: str, *, writes: bool) -> bool:
        """Whether it was made for this; what may change may read, too."""
        return f"{area}:write" in self.scopes or (not writes and f"{area}:read" in self.scopes)


class IdempotencyKey(models.Model):
    """The answer that a request with this key got; it was kept in the transaction of what the request did."""

    token = models.ForeignKey(ApiToken, models.CASCADE, related_name="+")
    key = models.CharField(max_length=200)
    request_hash = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(default=0)
    answer = models.JSONField(default=dict)
    created_at = models.DateTimeField(auto_now_add=True, db_index=True)

    class Meta:
        verbose_name = _("idempotency key")
        constraints = [models.UniqueConstraint(fields=["token", "key"], name="one_answer_a_key")]

    @override
    def __str__(self) -> str:
        return self.key


class System(models.TextChoices):
    """Which shop system tells us."""

    WOOCOMMERCE = "woocommerce", "WooCommerce"
    SHOPIFY = "shopify", "Shopify"


class Source(Recorded, Editable):
    """Another shop whose signed webhooks become orders and customers here."""

    record_kind = "source"
    unseen = frozenset({"unknown_states", "last_received_at", "refusals"})

    name = models.CharField(pgettext_lazy("of a shop", "name"), max_length=100)
    system = models.CharField(_("system"), max_length=12, choices=System)
    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)  # in the address that it calls
    secret = models.TextField(editable=False)  # encrypted
    is_active = models.BooleanField(_("in use"), default=True)
    sends_emails = models.BooleanField(_("send e-mails"), default=True)
    states = models.JSONField(default=dict)  # {"on-hold": code of our state, "" for none}, over the usual ones
    unknown_states = models.JSONField(default=dict)  # {"shipped-partly": when it came last}
    last_received_at = models.DateTimeField(null=True, editable=False)
    refusals = models.JSONField(default=list, editable=False)  # webhooks refused, until seen: [[when, id, why], ...]

    class Meta:
        verbose_name = _("shop elsewhere")
        ordering = ["name", "id"]

    @override
    def __str__(self) -> str:
        return self.name


class ForeignRecord(models.Model):
    """An order or customer of another shop and what it is here: told twice, it is the same."""

    source = models.ForeignKey(Source, models.PROTECT, related_name="records")
    kind = models.CharField(max_length=8)  # order, customer
    foreign_id = models.CharField(max_length=64)
    order = models.ForeignKey(Order, models.PROTECT, null=True, related_name="+")
    customer = models.ForeignKey(Customer, models.PROTECT, null=True, related_name="+")
    changed = models.CharField(max_length=40, blank=True)  # when it was changed there, as told last
    told = models.JSONField(default=dict)  # what of an order was told last, to see what is changed there

    class Meta:
        verbose_name = _("record elsewhere")
        constraints = [
            models.UniqueConstraint(fields=["source", "kind", "foreign_id"], name="one_record_a_foreign_id"),
        ]

    @override
    def __str__(self) -> str:
        return f"{self.kind} {self.foreign_id}"


class ForeignEvent(Recorded, models.Model):
    """Something that happened in another shop and causes a letter here; told twice, it is one."""

    record_kind = "event"

    token = models.ForeignKey(ApiToken, models.PROTECT, related_name="+")
    foreign_id = models.CharField(max_length=60)
    event = models.CharField(max_length=40)
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="+")
    email = models.CharField(max_length=254)
    name = models.CharField(max_length=200, blank=True)
    language = models.CharField(max_length=2)
    link = models.CharField(max_length=500, blank=True)
    valid_until = models.DateTimeField()  # until when the link works
    text = models.TextField(blank=True)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("event elsewhere")
        constraints = [models.UniqueConstraint(fields=["token", "foreign_id"], name="one_event_a_foreign_id")]

    @override
    def __str__(self) -> str:
        return f"{self.event} {self.foreign_id}"


class Topic(models.TextChoices):
    """What a subscriber wants to hear of."""

    ORDERS = "orders", _("orders")
    DOCUMENTS = "documents", _("documents")
    MESSAGES = "messages", _("letters")


class Subscription(Recorded, models.Model):
    """An address that is told what happens here, each call signed with its secret."""

    record_kind = "webhook"

    url = models.CharField(_("address"), max_length=500, help_text=_("It begins with https://."))
    secret = models.TextField(editable=False)  # encrypted
    topics = models.JSONField(_("tells of"), default=list)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    since_entry = models.BigIntegerField(default=0, editable=False)  # of the history, told from the next one on
    last_link = models.BigIntegerField(default=0, editable=False)  # of the history whose entry has been made a notice
    letters_since = models.DateTimeField(editable=False)
    failing_since = models.DateTimeField(null=True, editable=False)
    deactivated_at = models.DateTimeField(null=True, editable=False)
    problem = ReasonField(blank=True, editable=False)

    class Meta:
        verbose_name = _("webhook")
        ordering = ["id"]

    @override
    def __str__(self) -> str:
        return self.url


class Notice(Leased):
    """One thing that one subscriber is told; it is tried until it is taken, or the subscription ends."""

    subscription = models.ForeignKey(Subscription, models.CASCADE, related_name="notices")
    key = models.CharField(max_length=80)
    topic = models.CharField(max_length=10, choices=Topic)
    event = models.CharField(max_length=60)
    payload = models.JSONField()
    created_at = models.DateTimeField(auto_now_add=True)
    due_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    delivered_at = models.DateTimeField(null=True)
    problem = ReasonField(blank=True)

    class Meta:
        verbose_name = _("notice")
        constraints = [models.UniqueConstraint(fields=["subscription", "key"], name="one_notice_a_thing")]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(delivered_at__isnull=True), name="notice_due"),
            *Leased.Meta.indexes,
        ]

    @override
    def __str__(self) -> str:
        return f"{self.event} {self.key}"
