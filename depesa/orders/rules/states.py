"""Types of states: behaviour hangs on the type, never on the name."""

from enum import StrEnum
from typing import Final


class StateType(StrEnum):
    """What a state means to the product; a state made by a person is always custom."""

    RECEIVED = "received"
    UNRESOLVED = "unresolved"
    CANCELLED = "cancelled"
    PAYMENT_PENDING = "payment-pending"
    PAYMENT_SUCCEEDED = "payment-succeeded"
    PAYMENT_FAILED = "payment-failed"
    PAYMENT_CANCELLED = "payment-cancelled"
    SENT = "sent"
    CUSTOM = "custom"


SYSTEM_TYPES: Final = frozenset(StateType) - {StateType.CUSTOM}
"""Types of which there is exactly one state, which stays."""
BOUND: Final = frozenset({StateType.RECEIVED, StateType.UNRESOLVED})
"""Their letter is chosen by the product (four texts, and the order summary), so that none can be chosen for them."""
GATEWAY: Final = frozenset(
    {
        StateType.PAYMENT_PENDING,
        StateType.PAYMENT_SUCCEEDED,
        StateType.PAYMENT_FAILED,
        StateType.PAYMENT_CANCELLED,
    }
)
"""What a payment gateway reports; once an order is paid, it moves the order no more."""


def gateway_may_move(*, is_over: bool, origin: str) -> bool:
    """Whether this source may change the state: once an order is paid or cancelled, messages of the gateway do not."""
    return not (is_over and origin == "gateway")
