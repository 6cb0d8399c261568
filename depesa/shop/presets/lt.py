"""The shop in Lithuanian: ways of delivery and payment, and the letters of accounts, newsletter and contact form."""

from typing import Final

from depesa.emails.presets import Draft, Leads, Says, Shows, When

WAYS: Final = {
    "post": "Paštas",
    "courier": "Kurjeris",
    "pickup": "Atsiėmimas vietoje",
    "individual": "Individualus pristatymas",
    "transfer": "Banko pavedimas",
    "cash-on-delivery": "Mokėjimas atsiimant",
}
_GREETING: Final = Says("{{ customer.salutation }},")
_NO_NAME: Final = Says("{{ greeting }},")
_END: Final = Says("Pagarbiai\n{% if contact != company.name %}{{ contact }}, {% endif %}{{ company.name }}")

DRAFTS: Final = {
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
            When("message.text", (Shows("message.text", "Jūs rašėte", quoted=True),)),
            Says("Jei norite ką nors pridurti, atsakykite į šį laišką."),
            _END,
        ),
    ),
}
