"""Orders in English: names of states, and the letters about orders as they come."""

from typing import Final

from depesa.emails.presets import Block, Draft, Leads, Says, Shows, Tells, When

STATES: Final = {
    "received": "Received",
    "unresolved": "Unresolved",
    "payment-pending": "Payment pending",
    "payment-succeeded": "Payment succeeded",
    "payment-failed": "Payment failed",
    "payment-cancelled": "Payment cancelled",
    "sent": "Sent",
    "cancelled": "Cancelled",
}
_GREETING: Final = Says("{{ customer.salutation }},")
_ASK: Final = Says(
    "If anything is not right or you have a question, reply to this e-mail"
    "{% if company.phone %} or call us on {{ company.phone }}{% endif %}."
)
_END: Final = Says("Kind regards\n{% if contact != company.name %}{{ contact }}, {% endif %}{{ company.name }}")
_PAPERS: Final[tuple[Block, ...]] = (
    Shows("order.table"),
    When("order.note", (Shows("order.note", "Your note", quoted=True),)),
    When("order.billing_address", (Shows("order.billing_address", "Billing address"),)),
    When("order.delivery_address", (Shows("order.delivery_address", "Delivery address"),)),
)
_ACCOUNT: Final = When("order.link", (Leads("See the order in your account", "order.link"),))
_GUEST: Final = When(
    "order.link",
    (Says("You can look at the order at any time without signing in."), Leads("See the order", "order.link")),
)
_RECEIVED: Final = "Thank you for your order {{ order.number }} of {{ order.placed_on }}. "
_OTHER: Final = Says(
    _RECEIVED + "We have received it and are getting it ready. We will write to you when it is on its way."
)
_TRANSFER: Final[tuple[Block, ...]] = (
    Says(_RECEIVED + "We will get it ready as soon as your payment arrives. Please pay by bank transfer:"),
    Tells(
        (
            ("Amount", "order.total"),
            ("Account", "order.bank_account"),
            ("Payment reference", "order.variable_symbol"),
            ("Due on", "order.due_on"),
        )
    ),
)
_SUBJECT: Final = "Order {{ order.number }} received"
_SUBJECT_TRANSFER: Final = "Order {{ order.number }}: how to pay"

DRAFTS: Final = {
    "order-received": Draft(_SUBJECT, (_GREETING, _OTHER, *_PAPERS, _ACCOUNT, _ASK, _END)),
    "order-received-transfer": Draft(_SUBJECT_TRANSFER, (_GREETING, *_TRANSFER, *_PAPERS, _ACCOUNT, _ASK, _END)),
    "order-received-guest": Draft(_SUBJECT, (_GREETING, _OTHER, *_PAPERS, _GUEST, _ASK, _END)),
    "order-received-guest-transfer": Draft(_SUBJECT_TRANSFER, (_GREETING, *_TRANSFER, *_PAPERS, _GUEST, _ASK, _END)),
    "order-summary": Draft(
        "Order {{ order.number }}: summary, delivery to be agreed",
        (
            _GREETING,
            Says(
                "Thank you for your order {{ order.number }} of {{ order.placed_on }}. Its delivery is arranged "
                "individually: we will work out the price and write to you. Please do not pay anything until then."
            ),
            Says("Summary of the order (without the price of delivery):"),
            *_PAPERS,
            When("order.link", (Leads("See the order", "order.link"),)),
            _ASK,
            _END,
        ),
    ),
    "order-sent": Draft(
        "Order {{ order.number }} is on its way",
        (
            _GREETING,
            Says("The goods of order {{ order.number }} have just left."),
            When("order.tracking_link", (Leads("Follow the parcel", "order.tracking_link"),)),
            When("order.delivery_address", (Shows("order.delivery_address", "Delivery address"),)),
            Shows("order.table"),
            _ASK,
            _END,
        ),
    ),
    "invoice-issued": Draft(
        "Invoice {% if documents.invoice.number %}{{ documents.invoice.number }} {% endif %}"
        "for order {{ order.number }}",
        (
            _GREETING,
            Says("Please find attached the invoice for order {{ order.number }}."),
            Tells(
                (
                    ("Invoice", "documents.invoice.number"),
                    ("Amount", "documents.invoice.total"),
                    ("Due on", "documents.invoice.due_on"),
                )
            ),
            When(
                "order.is_paid",
                (Says("It is paid already; there is nothing left to pay."),),
                (Tells((("Account", "order.bank_account"), ("Payment reference", "order.variable_symbol"))),),
            ),
            _ASK,
            _END,
        ),
    ),
}
