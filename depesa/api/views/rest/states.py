"""States of orders, and events of other shops."""

from typing import Any, Final

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from ninja import Router

from depesa.api import queries
from depesa.api.forms.events import EventIn, EventOut, StateOut, StatePatch, StatesOut
from depesa.api.forms.schemas import Short
from depesa.api.services import happen
from depesa.api.views.rest.door import REFUSALS, Bearer, write
from depesa.api.views.rest.orders import Key
from depesa.core.errors import Faults
from depesa.emails.models import SystemEmail
from depesa.history.models import Origin
from depesa.orders.models import State
from depesa.orders.services import save_state
from depesa.staff.rules import Right

router = Router(tags=["states"])
events = Router(tags=["events"])
READ: Final = Bearer("states", Right.SEE)
WRITE: Final = Bearer("states", Right.SET_UP)


@router.get("", response={200: StatesOut, **REFUSALS}, auth=READ, operation_id="list_states")
def list_states(request: HttpRequest) -> Any:
    """All states in their order."""
    rows = State.objects.select_related("system_email")
    return {"items": [queries.state_shape(state) for state in rows]}


@router.patch("/{code}", response={200: StateOut, **REFUSALS}, auth=WRITE, operation_id="change_state")
def change(request: HttpRequest, code: Short, body: StatePatch, idempotency_key: Key = None) -> Any:
    """Change a state. The letter of Received and Unresolved is chosen by the product: a system e-mail is refused."""
    found = get_object_or_404(State, code=code)

    def act(token: Any) -> tuple[int, dict[str, Any]]:
        values = body.dict(exclude_unset=True)
        wished = {name: value for name, value in values.items() if value is not None}
        if "system_email" in values:
            wished["system_email"] = _email(values["system_email"])
        row = save_state(found, wished, version=found.version, by=token.created_by, origin=Origin.API)
        return 200, queries.state_shape(State.objects.select_related("system_email").get(pk=row.pk))

    return write(request, idempotency_key, act)


def _email(code: str | None) -> SystemEmail | None:
    if not code:
        return None
    found = SystemEmail.objects.filter(code=code).first()
    if found is None:
        raise Faults({"system_email": _("There is no system e-mail %(code)s.") % {"code": code}})
    return found


@events.post("", response={202: EventOut, **REFUSALS}, auth=Bearer("events", Right.SEND), operation_id="tell_event")
def tell(request: HttpRequest, body: EventIn, idempotency_key: Key = None) -> Any:
    """Tell what happened in another shop; the letter that is bound to the event leaves, once for each `id`."""

    def act(token: Any) -> tuple[int, dict[str, Any]]:
        noted = happen(body.dict(), token=token, by=token.created_by)
        customer = queries.customer_code(noted.customer_id)
        return 202, {"event": noted.event, "customer": customer, "letter": noted.status, "reason": noted.reason}

    return write(request, idempotency_key, act)
