"""Orders in Lithuanian: names of states, and the letters about orders as they come."""

from typing import Final

from depesa.emails.presets import Block, Draft, Leads, Says, Shows, Tells, When

STATES: Final = {
    "received": "Gautas",
    "unresolved": "Neišspręstas",
    "payment-pending": "Laukiama mokėjimo",
    "payment-succeeded": "Mokėjimas gautas",
    "payment-failed": "Mokėjimas nepavyko",
    "payment-cancelled": "Mokėjimas atšauktas",
    "sent": "Išsiųstas",
    "cancelled": "Atšauktas",
}
_GREETING: Final = Says("{{ customer.salutation }},")
_ASK: Final = Says(
    "Jei kas nors neatitinka arba turite klausimų, atsakykite į šį laišką"
    "{% if company.phone %} arba paskambinkite telefonu {{ company.phone }}{% endif %}."
)
_END: Final = Says("Pagarbiai\n{% if contact != company.name %}{{ contact }}, {% endif %}{{ company.name }}")
_PAPERS: Final[tuple[Block, ...]] = (
    Shows("order.table"),
    When("order.note", (Shows("order.note", "Jūsų pastaba", quoted=True),)),
    When("order.billing_address", (Shows("order.billing_address", "Mokėtojo adresas"),)),
    When("order.delivery_address", (Shows("order.delivery_address", "Pristatymo adresas"),)),
)
_ACCOUNT: Final = When("order.link", (Leads("Peržiūrėti užsakymą savo paskyroje", "order.link"),))
_GUEST: Final = When(
    "order.link",
    (Says("Užsakymą galite bet kada peržiūrėti, prisijungti nereikia."), Leads("Peržiūrėti užsakymą", "order.link")),
)
_RECEIVED: Final = "dėkojame už {{ order.placed_on }} užsakymą Nr. {{ order.number }}. "
_OTHER: Final = Says(_RECEIVED + "Jį gavome ir jau pradedame vykdyti. Išsiuntę prekes, Jums pranešime.")
_TRANSFER: Final[tuple[Block, ...]] = (
    Says(_RECEIVED + "Pradėsime jį vykdyti, kai gausime apmokėjimą. Prašome apmokėti banko pavedimu:"),
    Tells(
        (
            ("Suma", "order.total"),
            ("Sąskaitos Nr.", "order.bank_account"),
            ("Mokėjimo paskirtis", "order.variable_symbol"),
            ("Apmokėti iki", "order.due_on"),
        )
    ),
)
_SUBJECT: Final = "Užsakymas Nr. {{ order.number }} gautas"
_SUBJECT_TRANSFER: Final = "Užsakymas Nr. {{ order.number }}: apmokėjimo duomenys"

DRAFTS: Final = {
    "order-received": Draft(_SUBJECT, (_GREETING, _OTHER, *_PAPERS, _ACCOUNT, _ASK, _END)),
    "order-received-transfer": Draft(_SUBJECT_TRANSFER, (_GREETING, *_TRANSFER, *_PAPERS, _ACCOUNT, _ASK, _END)),
    "order-received-guest": Draft(_SUBJECT, (_GREETING, _OTHER, *_PAPERS, _GUEST, _ASK, _END)),
    "order-received-guest-transfer": Draft(_SUBJECT_TRANSFER, (_GREETING, *_TRANSFER, *_PAPERS, _GUEST, _ASK, _END)),
    "order-summary": Draft(
        "Užsakymo Nr. {{ order.number }} suvestinė: dėl pristatymo dar susitarsime",
        (
            _GREETING,
            Says(
                "dėkojame už {{ order.placed_on }} užsakymą Nr. {{ order.number }}. Jo pristatymą deriname atskirai: "
                "apskaičiuosime kainą ir Jums parašysime. Iki tol prašome nieko nemokėti."
            ),
            Says("Užsakymo suvestinė (be pristatymo kainos):"),
            *_PAPERS,
            When("order.link", (Leads("Peržiūrėti užsakymą", "order.link"),)),
            _ASK,
            _END,
        ),
    ),
    "order-sent": Draft(
        "Užsakymas Nr. {{ order.number }} išsiųstas",
        (
            _GREETING,
            Says("ką tik išsiuntėme užsakymo Nr. {{ order.number }} prekes."),
            When("order.tracking_link", (Leads("Sekti siuntą", "order.tracking_link"),)),
            When("order.delivery_address", (Shows("order.delivery_address", "Pristatymo adresas"),)),
            Shows("order.table"),
            _ASK,
            _END,
        ),
    ),
    "invoice-issued": Draft(
        "Sąskaita faktūra {% if documents.invoice.number %}Nr. {{ documents.invoice.number }}{% else %}"
        "už užsakymą Nr. {{ order.number }}{% endif %}",
        (
            _GREETING,
            Says("siunčiame užsakymo Nr. {{ order.number }} sąskaitą faktūrą. Ją rasite laiško priede."),
            Tells(
                (
                    ("Sąskaitos faktūros Nr.", "documents.invoice.number"),
                    ("Suma", "documents.invoice.total"),
                    ("Apmokėti iki", "documents.invoice.due_on"),
                )
            ),
            When(
                "order.is_paid",
                (Says("Sąskaita jau apmokėta, mokėti nereikia."),),
                (
                    Tells(
                        (("Banko sąskaita", "order.bank_account"), ("Mokėjimo paskirtis", "order.variable_symbol")),
                    ),
                ),
            ),
            _ASK,
            _END,
        ),
    ),
}
