"""A test letter: the whole way through the outbox, to an address of our own choice."""

import datetime as dt

from django.db import transaction
from django.utils import timezone

from depesa.company.queries import current
from depesa.core.errors import Refused
from depesa.core.reasons import gettext as _
from depesa.emails.models import SystemEmail
from depesa.emails.placeholders import context_of
from depesa.emails.services import fill, frame
from depesa.mail.addresses import check_address
from depesa.outbox.models import Channel, Message
from depesa.outbox.rules import Policy
from depesa.outbox.services.enclosures import enclose
from depesa.outbox.services.messages import Letter, prepare, queue
from depesa.staff.models import User

USEFUL_FOR = dt.timedelta(hours=1)


def send_test(channel: Channel, to: str, *, token: str, by: User) -> Message:
    """Queue a test letter on the channel; the same form token queues it once."""
    company = current()
    letter = Letter(
        dedupe_key=f"test:{token}",
        kind="test",
        customer_id=None,
        language=by.language or company.language,
        to=(check_address(to).text,),
        subject=_("Test letter from %(company)s") % {"company": company.name},
        text=_("This letter shows that the channel “%(channel)s” works. Nobody needs to answer it.")
        % {"channel": channel.name},
        useless_after=timezone.now() + USEFUL_FOR,
        policy=Policy.NOTICE,
        channel=channel,
    )
    return _queued(letter, by)


def send_system_email(email: SystemEmail, language: str, to: str, *, token: str, by: User) -> Message:
    """Queue a system e-mail as a customer would get it, with samples; the same form token queues it once.

    It leaves from the system's address and without a hidden copy, for nobody has confirmed anything by trying.
    CannotFill says what keeps it from being written.
    """
    company = current()
    filled = fill(email.code, language, context_of(email.context).samples)
    page = frame(filled, company)
    letter = Letter(
        dedupe_key=f"test:{token}",
        kind="test",
        customer_id=None,
        language=filled.language,
        to=(check_address(to).text,),
        subject=filled.subject,
        text=filled.text,
        html=page.html,
        inline=page.inline,
        enclosures=tuple(enclose(email.files.order_by("pk"))),
        useless_after=timezone.now() + USEFUL_FOR,
        policy=Policy.NOTICE,
    )
    return _queued(letter, by)


def _queued(letter: Letter, by: User) -> Message:
    sealing = prepare([letter])
    if problem := sealing.refused.get(letter.dedupe_key):
        raise Refused(problem)
    with transaction.atomic():
        return queue(sealing.ready, by=by)[letter.dedupe_key]
