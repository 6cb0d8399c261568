"""Rules of orders: states and what hangs on their types, sums, payment. Pure Python."""

from depesa.orders.rules.states import BOUND, SYSTEM_TYPES, StateType
from depesa.orders.rules.sums import Priced, sums_of

__all__ = ["BOUND", "SYSTEM_TYPES", "Priced", "StateType", "sums_of"]
