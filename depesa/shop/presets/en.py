"""The shop in English: ways of delivery and payment, and the letters of accounts, newsletter and contact form."""

from typing import Final

from depesa.emails.presets import Draft, Leads, Says, Shows, When

WAYS: Final = {
    "post": "Post",
    "courier": "Courier",
    "pickup": "Personal pick-up",
    "individual": "Individual delivery",
    "transfer": "Bank transfer",
    "cash-on-delivery": "Cash on delivery",
}
_GREETING: Final = Says("{{ customer.salutation }},")
_NO_NAME: Final = Says("{{ greeting }},")
_END: Final = Says("Kind regards\n{% if contact != company.name %}{{ contact }}, {% endif %}{{ company.name }}")

DRAFTS: Final = {
    "registration": Draft(
        "Confirm your registration with {{ company.name }}",
        (
            _GREETING,
            Says("Thank you for registering. One step is left: confirm your account {{ account.email }}."),
            Leads("Confirm the registration", "link"),
            Says("The link works until {{ valid_until }} and only once."),
            Says("If you did not register with us, delete this e-mail; without your confirmation there is no account."),
            _END,
        ),
    ),
    "registration-after-order": Draft(
        "Your customer account with {{ company.name }}",
        (
            _GREETING,
            When(
                "order.number",
                (Says("Together with order {{ order.number }} we made a customer account for {{ account.email }}."),),
                (Says("We made a customer account for {{ account.email }}."),),
            ),
            Says("Confirm it, and it will show you where your orders stand and their documents."),
            Leads("Confirm the account", "link"),
            Says("The link works until {{ valid_until }} and only once. We deliver your order without it, too."),
            _END,
        ),
    ),
    "forgotten-password": Draft(
        "A new password for your account with {{ company.name }}",
        (
            _GREETING,
            Says("Somebody, most likely you, asked for a new password for {{ account.email }}. Choose it here:"),
            Leads("Choose a new password", "link"),
            Says("The link works until {{ valid_until }} and only once."),
            Says("If you did not ask for it, you need not do anything. Your present password stays as it is."),
            _END,
        ),
    ),
    "newsletter-opt-in": Draft(
        "Confirm that you want news from {{ company.name }}",
        (
            _NO_NAME,
            Says("Somebody asked for our newsletter to go to {{ subscriber.email }}. Was it you? Then confirm it:"),
            Leads("Yes, send me the newsletter", "link"),
            Says("The link works until {{ valid_until }}. Unless you confirm, we will not send you any news."),
            _END,
        ),
    ),
    "contact-form": Draft(
        "{% if message.reply %}Our answer to your message{% else %}We have received your message{% endif %}",
        (
            _NO_NAME,
            When(
                "message.reply",
                (Says("Thank you for your message. This is our answer:"), Shows("message.reply")),
                (Says("Thank you for your message. We have received it and will answer as soon as we can."),),
            ),
            When("message.text", (Shows("message.text", "You wrote", quoted=True),)),
            Says("If you want to add anything, reply to this e-mail."),
            _END,
        ),
    ),
}
