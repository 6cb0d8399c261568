"""The verbs of the outbox: queue, deliver, reap, settle."""

from depesa.mail.filenames import safe_name
from depesa.outbox.services.channels import default_channel, pause, resume
from depesa.outbox.services.decisions import cancel, is_wanted, leave, send_again, try_again
from depesa.outbox.services.deliveries import deliver_due
from depesa.outbox.services.enclosures import EnclosureDraft, enclose, enclose_made, enclose_many, enclose_upload
from depesa.outbox.services.messages import Letter, NotVerified, Prepared, Sealing, prepare, queue
from depesa.outbox.services.quarantine import end_quarantine, examine
from depesa.outbox.services.reaper import reap
from depesa.outbox.services.resends import resend_due
from depesa.outbox.services.senders import mailbox_of
from depesa.outbox.services.signatures import html_signature
