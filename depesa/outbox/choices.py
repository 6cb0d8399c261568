"""What a channel, a letter, a delivery and its evidence can be: codes with their words."""

from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _


class Security(models.TextChoices):
    """How the connection to the mail server is protected."""

    STARTTLS = "starttls", _("STARTTLS (required)")
    TLS = "tls", _("TLS from the start")
    NONE = "none", _("none (this machine or a trusted network only)")


class PolicyChoice(models.TextChoices):
    """What is worse for a letter: to be lost, or to come twice; and how long it is tried."""

    LEGAL = "legal", _("invoice, statement, reminder")
    NOTICE = "notice", _("notice")
    SECURITY = "security", _("password or sign-in code")
    MARKETING = "marketing", _("newsletter")


class Kind(models.TextChoices):
    """What brought a letter about."""

    STATEMENT = "statement", _("statement")
    TEST = "test", _("test letter")
    LETTER = "letter", _("written by hand")
    EVENT = "event", _("system e-mail after an event")
    ACCOUNT = "account", _("registration and passwords")
    NEWSLETTER = "newsletter", _("newsletter")
    CONTACT = "contact", _("contact form")
    ADDRESS = "address", _("confirmation of a sender address")


class State(models.TextChoices):
    """Where a delivery stands; docs/explanation/delivery.md says who acts next in each."""

    HELD = "held", _("held")
    QUEUED = "queued", _("waiting")
    LEASED = "leased", _("being prepared")
    HANDING_OVER = "handing-over", _("being handed over")
    ACCEPTED = "accepted", _("accepted")
    REJECTED = "rejected", _("refused")
    EXPIRED = "expired", _("too late")
    UNKNOWN = "unknown", _("uncertain")
    CANCELLED = "cancelled", _("cancelled")


ON_THE_WAY: Final = (State.QUEUED, State.LEASED, State.HANDING_OVER)
# By what an address of the list of letters calls them.
IN_ADDRESSES: Final[dict[str, tuple[State, ...]]] = {
    "waiting": ON_THE_WAY,
    "accepted": (State.ACCEPTED,),
    "uncertain": (State.UNKNOWN,),
    "refused": (State.REJECTED,),
    "too-late": (State.EXPIRED,),
    "held": (State.HELD,),
    "cancelled": (State.CANCELLED,),
}
SETTLED: Final = (State.ACCEPTED, State.REJECTED, State.EXPIRED, State.CANCELLED)
FAILED_FOR_GOOD: Final = (State.REJECTED, State.EXPIRED, State.CANCELLED)


class After(models.TextChoices):
    """What became known after the mail server had accepted the letter."""

    NONE = "", ""
    DELAYED = "delayed", _("delayed")
    DELIVERED = "delivered", _("delivered")
    BOUNCED = "bounced", _("returned")
    ANSWERED = "answered", _("answered")


class EvidenceKind(models.TextChoices):
    """Where knowledge about a handed-over letter comes from, strongest first."""

    LATE_REPLY = "late-reply", _("late answer of the mail server")
    JOURNAL = "journal", _("permit journal")
    RELAY_LOG = "relay-log", _("log of our mail server")
    DSN = "dsn", _("delivery report")
    BOUNCE = "bounce", _("returned letter")
    RULE = "rule", _("rule for one-time links")
    PERSON = "person", _("decision of a person")
