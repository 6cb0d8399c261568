"""What a customer agrees to, and takes back."""

import datetime as dt

from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify

from depesa.core.texts import fold
from depesa.customers.models import Consent, Customer
from depesa.customers.queries import known_consents
from depesa.customers.services.snapshots import tell
from depesa.staff.models import User


def agree(
    customer: Customer,
    *,
    code: str,
    name: str,
    source: str = "",
    valid_until: dt.date | None = None,
    by: User | None = None,
    origin: str = "",
) -> Consent:
    """The customer consents, from now on; one that is open already is taken as given anew."""
    with transaction.atomic():
        Customer.objects.select_for_update(no_key=True).get(pk=customer.pk)  # two clicks at once are one consent
        open_one = Consent.objects.filter(customer=customer, code=code, withdrawn_at=None).first()
        before = _consent_told(open_one) if open_one else None
        consent = open_one or Consent(customer=customer, code=code)
        consent.name, consent.source, consent.valid_until = name, source, valid_until
        if before is not None and before == _consent_told(consent) and consent.is_in_force(timezone.localdate()):
            return consent
        consent.given_at = timezone.now()
        consent.save()
        tell(customer, "customers.agreed", before=before, after=_consent_told(consent), by=by, origin=origin)
    return consent


def agree_by_name(
    customer: Customer, name: str, *, source: str = "", valid_until: dt.date | None = None, by: User | None = None
) -> Consent:
    """The same for a consent that is known by its name only: one that has the name already gives its code."""
    known = {title.casefold(): code for code, title in known_consents()}
    code = known.get(name.casefold()) or slugify(fold(name))[:40] or "consent"
    return agree(customer, code=code, name=name, source=source, valid_until=valid_until, by=by)


def withdraw(consent: Consent, *, by: User | None = None, origin: str = "") -> Consent:
    """The customer takes the consent back; withdrawn twice, the first time counts."""
    with transaction.atomic():
        now = timezone.now()
        if Consent.objects.filter(pk=consent.pk, withdrawn_at=None).update(withdrawn_at=now):
            tell(consent.customer_id, "customers.withdrew", before=_consent_told(consent), by=by, origin=origin)
    consent.refresh_from_db()
    return consent


def _consent_told(consent: Consent) -> dict[str, str]:
    until = consent.valid_until.isoformat() if consent.valid_until else ""
    return {"consent": consent.name, "code": consent.code, "source": consent.source, "valid_until": until}
