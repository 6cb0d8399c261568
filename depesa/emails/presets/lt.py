"""The preset letters in Lithuanian."""

from typing import Final

from depesa.emails.presets.blocks import Block, Draft, Leads, Says, Shows, Tells, When

_GREETING: Final = Says("{{ customer.salutation }},")
_NO_NAME: Final = Says("{{ greeting }},")
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
    "registration": Draft(
        "Patvirtinkite registraciją – {{ company.name }}",
        (
            _GREETING,
            Says("dėkojame, kad užsiregistravote. Liko patvirtinti paskyrą {{ account.email }}:"),
            Leads("Patvirtinti registraciją", "link"),
            Says("Nuoroda galioja iki {{ valid_until }}, ja galima pasinaudoti vieną kartą."),
            Says("Jei pas mus nesiregistravote, šį laišką ištrinkite: nepatvirtinta paskyra nebus sukurta."),
            _END,
        ),
    ),
    "registration-after-order": Draft(
        "Jūsų pirkėjo paskyra – {{ company.name }}",
        (
            _GREETING,
            When(
                "order.number",
                (Says("kartu su užsakymu Nr. {{ order.number }} Jums sukūrėme pirkėjo paskyrą {{ account.email }}."),),
                (Says("Jums sukūrėme pirkėjo paskyrą {{ account.email }}."),),
            ),
            Says("Liko ją patvirtinti. Tada paskyroje matysite savo užsakymų būseną ir dokumentus."),
            Leads("Patvirtinti paskyrą", "link"),
            Says(
                "Nuoroda galioja iki {{ valid_until }}, ja galima pasinaudoti vieną kartą. "
                "Užsakymą įvykdysime ir be patvirtinimo."
            ),
            _END,
        ),
    ),
    "forgotten-password": Draft(
        "Naujas slaptažodis – {{ company.name }}",
        (
            _GREETING,
            Says(
                "kažkas, greičiausiai Jūs, paprašė naujo paskyros {{ account.email }} slaptažodžio. Jį nustatysite čia:"
            ),
            Leads("Nustatyti naują slaptažodį", "link"),
            Says("Nuoroda galioja iki {{ valid_until }}, ja galima pasinaudoti vieną kartą."),
            Says("Jei naujo slaptažodžio neprašėte, nieko daryti nereikia. Toliau galioja dabartinis."),
            _END,
        ),
    ),
    "newsletter-opt-in": Draft(
        "Patvirtinkite naujienlaiškio prenumeratą – {{ company.name }}",
        (
            _NO_NAME,
            Says("kažkas užsakė mūsų naujienlaiškį adresu {{ subscriber.email }}. Jei tai Jūs, prašome patvirtinti:"),
            Leads("Taip, noriu gauti naujienas", "link"),
            Says("Nuoroda galioja iki {{ valid_until }}. Nepatvirtinus jokių naujienų nesiųsime."),
            _END,
        ),
    ),
    "contact-form": Draft(
        "{% if message.reply %}Atsakymas į Jūsų žinutę{% else %}Jūsų žinutę gavome{% endif %}",
        (
            _NO_NAME,
            When(
                "message.reply",
                (Says("dėkojame už žinutę. Mūsų atsakymas:"), Shows("message.reply")),
                (Says("dėkojame už žinutę. Ją gavome ir atsakysime kuo greičiau."),),
            ),
            Shows("message.text", "Jūs rašėte", quoted=True),
            Says("Jei norite ką nors pridurti, atsakykite į šį laišką."),
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
