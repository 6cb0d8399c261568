"""Reads of customers."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from depesa.core.search import few_or_all
from depesa.core.texts import as_key, fold
from depesa.customers.models import Consent, Contact, Customer, found_by


def statement_addresses(customers: Iterable[Customer]) -> Mapping[int, list[str]]:
    """Where each customer's statements go: contacts that get statements, else the address on the card.

    Keyed by customer id; an empty list when there is no address at all.
    """
    cards = list(customers)
    found: dict[int, list[str]] = defaultdict(list)
    contacts = Contact.objects.filter(customer__in=[card.pk for card in cards], gets_statements=True)
    for customer_id, email in contacts.order_by("id").values_list("customer_id", "email"):
        if email.lower() not in (known.lower() for known in found[customer_id]):
            found[customer_id].append(email)
    return {card.pk: found[card.pk] or ([card.email] if card.email else []) for card in cards}


def others_with_address(email: str, *, besides: int | None = None) -> list[Customer]:
    """Customers that use the address too, on the card or for a contact; at most five."""
    if not email:
        return []
    key = email.lower()
    contacts = Contact.objects.filter(email_key=key).values("customer")
    found = Customer.objects.filter(Q(email_key=key) | Q(pk__in=contacts)).exclude(pk=besides or 0)
    return list(found.order_by("id")[:5])


def with_code(code: str, among: QuerySet[Customer] | None = None) -> Customer | None:
    """The customer of exactly this code; else the only one whose code differs in letter case alone, never another."""
    wanted = as_key(code)
    rows = Customer.objects.all() if among is None else among
    near = list(rows.filter(code_key=fold(code))) if wanted else []
    exact = [each for each in near if each.code == wanted]
    alike = exact or [each for each in near if each.code.casefold() == wanted.casefold()]
    return alike[0] if len(alike) == 1 else None


def meant_by(text: str) -> list[Customer]:
    """The customer of this code, or who is found by the text: none, one, or the first two of several."""
    found = with_code(text)
    return [found] if found else list(Customer.objects.found_by(text).order_by("id")[:2])


def keys_found(text: str) -> Sequence[int] | QuerySet[Customer, int]:
    """The customers in whose code, name or address the words stand: none, some, or a question for many."""
    return few_or_all(Customer.objects.filter(found_by(text)).values_list("pk", flat=True))


def narrow_to_customer[Rows: QuerySet[Any]](rows: Rows, text: str) -> Rows:
    """Rows of the customer with this code, or of all in whose code, name or address the words stand."""
    exact = with_code(text)
    return rows.filter(customer_id=exact.pk) if exact else rows.filter(customer_id__in=keys_found(text))


def is_blocked_address(email: str) -> bool:
    """Whether orders from this address are refused: a customer with it on the card is blocked."""
    if not email:
        return False
    blocked = Customer.objects.filter(email_key=fold(email), is_blocked=True).values_list("email", flat=True)
    return any(known.casefold() == email.strip().casefold() for known in blocked)


def known_consents() -> list[tuple[str, str]]:
    """Code and name of every consent that some customer has given, by name."""
    return list(Consent.objects.order_by("name", "code").values_list("code", "name").distinct()[:100])


def named_values(card: Customer, names: Iterable[str]) -> list[tuple[str, str]]:
    """What these fields of the card are called and say, in words; those that say nothing are left out."""
    shown = (name for name in names if getattr(card, name) not in ("", None, False))
    return [(str(Customer._meta.get_field(name).verbose_name), _said(card, name)) for name in shown]  # type: ignore[union-attr]


def _said(card: Customer, name: str) -> str:
    words = getattr(card, f"get_{name}_display", None)
    value = words() if words else getattr(card, name)
    return _("yes") if value is True else str(value)
