"""A test letter: the whole way through the outbox, to an address of our own choice."""

import datetime as dt

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from depesa.company.queries import current
from depesa.core.addresses import check_address
from depesa.core.errors import Refused
from depesa.outbox.models import Channel, Message
from depesa.outbox.rules import Policy
from depesa.outbox.services.queueing import Letter, prepare, queue
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
    sealing = prepare([letter])
    if problem := sealing.refused.get(letter.dedupe_key):
        raise Refused(problem)
    with transaction.atomic():
        return queue(sealing.ready, by=by)[letter.dedupe_key]
