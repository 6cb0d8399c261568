"""The verbs of the API: tokens, keys, events, webhooks in and out."""

from collections.abc import Callable

from depesa.api.services.calls import call_due, forget_notices
from depesa.api.services.events import happen
from depesa.api.services.keys import forget_keys, once
from depesa.api.services.notices import notice_due
from depesa.api.services.orders import change_order, generate_document, place_order
from depesa.api.services.subscriptions import resume, subscribe, unsubscribe
from depesa.api.services.tokens import NotLetIn, is_too_fast, make_token, revoke, token_of


def tell_due(should_stop: Callable[[], bool] = lambda: False) -> int:
    """Find what subscribers are to be told, and tell it; how many notices were written or tried."""
    return notice_due() + call_due(should_stop)


def forget() -> int:
    """Remove old keys and notices; how many."""
    return forget_keys() + forget_notices()
