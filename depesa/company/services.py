"""Change our own firm."""

from typing import Final

from django.db import transaction

from depesa.company.models import Company
from depesa.core import blobs
from depesa.core.errors import Refused
from depesa.files import pictures
from depesa.files.sandbox import NotOpened, open_apart
from depesa.history.services import Fact, record
from depesa.staff.models import User

LARGEST_LOGO: Final = 2 * 1024 * 1024  # bytes
FIELDS: Final = (
    "name",
    "company_code",
    "vat_code",
    "street",
    "postcode",
    "city",
    "country",
    "email",
    "phone",
    "website",
    "bank_account",
    "colour",
    "currency",
    "language",
    "time_zone",
)


class NotALogo(Refused):
    """Upload PNG or JPEG up to 2 MB."""


def save(company: Company, *, by: User, logo: bytes | None = None, is_logo_dropped: bool = False) -> None:
    """Keep the firm as it is now, with a new logo, the old one or none; the history tells what changed."""
    with transaction.atomic():
        former = Company.objects.select_for_update().filter(pk=1).first()
        if is_logo_dropped:
            company.logo = None
        if logo is not None:
            company.logo = blobs.keep(logo)
        company.save()
        before, after = _told(former), _told(company)
        changed = [name for name, value in after.items() if before.get(name, "") != value]
        if changed:
            record([_fact({name: before.get(name, "") for name in changed}, {n: after[n] for n in changed})], by=by)


def _told(company: Company | None) -> dict[str, str]:
    if company is None:
        return {}
    told = {name: str(getattr(company, name)) for name in FIELDS}
    return {**told, "logo": company.logo.sha256 if company.logo else ""}


def _fact(before: dict[str, str], after: dict[str, str]) -> Fact:
    return Fact(event="company.changed", subject=Company.ref_of(1), before=before, after=after)


def cleaned_logo(content: bytes) -> bytes:
    """The picture written anew: what is in the bytes decides, not the name; nothing but the picture is kept."""
    if len(content) > LARGEST_LOGO:
        raise NotALogo
    try:
        return open_apart(pictures.clean, content).parts[0]
    except NotOpened as problem:
        raise NotALogo from problem
