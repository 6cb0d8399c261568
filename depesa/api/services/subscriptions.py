"""Who is told what happens here."""

from collections.abc import Sequence

from django.conf import settings
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from depesa.api.models import Notice, Subscription, Topic
from depesa.api.rules.addresses import fault_of
from depesa.api.rules.signatures import new_secret
from depesa.core.errors import raise_faults
from depesa.core.locks import lock
from depesa.core.reasons import gettext as _
from depesa.history.models import Entry
from depesa.history.services import tell
from depesa.staff.models import User


def subscribe(url: str, topics: Sequence[str], *, by: User) -> tuple[Subscription, str]:
    """Tell this address what happens from now on; the secret that signs is shown now and never again."""
    url = url.strip()
    check(url, topics)
    secret = new_secret()
    with transaction.atomic():
        newest = Entry.objects.aggregate(newest=Max("pk"))["newest"] or 0
        made = Subscription.objects.create(
            url=url,
            secret=lock(secret, "api"),
            topics=sorted(topics),
            created_by=by,
            since_entry=newest,
            letters_since=timezone.now(),
        )
        tell(made, "api.webhook-added", after={"url": url, "topics": ", ".join(made.topics)}, by=by)
    return made, secret


def check(url: str, topics: Sequence[str]) -> None:
    """Faults names what is wrong with the address or the topics."""
    sentences = {
        "scheme": _("The address begins with https://, so that nobody on the way reads what is told."),
        "host": _("This is no address of a server. Write it as https://shop.example/hooks."),
        "user": _("Leave user and password out of the address; each call is signed instead."),
        "inside": _("This address lies in a private network, where webhooks do not go; see DEPESA_WEBHOOKS_PRIVATE."),
        "port": _("The port is a number between 1 and 65535."),
    }
    faults = {}
    if fault := fault_of(url, may_be_private=settings.DEPESA_WEBHOOKS_PRIVATE):
        faults["url"] = sentences[fault]
    if not topics:
        faults["topics"] = _("Choose at least one thing to tell of.")
    elif set(topics) - set(Topic.values):
        faults["topics"] = _("Choose from: %(known)s.") % {"known": ", ".join(Topic.values)}
    raise_faults(faults)


def resume(subscription: Subscription, *, by: User) -> None:
    """Tell a subscriber again that was given up: also what it has missed."""
    with transaction.atomic():
        Subscription.objects.filter(pk=subscription.pk).update(deactivated_at=None, failing_since=None, problem="")
        Notice.objects.filter(subscription=subscription, delivered_at__isnull=True).update(
            due_at=timezone.now(), attempts=0
        )
        tell(subscription, "api.webhook-resumed", by=by)


def unsubscribe(subscription: Subscription, *, by: User) -> None:
    """Tell this address nothing more; what waited for it is forgotten."""
    with transaction.atomic():
        tell(subscription, "api.webhook-removed", before={"url": subscription.url}, by=by)
        subscription.delete()
