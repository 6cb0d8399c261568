"""Rules of orders: states and what hangs on their types, payment. Pure Python."""

from depesa.orders.rules.states import StateType
