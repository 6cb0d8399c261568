"""The verbs of operations: enter, edit, remove, put back, attach, ask, post, send again."""

from depesa.operations.services.attachments import attach_file, attach_link, detach
from depesa.operations.services.entry import edit, enter, prefilled, put_back, remove
from depesa.operations.services.postings import FOLLOWING, already_posted, follow, post, send_again
from depesa.operations.services.requests import post_due, post_or_ask, withdraw
from depesa.operations.services.tasks import save_project, save_task
