"""The customer of an order: the card that is there, or a new one."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from django.db import transaction

from depesa.core.codes import compact
from depesa.core.tables import next_keys
from depesa.core.texts import as_key, fold
from depesa.core.turns import take_turn
from depesa.customers.models import Customer, Kind
from depesa.customers.services.cards import FIELDS
from depesa.customers.services.checks import check_contact, sound
from depesa.customers.services.snapshots import fact_about, told
from depesa.history.services import record
from depesa.staff.models import User

LETTER: Final = "K"  # codes that the desk gives itself: K000123
_KNOWN: Final = frozenset(FIELDS)


def find_or_create(*, email: str = "", by: User | None = None, origin: str = "", **values: Any) -> Customer:
    """The customer who owns this e-mail address, whatever the name, or a new card with these values.

    For whoever has shown to own the address, or is only written to there; see found_or_made for orders.
    """
    return found_or_made([{"email": email, **values}], by=by, origin=origin, owns_address=True)[0]


def found_or_made(
    cards: Sequence[Mapping[str, Any]],
    *,
    by: User | None,
    origin: str = "",
    owns_address: bool = False,
    keeps_wrong_address: bool = False,
) -> list[Customer]:
    """One customer for each of the cards, in their order, inside the transaction of what needs them.

    A card with a code is the customer of exactly that code, as in every import. Otherwise it is the oldest customer
    with its e-mail address on the card, whatever the letter case, and with its company code, or its name where one of
    the two has no company code: two firms with one mailbox are two customers. One that is blocked is found only if no
    other fits. `owns_address`: the address alone tells who it is; so does a card that brings neither name nor code.

    Who is not there yet is made: with the code, or with one that the desk gives (K000123; numbers may be missing). Two
    cards alike are one customer. What a customer's card says already is left as it is. Call it before anything else of
    the transaction writes history: it holds the addresses until the end. Faults names a wrong address, unless it is to
    be kept as it was told.
    """
    wanted = [_sound(card, keeps_wrong_address=keeps_wrong_address) for card in cards]
    with transaction.atomic():
        take_turn("customer of an address", {card["email"].casefold() for card in wanted if card["email"]})
        known = _known(wanted)
        made: list[Customer] = []
        found: list[Customer] = []
        for card, is_named in zip(wanted, map(_is_named, cards), strict=True):
            here = known.setdefault(_key(card), [])
            by_address = owns_address or not is_named
            customer = next((one for one in here if card.get("code") or by_address or _is_same(one, card)), None)
            if customer is None:
                customer = Customer(**card)
                made.append(customer)
                if any(_key(card)):
                    here.append(customer)
            found.append(customer)
        keys = next_keys(Customer._meta.db_table, len(made)) if made else ()
        for customer, key in zip(made, keys, strict=True):
            customer.pk = key
        _insert(made, by=by, origin=origin)
    return found


def _is_named(card: Mapping[str, Any]) -> bool:
    return bool(card.get("name") or card.get("company_code"))


def _is_same(customer: Customer, card: Mapping[str, Any]) -> bool:
    """Whether whoever shares the address is the same firm or person: by company code, else by name."""
    codes = [compact(each) for each in (customer.company_code, card.get("company_code") or "")]
    if all(codes):
        return codes[0] == codes[1]
    return bare_name(customer.name) == bare_name(card["name"])


def bare_name(name: str) -> str:
    """A name without letter case, diacritics, blanks and signs: Alfa, s. r. o. is ALFA s.r.o."""
    return "".join(letter for letter in fold(name) if letter.isalnum())


def _sound(card: Mapping[str, Any], *, keeps_wrong_address: bool) -> dict[str, Any]:
    """What of a card is kept, cut to what the fields hold: an order keeps every word of its own."""
    values = {name: value for name, value in card.items() if name in _KNOWN and value is not None}
    values["email"] = values.get("email") or ""
    values["code"] = as_key(values.get("code", ""))
    if values["email"]:
        checked = check_contact(values)
        values = checked.values if keeps_wrong_address else sound(checked).values
    values.setdefault("kind", Kind.CONTACT)
    values["name"] = values.get("name") or values["email"].partition("@")[0] or values.get("code") or "?"
    for field in Customer._meta.fields:
        if field.max_length and isinstance(values.get(field.name), str):
            values[field.name] = values[field.name][: field.max_length]
    return values


def _key(card: Mapping[str, Any]) -> tuple[str, str]:
    """By what the customer of a card is known: its code if it has one, else its address."""
    return (card["code"], "") if card.get("code") else ("", card["email"].casefold())


def _known(cards: Sequence[Mapping[str, Any]]) -> dict[tuple[str, str], list[Customer]]:
    keys = [_key(card) for card in cards]
    known: dict[tuple[str, str], list[Customer]] = {}
    addresses = {fold(address) for _code, address in keys if address}
    for customer in Customer.objects.filter(email_key__in=addresses).order_by("is_blocked", "id"):
        known.setdefault(("", customer.email.casefold()), []).append(customer)
    for customer in Customer.objects.filter(code__in={code for code, _address in keys if code}):
        known[customer.code, ""] = [customer]
    return known


def _insert(customers: Sequence[Customer], *, by: User | None, origin: str) -> None:
    if not customers:
        return
    taken = set(
        Customer.objects.filter(code__in=[_given_code(one) for one in customers]).values_list("code", flat=True)
    )
    for one in customers:
        if not one.code:
            code = _given_code(one)
            one.code = code if code not in taken else f"{code}-{one.pk}"
    Customer.objects.bulk_create(customers, batch_size=500)
    facts = [
        fact_about(one.pk, "customers.entered", after=told(one, FIELDS, leave_out_empty=True)) for one in customers
    ]
    record(facts, by=by, origin=origin)


def _given_code(customer: Customer) -> str:
    return f"{LETTER}{customer.pk:06}"
