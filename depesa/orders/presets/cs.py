"""Orders in Czech: names of states, and the letters about orders as they come."""

from typing import Final

from depesa.emails.presets import Block, Draft, Leads, Says, Shows, Tells, When

STATES: Final = {
    "received": "Přijatá",
    "unresolved": "Nedořešená",
    "payment-pending": "Platba probíhá",
    "payment-succeeded": "Platba úspěšná",
    "payment-failed": "Platba selhala",
    "payment-cancelled": "Platba zrušena",
    "sent": "Odeslaná",
    "cancelled": "Storno",
}
_GREETING: Final = Says("{{ customer.salutation }},")
_ASK: Final = Says(
    "Pokud něco nesouhlasí nebo máte dotaz, odpovězte na tento e-mail"
    "{% if company.phone %} nebo nám zavolejte na {{ company.phone }}{% endif %}."
)
_END: Final = Says("S pozdravem\n{% if contact != company.name %}{{ contact }}, {% endif %}{{ company.name }}")
_PAPERS: Final[tuple[Block, ...]] = (
    Shows("order.table"),
    When("order.note", (Shows("order.note", "Vaše poznámka", quoted=True),)),
    When("order.billing_address", (Shows("order.billing_address", "Fakturační adresa"),)),
    When("order.delivery_address", (Shows("order.delivery_address", "Doručovací adresa"),)),
)
_ACCOUNT: Final = When("order.link", (Leads("Zobrazit objednávku ve Vašem účtu", "order.link"),))
_GUEST: Final = When(
    "order.link",
    (
        Says("Objednávku si můžete kdykoli prohlédnout, přihlášení není potřeba."),
        Leads("Zobrazit objednávku", "order.link"),
    ),
)
_RECEIVED: Final = "děkujeme za objednávku číslo {{ order.number }} ze dne {{ order.placed_on }}. "
_OTHER: Final = Says(_RECEIVED + "Přijali jsme ji a začínáme ji vyřizovat. Jakmile zboží odešleme, dáme Vám vědět.")
_TRANSFER: Final[tuple[Block, ...]] = (
    Says(_RECEIVED + "Vyřídíme ji, jakmile na náš účet dorazí platba. Uhraďte ji prosím převodem podle těchto údajů:"),
    Tells(
        (
            ("Částka", "order.total"),
            ("Číslo účtu", "order.bank_account"),
            ("Variabilní symbol", "order.variable_symbol"),
            ("Splatnost", "order.due_on"),
        )
    ),
)
_SUBJECT: Final = "Objednávka {{ order.number }}: přijali jsme ji"
_SUBJECT_TRANSFER: Final = "Objednávka {{ order.number }}: údaje k platbě"

DRAFTS: Final = {
    "order-received": Draft(_SUBJECT, (_GREETING, _OTHER, *_PAPERS, _ACCOUNT, _ASK, _END)),
    "order-received-transfer": Draft(_SUBJECT_TRANSFER, (_GREETING, *_TRANSFER, *_PAPERS, _ACCOUNT, _ASK, _END)),
    "order-received-guest": Draft(_SUBJECT, (_GREETING, _OTHER, *_PAPERS, _GUEST, _ASK, _END)),
    "order-received-guest-transfer": Draft(_SUBJECT_TRANSFER, (_GREETING, *_TRANSFER, *_PAPERS, _GUEST, _ASK, _END)),
    "order-summary": Draft(
        "Objednávka {{ order.number }}: souhrn, dopravu ještě domluvíme",
        (
            _GREETING,
            Says(
                "děkujeme za objednávku číslo {{ order.number }} ze dne {{ order.placed_on }}. Dopravu u ní řešíme "
                "individuálně: spočítáme její cenu a ozveme se Vám s ní. Do té doby prosím nic neplaťte."
            ),
            Says("Souhrn objednávky (bez ceny dopravy):"),
            *_PAPERS,
            When("order.link", (Leads("Zobrazit objednávku", "order.link"),)),
            _ASK,
            _END,
        ),
    ),
    "order-sent": Draft(
        "Objednávka {{ order.number }} je na cestě",
        (
            _GREETING,
            Says("zboží z objednávky {{ order.number }} jsme právě odeslali."),
            When("order.tracking_link", (Leads("Sledovat zásilku", "order.tracking_link"),)),
            When("order.delivery_address", (Shows("order.delivery_address", "Doručovací adresa"),)),
            Shows("order.table"),
            _ASK,
            _END,
        ),
    ),
    "invoice-issued": Draft(
        "Faktura {% if documents.invoice.number %}{{ documents.invoice.number }} {% endif %}"
        "k objednávce {{ order.number }}",
        (
            _GREETING,
            Says("v příloze Vám posíláme fakturu k objednávce {{ order.number }}."),
            Tells(
                (
                    ("Číslo faktury", "documents.invoice.number"),
                    ("Částka", "documents.invoice.total"),
                    ("Splatnost", "documents.invoice.due_on"),
                )
            ),
            When(
                "order.is_paid",
                (Says("Faktura je již uhrazena, nic neplaťte."),),
                (
                    Tells(
                        (("Číslo účtu", "order.bank_account"), ("Variabilní symbol", "order.variable_symbol")),
                    ),
                ),
            ),
            _ASK,
            _END,
        ),
    ),
}
