"""Settings → States of orders: add, change, order and delete states."""

import re
from collections.abc import Mapping
from typing import Any, Final

from django.db import transaction
from django.db.models import F

from depesa.core.edits import check_seen, edited, put, raised, removed, unless_there
from depesa.core.errors import Faults, Refused, StaleState, raise_faults
from depesa.core.languages import ENGLISH
from depesa.core.reasons import gettext as _
from depesa.core.tables import free_code
from depesa.history.models import Origin
from depesa.history.services import tell, teller
from depesa.orders.models import Order, State
from depesa.orders.rules.states import StateType
from depesa.orders.services.states import change_state
from depesa.staff.models import User

FIELDS: Final = ("names", "colour", "position", "system_email", "marks_paid", "marks_resolved")
_COLOUR: Final = re.compile(r"#[0-9a-f]{6}")
CHUNK: Final = 500


def save_state(
    state: State, values: Mapping[str, Any], *, version: int | None, by: User | None, origin: str = Origin.STAFF.value
) -> State:
    """Add a state of one's own, or change one as it was seen in this version.

    Faults for Received and Unresolved with a system e-mail: their letter is chosen by the product.
    """

    def save(row: State) -> None:
        with unless_there(Faults({"names": _("Another state has this code.")})):
            row.save()

    tell_change = teller("orders.state-saved", by=by, origin=origin)
    with edited(state, version, by=by, told=state_told, tell=tell_change, save=save) as row:
        put(row, values, FIELDS)
        _check_state(row)
        if not row.pk:
            row.type = StateType.CUSTOM.value
            row.code = free_code(State, row.name_in(ENGLISH), usual="state", most=40)
    return row


def _check_state(row: State) -> None:
    faults = {}
    row.names = {language: str(name).strip()[:80] for language, name in row.names.items() if str(name).strip()}
    row.colour = row.colour.strip().lower()
    if not row.names:
        faults["names"] = _("Write a name in at least one language.")
    if not _COLOUR.fullmatch(row.colour):
        faults["colour"] = _("Write a colour as # and six digits, for example #15803d.")
    if row.is_bound and row.system_email_id:
        faults["system_email"] = _(
            "The system e-mail of %(state)s cannot be chosen: which letter a new order gets is decided by how it was "
            "ordered and paid. Edit those letters in Settings → System e-mails."
        ) % {"state": row}
    raise_faults(faults)


def delete_state(state: State, replacement: State | None, *, by: User | None, version: int | None = None) -> int:
    """Delete a state of one's own as somebody saw it; its orders move to the replacement, without letters.

    How many moved. Refused for the states of the product, and for one in use without a replacement.
    """
    if state.is_system:
        raise Refused(_("%(state)s belongs to the product and stays. You may rename it.") % {"state": state})
    check_seen(state, version)
    used = Order.objects.filter(state=state)
    if used.exists() and (replacement is None or replacement.pk == state.pk):
        raise Refused(_("Orders are in this state. Choose the state that they move to."))
    moved = 0
    while replacement and (ids := list(used.order_by("pk").values_list("pk", flat=True)[:CHUNK])):
        moved += _move(ids, replacement, by)
    with removed(state, version) as row:
        if used.exists():
            raise StaleState
        tell(row, "orders.state-deleted", before=state_told(row), by=by)
    return moved


def _move(ids: list[int], replacement: State, by: User | None) -> int:
    with transaction.atomic():
        Order.objects.filter(pk__in=ids, removed_at__isnull=False).update(
            state=replacement, state_changes=F("state_changes") + 1, **raised(by)
        )
        present = Order.objects.present().filter(pk__in=ids).values_list("pk", flat=True)
        outcome = change_state(list(present), replacement, by=by, send_emails=False)
        if refused := next(iter(outcome.refused.values()), ""):
            raise Refused(refused)
    return len(ids)


def state_told(row: State) -> dict[str, Any]:
    """What the history says of a state."""
    return {
        "names": ", ".join(f"{language}: {name}" for language, name in sorted(row.names.items())),
        "colour": row.colour,
        "position": row.position,
        "system_email": row.system_email.code if row.system_email else "",
        "marks_paid": row.marks_paid,
        "marks_resolved": row.marks_resolved,
    }
