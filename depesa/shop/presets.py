"""The usual ways of delivery and payment, so that a new shop can sell; prices are for the trader to set."""

from typing import Final

SHIPPING: Final = (
    ("post", "post", "3.50", {"en": "Post", "cs": "Pošta", "lt": "Paštas"}),
    ("courier", "courier", "5.00", {"en": "Courier", "cs": "Kurýr", "lt": "Kurjeris"}),
    ("pickup", "pickup", "0", {"en": "Personal pick-up", "cs": "Osobní odběr", "lt": "Atsiėmimas vietoje"}),
    (
        "individual",
        "individual",
        "0",
        {"en": "Individual delivery", "cs": "Individuální doprava", "lt": "Individualus pristatymas"},
    ),
)
PAYMENT: Final = (
    ("transfer", "transfer", "0", {"en": "Bank transfer", "cs": "Bankovní převod", "lt": "Banko pavedimas"}),
    (
        "cash-on-delivery",
        "cash-on-delivery",
        "1.00",
        {"en": "Cash on delivery", "cs": "Dobírka", "lt": "Mokėjimas atsiimant"},
    ),
)
