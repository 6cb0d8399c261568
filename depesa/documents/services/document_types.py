"""Types of documents of an order: add, change, remove."""

import re
from collections.abc import Mapping
from typing import Any, Final

from django.db import transaction
from django.db.models import Max, ProtectedError

from depesa.core.edits import edited, put, removed, snapshot, unless_there
from depesa.core.errors import Faults, Refused, raise_faults
from depesa.core.reasons import gettext as _
from depesa.documents.models import OTHER, DocumentType, NumberSeries
from depesa.history.services import tell, teller
from depesa.staff.models import User

CODE: Final = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")
LONGEST_CODE, LONGEST_NAME, LONGEST_PREFIX = 40, 60, 20
FIELDS: Final = ("names", "series", "position", "has_due_on", "has_tax_on", "shows_prices", "asks_payment")


def add_type(
    code: str,
    names: Mapping[str, str],
    *,
    by: User | None,
    prefix: str = "",
    values: Mapping[str, Any] | None = None,
) -> DocumentType:
    """A document type of the firm's own; with a prefix, a number series of its own. Faults names the wrong fields."""
    kind = DocumentType(code=code.strip(), names=_names(names), **dict(values or {}))
    if "position" not in (values or {}):
        kind.position = (DocumentType.objects.aggregate(last=Max("position"))["last"] or 0) + 1
    raise_faults((_code_faults(kind.code) or _faults(kind)) | _prefix_faults(prefix))
    with transaction.atomic():
        if prefix:
            kind.series = _open_series(prefix)
        with unless_there(Faults({"code": _taken(kind.code)})):
            kind.save()
        tell(kind, "documents.type-added", after=_type_told(kind), by=by)
    return kind


def change_type(
    kind: DocumentType, values: Mapping[str, Any], *, by: User | None, version: int, prefix: str = ""
) -> DocumentType:
    """Change a type as somebody saw it in this version; Overtaken if it changed since. Code and books stay."""
    with edited(kind, version, by=by, told=_type_told, tell=teller("documents.type-changed", by=by)) as row:
        put(row, {**values, "names": _names(values.get("names", row.names))}, FIELDS)
        raise_faults(_faults(row) | _prefix_faults(prefix))
        if prefix:
            row.series = _open_series(prefix, kind=row.books or OTHER)
    return row


def remove_type(kind: DocumentType, *, by: User | None, version: int | None = None) -> None:
    """Remove a type of the firm's own as somebody saw it, with its templates; Refused if preset or in use."""
    if kind.is_preset:
        raise Refused(_("%(name)s is preset and stays.") % {"name": kind})
    try:
        with removed(kind, version) as row:
            tell(row, "documents.type-removed", before=_type_told(row), by=by)
    except ProtectedError:
        raise Refused(
            _("There are documents of the type %(name)s. It stays as long as they do.") % {"name": kind}
        ) from None


def _open_series(prefix: str, *, kind: str = OTHER) -> NumberSeries:
    return NumberSeries.objects.create(code=prefix, prefix=prefix, type=kind)


def _names(names: Mapping[str, str]) -> dict[str, str]:
    tidy = {language: " ".join(str(name).split()) for language, name in names.items()}
    return {language: name for language, name in tidy.items() if name}


def _code_faults(code: str) -> dict[str, str]:
    if not CODE.fullmatch(code) or len(code) > LONGEST_CODE:
        return {
            "code": _("“%(code)s” is no code. Write small letters a to z, digits and dashes, for example %(example)s.")
            % {"code": code, "example": "delivery-note"}
        }
    if DocumentType.objects.filter(code=code).exists():
        return {"code": _taken(code)}
    return {}


def _taken(code: str) -> str:
    return _("There is a document type %(code)s already. Choose another code, or change that one.") % {"code": code}


def _faults(kind: DocumentType) -> dict[str, str]:
    faults = {}
    if not kind.names:
        faults["names"] = _("Write a name in at least one language.")
    elif too_long := [name for name in kind.names.values() if len(name) > LONGEST_NAME]:
        faults["names"] = _("“%(name)s…” is too long; a name has at most %(n)s characters.") % {
            "name": too_long[0][:20],
            "n": LONGEST_NAME,
        }
    wanted = kind.books or OTHER
    if kind.series and kind.series.type not in {wanted, ""}:
        faults["series"] = _("Series %(code)s serves other documents. Choose another one, or open a new one.") % {
            "code": kind.series.code
        }
    if kind.is_accounting and kind.series is None:
        faults["series"] = _("An accounting document needs a number series.")
    return faults


def _prefix_faults(prefix: str) -> dict[str, str]:
    if len(prefix) > LONGEST_PREFIX:
        return {"prefix": _("A prefix has at most %(n)s characters.") % {"n": LONGEST_PREFIX}}
    if prefix and NumberSeries.objects.filter(code=prefix).exists():
        return {"prefix": _("There is a number series %(code)s already. Choose another prefix.") % {"code": prefix}}
    return {}


def _type_told(kind: DocumentType) -> dict[str, Any]:
    told = snapshot(kind, (name for name in FIELDS if name not in {"names", "series"}))
    names = {f"name_{language}": name for language, name in sorted(kind.names.items())}
    return {**names, "series": kind.series.code if kind.series else "", **told}
