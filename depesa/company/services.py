"""Change our own firm."""

from collections.abc import Mapping
from functools import partial
from typing import Any, Final

from depesa.company.models import Company
from depesa.company.queries import current
from depesa.core import blobs
from depesa.core.edits import Snapshot, edited, put
from depesa.core.errors import Refused
from depesa.files import pictures
from depesa.files.sandbox import NotOpened, open_apart
from depesa.history.services import tell
from depesa.staff.models import User

LARGEST_LOGO: Final = 2 * 1024 * 1024  # bytes
FIELDS: Final = (
    "name", "company_code", "vat_code", "street", "postcode", "city", "country", "email", "phone", "website",
    "bank_account", "colour", "currency", "language", "time_zone",
)  # fmt: skip


class NotALogo(Refused):
    """Upload PNG or JPEG up to 2 MB."""


def save(
    values: Mapping[str, Any],
    *,
    by: User,
    version: int | None = None,
    logo: bytes | None = None,
    is_logo_dropped: bool = False,
) -> None:
    """Keep the firm as somebody saw and changed it, with a new logo, the old one or none."""
    with edited(current(), version, by=by, told=_company_told, tell=partial(_tell_change, by=by)) as company:
        put(company, values, FIELDS)
        if is_logo_dropped:
            company.logo = None
        if logo is not None:
            company.logo = blobs.keep(logo, is_lasting=True)


def _company_told(company: Company) -> Snapshot:
    told = {name: str(getattr(company, name)) for name in FIELDS}
    return told | {"logo": company.logo.sha256 if company.logo else ""}


def _tell_change(company: Company, before: Snapshot | None, after: Snapshot, *, by: User) -> None:
    after = after if before else {name: value for name, value in after.items() if value}
    tell(company, "company.changed", before=before, after=after, by=by)


def cleaned_logo(content: bytes) -> bytes:
    """The picture written anew: what is in the bytes decides, not the name; nothing but the picture is kept."""
    if len(content) > LARGEST_LOGO:
        raise NotALogo
    try:
        return open_apart(pictures.clean, content).parts[0]
    except NotOpened as problem:
        raise NotALogo from problem
