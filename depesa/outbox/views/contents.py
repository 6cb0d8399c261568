"""What stands in a sealed letter, answered for frames and pictures."""

from typing import Final

from django.http import Http404
from django.shortcuts import get_object_or_404

from depesa.mail.contents import addresses_of
from depesa.mail.privacy import closed
from depesa.outbox.mime import SealBroken
from depesa.outbox.models import Message
from depesa.outbox.queries import sealed_bytes
from depesa.pdf import page_picture
from depesa.staff.policy import DeskRequest, allow
from depesa.staff.rules import Right


def _content(request: DeskRequest, pk: int) -> bytes:
    try:
        return closed(sealed_bytes(get_object_or_404(Message.objects.visible_to(request.user), pk=pk)))
    except SealBroken as broken:
        raise Http404(str(broken)) from None


ADDRESSES: Final = addresses_of(_content, opens=allow(Right.SEE), draw=page_picture)
