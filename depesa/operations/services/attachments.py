"""Files and links on an operation."""

from django.db import transaction

from depesa.core import blobs
from depesa.core.edits import raised
from depesa.core.errors import Refused
from depesa.core.links import is_web_address
from depesa.core.reasons import gettext as _
from depesa.documents.models import Paper
from depesa.documents.rules import Posting
from depesa.files.uploads import media_type_of
from depesa.history.services import tell
from depesa.operations.models import Attachment, Operation
from depesa.staff.models import User


def attach_file(operation: Operation, *, file_name: str, content: bytes, by: User | None, name: str = "") -> Attachment:
    """Put a file on the operation; it belongs to the operation's customer and goes with the letter.

    BadUpload says what is wrong with it: size, type by content, or a PDF that does more than show pages.
    """
    media_type = media_type_of(file_name, content)
    name = name or file_name
    with transaction.atomic():
        blob = blobs.keep(content)
        paper = None
        if operation.customer_id:
            paper = Paper.objects.create(
                customer_id=operation.customer_id, blob=blob, name=name[:150], media_type=media_type
            )
        return _attach(Attachment(name=name[:150], blob=blob, paper=paper, media_type=media_type), operation, by)


def attach_link(operation: Operation, *, name: str, link: str, by: User | None) -> Attachment:
    """Put a link on the operation; in a letter it stands under the text."""
    if not is_web_address(link):
        raise Refused(_("A link starts with https:// or http://."))
    with transaction.atomic():
        return _attach(Attachment(name=name[:150] or link[:150], link=link), operation, by)


def _attach(attachment: Attachment, operation: Operation, by: User | None) -> Attachment:
    attachment.operation = operation
    attachment.save()
    _tell_attached("operations.attached", operation, attachment.name, by)
    return attachment


def detach(attachment: Attachment, *, by: User | None) -> None:
    """Take a file or link off its operation; the file itself stays where letters refer to it."""
    with transaction.atomic():
        attachment.delete()
        _tell_attached("operations.detached", attachment.operation, attachment.name, by)


def _tell_attached(event: str, operation: Operation, name: str, by: User | None) -> None:
    row = (
        Operation.objects.select_for_update(no_key=True).only("version", "posting", "customer_id").get(pk=operation.pk)
    )
    posting = Posting.CORRECTED if row.posting == Posting.POSTED else row.posting
    Operation.objects.filter(pk=row.pk).update(posting=posting, **raised(by))
    tell(row, event, after={"name": name}, by=by)
