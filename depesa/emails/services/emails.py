"""Change system e-mails themselves: add one's own, copy, set, remove, and the files that go along."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from depesa.core import blobs
from depesa.core.edits import edited, removed
from depesa.core.errors import DomainError, Faults, Refused
from depesa.core.reasons import gettext as _
from depesa.core.tables import free_code
from depesa.documents.models import DocumentType
from depesa.emails.contributions import check_sender, usages_of
from depesa.emails.models import SystemEmail, SystemEmailFile, SystemEmailText
from depesa.files.uploads import LARGEST, media_type_of
from depesa.history.services import tell, teller
from depesa.staff.models import User

_LONGEST_CODE: Final = 60


class InUse(Refused):
    """This system e-mail is in use. Choose another one there first."""


class NotYours(Refused):
    """A preset system e-mail cannot be deleted: it is bound to its event. Switch it off instead."""


class FileRefused(Refused):
    """This file cannot go along."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What can be set about a system e-mail in all its languages."""

    name: str
    is_active: bool
    description: str = ""
    sender: str = ""
    hidden_copy: str = ""
    document_types: Iterable[DocumentType] = ()


def add(name: str, context: str, *, by: User) -> SystemEmail:
    """A system e-mail of one's own, without texts yet."""
    with transaction.atomic():
        email = SystemEmail.objects.create(
            code=free_code(SystemEmail, name, usual="letter", most=_LONGEST_CODE, reserved=RESERVED),
            name=name,
            context=context,
        )
        tell(email, "emails.email-added", after={"name": name}, by=by)
    return email


def copy(email: SystemEmail, name: str, *, by: User) -> SystemEmail:
    """One's own system e-mail with the texts, settings and files of another; it is bound to no event."""
    with transaction.atomic():
        new = SystemEmail.objects.create(
            code=free_code(SystemEmail, name, usual="letter", most=_LONGEST_CODE, reserved=RESERVED),
            name=name,
            context=email.context,
            description=email.description,
            sender=email.sender,
            hidden_copy=email.hidden_copy,
        )
        new.document_types.set(email.document_types.all())
        SystemEmailFile.objects.bulk_create(
            SystemEmailFile(system_email=new, blob_id=file.blob_id, name=file.name, media_type=file.media_type)
            for file in email.files.all()
        )
        for text in email.texts.all():
            SystemEmailText.objects.create(
                system_email=new,
                language=text.language,
                subject=text.subject,
                body=text.body,
                html=text.html,
                editor=text.editor,
                changed_by=by,
            )
        tell(new, "emails.email-added", after={"name": name, "copy of": email.code}, by=by)
    return new


def change(email: SystemEmail, setting: Setting, *, by: User, version: int | None = None) -> None:
    """Set it as somebody saw it; the event of a preset one stays as it is. Faults if no letter could leave with it."""
    sender = _usable(setting.sender)
    with edited(email, version, by=by, told=_email_told, tell=teller("emails.email-changed", by=by)) as row:
        if not row.is_preset:
            row.name = setting.name
        row.is_active, row.description = setting.is_active, setting.description
        row.sender, row.hidden_copy = sender, setting.hidden_copy
        row.document_types.set(setting.document_types)


def remove(email: SystemEmail, *, by: User, version: int | None = None) -> None:
    """Delete a system e-mail of one's own, as somebody saw it, that nothing uses; InUse or NotYours says why not."""
    if email.is_preset:
        raise NotYours
    if used := usages_of(email):
        places = [usage.text for usage in used]
        raise InUse(_("It is used by: %(places)s. Choose another one there first.") % {"places": places})
    try:
        with removed(email, version) as row:
            tell(row, "emails.email-removed", before={"name": row.name}, by=by)
    except ProtectedError as problem:
        raise InUse from problem


def attach(email: SystemEmail, name: str, content: bytes, *, by: User) -> SystemEmailFile:
    """Let a file go with every letter; BadUpload or FileRefused says what is wrong with it."""
    media_type = media_type_of(name, content)
    try:
        with transaction.atomic():
            there = sum(file.blob.size for file in email.files.select_related("blob").defer("blob__content"))
            if there + len(content) > LARGEST:
                raise FileRefused(_("Together the files are too big for a letter. Take one away first."))
            file = SystemEmailFile.objects.create(
                system_email=email, blob=blobs.keep(content), name=name[:150], media_type=media_type
            )
            tell(email, "emails.email-changed", after={"file": file.name}, by=by)
    except IntegrityError as problem:
        sentence = _("A file called “%(name)s” goes along already. Take it away first, or rename yours.")
        raise FileRefused(sentence % {"name": name[:150]}) from problem
    return file


def detach(file: SystemEmailFile, *, by: User) -> None:
    """Let the file go along no longer."""
    with transaction.atomic():
        tell(file.system_email, "emails.email-changed", before={"file": file.name}, by=by)
        file.delete()


def _usable(sender: str) -> str:
    try:
        return check_sender(sender) if sender else ""
    except DomainError as problem:
        raise Faults({"sender": str(problem)}) from problem


RESERVED: Final = frozenset({"new", "paste"})  # words of addresses


def _email_told(email: SystemEmail) -> dict[str, str]:
    types = ", ".join(email.document_types.order_by("position", "id").values_list("code", flat=True))
    return {
        "name": email.name,
        "active": "yes" if email.is_active else "no",
        "description": email.description,
        "sender": email.sender,
        "hidden copy": email.hidden_copy,
        "documents": types,
    }
