"""The states that the product needs, as it brings them: code and type, colour, names."""

from typing import Final

STATES: Final[list[tuple[str, str, dict[str, str]]]] = [
    ("received", "#2563eb", {"en": "Received", "cs": "Přijatá", "lt": "Gautas"}),
    ("unresolved", "#b45309", {"en": "Unresolved", "cs": "Nedořešená", "lt": "Neišspręstas"}),
    ("payment-pending", "#7c3aed", {"en": "Payment pending", "cs": "Platba probíhá", "lt": "Laukiama mokėjimo"}),
    ("payment-succeeded", "#15803d", {"en": "Payment succeeded", "cs": "Platba úspěšná", "lt": "Mokėjimas gautas"}),
    ("payment-failed", "#b91c1c", {"en": "Payment failed", "cs": "Platba selhala", "lt": "Mokėjimas nepavyko"}),
    ("payment-cancelled", "#6b7280", {"en": "Payment cancelled", "cs": "Platba zrušena", "lt": "Mokėjimas atšauktas"}),
    ("sent", "#0f766e", {"en": "Sent", "cs": "Odeslaná", "lt": "Išsiųstas"}),
    ("cancelled", "#52525b", {"en": "Cancelled", "cs": "Storno", "lt": "Atšauktas"}),
]
