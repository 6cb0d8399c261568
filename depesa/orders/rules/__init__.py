"""Rules of orders: states and what hangs on their types, sums, payment. Pure Python."""

from depesa.orders.rules.states import StateType
from depesa.orders.rules.sums import sums_of
