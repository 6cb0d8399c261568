"""What programs send and are told of states and events."""

from typing import Annotated, Literal

from ninja import Schema
from pydantic import AwareDatetime, Field, StringConstraints

from depesa.api.forms.schemas import Kept, Long, Name, Sent, Speech


class StateOut(Schema):
    """A state of orders."""

    code: str
    type: str
    names: dict[str, str]
    colour: str
    position: int
    system_email: str | None
    marks_paid: bool
    marks_resolved: bool


class StatesOut(Schema):
    """All states in their order."""

    items: list[StateOut]


class StatePatch(Sent):
    """What is to be changed of a state; Received and Unresolved take no system e-mail."""

    names: dict[Speech, Annotated[str, StringConstraints(max_length=80), Kept]] | None = None
    colour: Annotated[str, StringConstraints(pattern="^#[0-9A-Fa-f]{6}$")] | None = None
    position: Annotated[int, Field(ge=0, le=32767)] | None = None
    system_email: Annotated[str, StringConstraints(max_length=60), Kept] | None = None
    marks_paid: bool | None = None
    marks_resolved: bool | None = None


class EventIn(Sent):
    """Something that happened in another shop and causes a letter here."""

    event: Literal["registered", "registered-after-order", "password-forgotten", "newsletter-asked", "message-written"]
    id: Annotated[str, StringConstraints(min_length=1, max_length=60), Kept]
    email: Annotated[str, StringConstraints(min_length=3, max_length=254), Kept]
    name: Name = ""
    language: Speech | None = None
    link: Annotated[str, StringConstraints(max_length=500), Kept] = ""
    valid_until: AwareDatetime | None = None
    text: Long = ""
    send_emails: bool = True


class EventOut(Schema):
    """What becomes of the event."""

    event: str
    customer: str
    letter: str
    reason: str
