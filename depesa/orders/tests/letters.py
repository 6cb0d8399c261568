"""Letters of orders, as tests look at them."""

import email
from email import policy

from depesa.orders.services.letters.composition import compose
from depesa.orders.services.letters.drafts import letter_of
from depesa.outbox.queries import sealed_bytes


def composed(draft):
    return compose(letter_of(draft))


def read(message):
    return email.message_from_bytes(sealed_bytes(message), policy=policy.default)


def names_in(message):
    return [part.get_filename() for part in read(message).iter_attachments()]
