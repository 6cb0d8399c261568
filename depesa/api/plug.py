"""What the API brings to the apps below: who speaks for events of other shops."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from depesa.api.models import ApiToken, ForeignEvent, Source, Subscription
from depesa.api.services.events import draft
from depesa.core.plugs import Plug
from depesa.core.records import Kind
from depesa.history.contributions import Vocabulary
from depesa.triggers import contributions as triggers

PLUG: Final[Plug] = (
    Kind(ApiToken.record_kind, _("API token")),
    Kind(Source.record_kind, _("shop that tells us")),
    Kind(Subscription.record_kind, _("webhook")),
    Kind(ForeignEvent.record_kind, _("event elsewhere")),
    triggers.Source(kind=ForeignEvent.record_kind, draft=draft),
    Vocabulary(
        app="api",
        security=frozenset(
            {
                "api.token-made",
                "api.token-revoked",
                "api.webhook-added",
                "api.webhook-resumed",
                "api.webhook-removed",
                "api.source-saved",
            }
        ),
        events={
            "api.token-made": (_("made a token of the API"), "plus"),
            "api.token-revoked": (_("revoked a token of the API"), "lock"),
            "api.webhook-added": (_("added a webhook"), "plus"),
            "api.webhook-resumed": (_("went on with a webhook"), "refresh"),
            "api.webhook-removed": (_("removed a webhook"), "bin"),
            "api.source-saved": (_("saved a shop that tells us"), "pencil"),
            "api.refusals-seen": (_("saw what was refused of another shop"), "check"),
            "api.state-told": (_("was told of a state in another shop"), "globe"),
            "api.order-differs": (_("was told that the order is otherwise in another shop"), "warning"),
            "api.event-told": (_("was told of an event in another shop"), "globe"),
        },
    ),
)
