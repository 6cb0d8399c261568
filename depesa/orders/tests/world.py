"""A small shop for the tests of orders."""

from decimal import Decimal

from depesa.emails.models import SystemEmail, SystemEmailText
from depesa.orders.models import Order, State
from depesa.orders.services import ItemDraft, OrderDraft, Way, place

TEXT = "{{ customer.salutation }},\n\norder {{ order.number }}: {{ order.state }}.\n\n{{ company.name }}\n"


def order(**changes) -> Order:
    """An order of two hammers and courier, placed without letters unless asked."""
    sends = changes.pop("send_emails", False)
    by, origin = changes.pop("by", None), changes.pop("origin", "staff")
    party = {"name": "Ona Žilėnaitė", "email": "ona@zilenaite.example", "street": "Ąžuolų g. 5", "city": "Vilnius"}
    values = {
        "items": [
            ItemDraft(text="Hammer", code="H-1", quantity=Decimal(2), price=Decimal("12.10"), vat_rate=Decimal(21))
        ],
        "shipping": Way(name="Courier", code="courier", price=Decimal("3.63"), vat_rate=Decimal(21)),
        "payment": Way(name="Bank transfer", code="transfer"),
        "payment_kind": "transfer",
        "language": "en",
        "includes_vat": True,
    }
    values["party"] = party | changes.pop("party", {})
    return place([OrderDraft(**(values | changes))], by=by, origin=origin, send_emails=sends)[0]


def email(code="order-moved", subject="Order {{ order.number }}", body=TEXT, **values) -> SystemEmail:
    """A system e-mail of one's own, in English."""
    found = SystemEmail.objects.create(code=code, name=code, context="order", **values)
    SystemEmailText.objects.create(system_email=found, language="en", subject=subject, body=body)
    return found


def state(code="packed", **values) -> State:
    """A state of one's own."""
    return State.objects.create(code=code, names={"en": code.capitalize()}, **values)
