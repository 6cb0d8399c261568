"""Letters about orders from scripts: the same way as from the window, without a draft."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import uuid4

from django.utils.translation import gettext as _

from depesa.core import blobs
from depesa.core.errors import Refused
from depesa.core.uploads import media_type_of
from depesa.documents.models import DocumentType
from depesa.emails.models import SystemEmail
from depesa.emails.services import Filled, fill
from depesa.mail.addresses import split_addresses
from depesa.orders.models import Order
from depesa.orders.queries.facts import bundle
from depesa.orders.services.letters.composition import Wanted
from depesa.orders.services.letters.dispatch import Sent, key_of, send
from depesa.outbox.services import EnclosureDraft, safe_name
from depesa.staff.models import User


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A letter as a script gives it: a system e-mail or words, document types by code, files by name and content."""

    order: Order
    origin: str
    email: SystemEmail | None = None
    subject: str = ""
    body: str = ""
    to: Sequence[str] = ()
    documents: Sequence[str] = ()
    files: Sequence[tuple[str, bytes]] = ()
    by: User | None = None
    key: str = ""
    """Of the request, so that asking twice sends once; left out: every call is a letter."""


def send_written(written: Written) -> Sent:
    """Send it; types that do not exist and files that cannot go are refused, missing accounting documents named."""
    order = written.order
    filled = _filled(written)
    codes = list(dict.fromkeys([*written.documents, *_carried(written.email)]))
    to = written.to or ([order.email] if order.email else [])
    return send(
        Wanted(
            order=order,
            key=written.key or key_of(uuid4()),
            to=[each.text for text in to for each in split_addresses(text)],
            bcc=[each.text for each in split_addresses(written.email.hidden_copy)]
            if written.email and written.email.hidden_copy
            else [],
            subject=written.subject or filled.subject,
            text=written.body or filled.text,
            html="" if written.body else filled.html,
            language=filled.language,
            types=_types(codes),
            files=[*_files(written.files), *_own_files(written.email)],
            by=written.by,
            origin=written.origin,
        )
    )


def _filled(written: Written) -> Filled:
    order = written.order
    if written.email is None or (written.subject and written.body):
        return Filled(written.subject, written.body, order.language)
    found = bundle([order.pk])
    return fill(written.email.code, order.language, lambda language: found.values(order.pk, language))


def _carried(email: SystemEmail | None) -> list[str]:
    return list(email.document_types.values_list("code", flat=True)) if email else []


def _types(codes: Sequence[str]) -> list[DocumentType]:
    found = {kind.code: kind for kind in DocumentType.objects.filter(code__in=codes).select_related("series")}
    if unknown := [code for code in codes if code not in found]:
        known = ", ".join(DocumentType.objects.order_by("position", "id").values_list("code", flat=True))
        raise Refused(
            _("There is no type of document %(codes)s. There are: %(known)s.")
            % {"codes": ", ".join(unknown), "known": known}
        )
    return [found[code] for code in codes]


def _files(files: Sequence[tuple[str, bytes]]) -> list[EnclosureDraft]:
    drafts = []
    for name, content in files:
        media_type = media_type_of(name, content)
        blob = blobs.keep(content)
        safe = safe_name(name, media_type)
        drafts.append(EnclosureDraft(blob_id=blob.pk, content=content, name=safe, media_type=media_type))
    return drafts


def _own_files(email: SystemEmail | None) -> list[EnclosureDraft]:
    rows = email.files.select_related("blob") if email else []
    return [
        EnclosureDraft(blob_id=row.blob_id, content=bytes(row.blob.content), name=row.name, media_type=row.media_type)
        for row in rows
    ]
