"""The shop in Czech: ways of delivery and payment, and the letters of accounts, newsletter and contact form."""

from typing import Final

from depesa.emails.presets import Draft, Leads, Says, Shows, When

WAYS: Final = {
    "post": "Pošta",
    "courier": "Kurýr",
    "pickup": "Osobní odběr",
    "individual": "Individuální doprava",
    "transfer": "Bankovní převod",
    "cash-on-delivery": "Dobírka",
}
_GREETING: Final = Says("{{ customer.salutation }},")
_NO_NAME: Final = Says("{{ greeting }},")
_END: Final = Says("S pozdravem\n{% if contact != company.name %}{{ contact }}, {% endif %}{{ company.name }}")

DRAFTS: Final = {
    "registration": Draft(
        "Dokončete registraci na {{ company.name }}",
        (
            _GREETING,
            Says("děkujeme za registraci. Zbývá ji potvrdit: tím Váš účet {{ account.email }} začne platit."),
            Leads("Potvrdit registraci", "link"),
            Says("Odkaz platí do {{ valid_until }} a lze jej použít jen jednou."),
            Says("Pokud jste se u nás neregistrovali, e-mail prosím smažte; bez potvrzení účet nevznikne."),
            _END,
        ),
    ),
    "registration-after-order": Draft(
        "Váš zákaznický účet na {{ company.name }}",
        (
            _GREETING,
            When(
                "order.number",
                (Says("k objednávce {{ order.number }} jsme Vám založili zákaznický účet {{ account.email }}."),),
                (Says("založili jsme Vám zákaznický účet {{ account.email }}."),),
            ),
            Says("Stačí ho potvrdit. Potom v něm uvidíte stav svých objednávek a doklady k nim."),
            Leads("Potvrdit účet", "link"),
            Says("Odkaz platí do {{ valid_until }} a lze jej použít jen jednou. Objednávku vyřídíme i bez potvrzení."),
            _END,
        ),
    ),
    "forgotten-password": Draft(
        "Nové heslo k účtu na {{ company.name }}",
        (
            _GREETING,
            Says("někdo, nejspíš Vy, požádal o nové heslo k účtu {{ account.email }}. Nastavíte si ho zde:"),
            Leads("Nastavit nové heslo", "link"),
            Says("Odkaz platí do {{ valid_until }} a lze jej použít jen jednou."),
            Says("Pokud jste o nové heslo nežádali, nemusíte dělat nic. Platí dál to dosavadní."),
            _END,
        ),
    ),
    "newsletter-opt-in": Draft(
        "Potvrďte odběr novinek {{ company.name }}",
        (
            _NO_NAME,
            Says("na adresu {{ subscriber.email }} si někdo objednal naše novinky. Jste-li to Vy, potvrďte to prosím:"),
            Leads("Ano, chci dostávat novinky", "link"),
            Says("Odkaz platí do {{ valid_until }}. Bez potvrzení Vám žádné novinky posílat nebudeme."),
            _END,
        ),
    ),
    "contact-form": Draft(
        "{% if message.reply %}Odpověď na Vaši zprávu{% else %}Vaši zprávu jsme dostali{% endif %}",
        (
            _NO_NAME,
            When(
                "message.reply",
                (Says("děkujeme za Vaši zprávu. Zde je naše odpověď:"), Shows("message.reply")),
                (Says("děkujeme za Vaši zprávu. Dostali jsme ji a odpovíme Vám co nejdříve."),),
            ),
            When("message.text", (Shows("message.text", "Napsali jste nám", quoted=True),)),
            Says("Chcete-li něco doplnit, odpovězte prosím na tento e-mail."),
            _END,
        ),
    ),
}
