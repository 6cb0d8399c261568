"""Which preset system e-mail tells of a new order. Pure Python."""

from typing import Final

PAY_BY_TRANSFER: Final = frozenset({"order-received-transfer", "order-received-guest-transfer"})


def order_preset(*, has_account: bool, is_transfer: bool, is_individual: bool = False) -> str:
    """The code of the system e-mail of a new order; with individual shipping its price must be agreed first."""
    if is_individual:
        return "order-summary"
    return "order-received" + ("" if has_account else "-guest") + ("-transfer" if is_transfer else "")
