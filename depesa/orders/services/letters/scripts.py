"""Letters about orders from scripts: the same way as from the window, without a draft."""

from collections.abc import Sequence
from uuid import uuid4

from depesa.core.errors import Refused
from depesa.core.reasons import gettext as _
from depesa.documents.models import DocumentType
from depesa.emails.models import SystemEmail
from depesa.emails.services import Filled, fill
from depesa.mail.addresses import split_addresses
from depesa.orders.models import Order
from depesa.orders.queries.facts import bundle
from depesa.orders.queries.window import key_of
from depesa.orders.services.letters.composition import OrderLetter
from depesa.outbox.services import enclose, enclose_upload


def letter_from(
    order: Order,
    *,
    origin: str,
    email: SystemEmail | None = None,
    subject: str = "",
    body: str = "",
    to: Sequence[str] = (),
    documents: Sequence[str] = (),
    files: Sequence[tuple[str, bytes]] = (),
) -> OrderLetter:
    """A letter from a system e-mail or words, with documents by code of their type, files by name and content.

    Types that do not exist and files that cannot go are refused.
    """
    filled = _filled(order, email, subject, body)
    codes = list(email.document_types.values_list("code", flat=True)) if email else []
    to = to or ([order.email] if order.email else [])
    return OrderLetter(
        order=order,
        key=key_of(uuid4()),
        to=[each.text for text in to for each in split_addresses(text)],
        bcc=[each.text for each in split_addresses(email.hidden_copy)] if email and email.hidden_copy else [],
        subject=subject or filled.subject,
        text=body or filled.text,
        html="" if body else filled.html,
        language=filled.language,
        types=_types(list(dict.fromkeys([*documents, *codes]))),
        files=[*(enclose_upload(*file) for file in files), *(enclose(email.files.all()) if email else [])],
        origin=origin,
    )


def _filled(order: Order, email: SystemEmail | None, subject: str, body: str) -> Filled:
    if email is None or (subject and body):
        return Filled(subject, body, order.language)
    found = bundle([order.pk])
    return fill(email.code, order.language, lambda language: found.values(order.pk, language))


def _types(codes: Sequence[str]) -> list[DocumentType]:
    found = {kind.code: kind for kind in DocumentType.objects.filter(code__in=codes).select_related("series")}
    if unknown := [code for code in codes if code not in found]:
        known = ", ".join(DocumentType.objects.order_by("position", "id").values_list("code", flat=True))
        raise Refused(
            _("There is no type of document %(codes)s. There are: %(known)s.")
            % {"codes": ", ".join(unknown), "known": known}
        )
    return [found[code] for code in codes]
