"""The verbs of operations: enter, edit, remove, put back, attach, ask, post, send again."""

from depesa.operations.services.attachments import attach_file, attach_link, detach
from depesa.operations.services.entry import Conflict, edit, enter, prefilled, put_back, remove
from depesa.operations.services.postings import FOLLOWING, already_posted, follow, post, send_again
from depesa.operations.services.requests import ask, post_due, post_or_ask, withdraw

__all__ = [
    "FOLLOWING",
    "Conflict",
    "already_posted",
    "ask",
    "attach_file",
    "attach_link",
    "detach",
    "edit",
    "enter",
    "follow",
    "post",
    "post_due",
    "post_or_ask",
    "prefilled",
    "put_back",
    "remove",
    "send_again",
    "withdraw",
]
