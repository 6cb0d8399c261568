"""The verbs of the outbox: queue, deliver, reap, settle."""

from depesa.outbox.mime import safe_name
from depesa.outbox.services.channels import default_channel, pause, resume
from depesa.outbox.services.delivering import deliver_due
from depesa.outbox.services.quarantine import end_quarantine, examine
from depesa.outbox.services.queueing import (
    EnclosureDraft,
    InlineDraft,
    Letter,
    NotVerified,
    Prepared,
    Sealing,
    prepare,
    queue,
)
from depesa.outbox.services.reaping import reap
from depesa.outbox.services.senders import mailbox_of
from depesa.outbox.services.settling import cancel, leave, send_again, try_again
from depesa.outbox.services.signing import html_signature

__all__ = [
    "EnclosureDraft",
    "InlineDraft",
    "Letter",
    "NotVerified",
    "Prepared",
    "Sealing",
    "cancel",
    "default_channel",
    "deliver_due",
    "end_quarantine",
    "examine",
    "html_signature",
    "leave",
    "mailbox_of",
    "pause",
    "prepare",
    "queue",
    "reap",
    "resume",
    "safe_name",
    "send_again",
    "try_again",
]
