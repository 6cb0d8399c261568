"""States of orders."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from depesa.core.edits import Editable
from depesa.core.models import NamedInLanguages
from depesa.core.records import Recorded
from depesa.emails.models import SystemEmail
from depesa.orders.rules.states import BOUND, SYSTEM_TYPES, StateType

TYPES = [
    (StateType.RECEIVED.value, _("received")),
    (StateType.UNRESOLVED.value, _("unresolved")),
    (StateType.CANCELLED.value, _("cancelled")),
    (StateType.PAYMENT_PENDING.value, _("payment pending")),
    (StateType.PAYMENT_SUCCEEDED.value, _("payment succeeded")),
    (StateType.PAYMENT_FAILED.value, _("payment failed")),
    (StateType.PAYMENT_CANCELLED.value, _("payment cancelled")),
    (StateType.SENT.value, _("sent")),
    (StateType.CUSTOM.value, _("own state")),
]


class State(Recorded, NamedInLanguages, Editable):
    """Where an order can stand; what it does hangs on its type, the name is for people."""

    record_kind = "state"
    record_key = "code"

    code = models.SlugField(_("code"), max_length=40, unique=True)
    type = models.CharField(_("type"), max_length=20, choices=TYPES, default=StateType.CUSTOM.value, editable=False)
    names = models.JSONField(_("names"), default=dict)  # by language
    colour = models.CharField(_("colour"), max_length=7, default="#6b7280")
    position = models.PositiveSmallIntegerField(_("order"), default=100)
    system_email = models.ForeignKey(
        SystemEmail, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("system e-mail")
    )
    marks_paid = models.BooleanField(_("mark paid"), default=False)
    marks_resolved = models.BooleanField(_("mark resolved"), default=False)

    class Meta:
        verbose_name = _("state")
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["type"], condition=Q(type__in=sorted(SYSTEM_TYPES)), name="one_state_a_system_type"
            ),
            models.CheckConstraint(
                condition=~Q(type__in=sorted(BOUND)) | Q(system_email__isnull=True), name="state_bound_has_no_email"
            ),
            models.CheckConstraint(condition=Q(type__in=[t.value for t in StateType]), name="state_type_known"),
        ]

    @property
    def is_system(self) -> bool:
        """Whether the product needs it: then it stays, and its type too."""
        return self.type in SYSTEM_TYPES

    @property
    def is_bound(self) -> bool:
        """Whether its letter is chosen by the product, so that nobody can choose one."""
        return self.type in BOUND
