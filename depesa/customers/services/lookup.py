"""The customer of an order: the card that is there, or a new one."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from django.db import transaction

from depesa.core.tables import next_keys
from depesa.core.texts import fold
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
    """The customer with this code or e-mail address, or a new card with these values; see found_or_made."""
    return found_or_made([{"email": email, **values}], by=by, origin=origin)[0]


def found_or_made(cards: Sequence[Mapping[str, Any]], *, by: User | None, origin: str = "") -> list[Customer]:
    """One customer for each of the cards, in their order, inside the transaction of what needs them.

    A card with a code is the customer of exactly that code, as in every import. Otherwise it is the oldest customer
    with its e-mail address on the card, whatever the letter case; one that is blocked only if no other has the
    address. Who is not there yet is made: with the code, or with one that the desk gives (K000123; numbers may be
    missing). Two cards alike are one customer. What a customer's card says already is left as it is. Call it before
    anything else of the transaction writes history: it holds the addresses until the end. Faults names a wrong address.
    """
    wanted = [_sound(card) for card in cards]
    with transaction.atomic():
        take_turn("customer of an address", {card["email"].casefold() for card in wanted if card["email"]})
        known = _known(wanted)
        made: dict[int, Customer] = {}
        found: list[Customer] = []
        strangers = [card for card in wanted if not any(key in known for key in _keys(card))]
        keys = iter(next_keys(Customer._meta.db_table, len(strangers)) if strangers else ())
        for card in wanted:
            customer = next((known[key] for key in _keys(card) if key in known), None)
            if customer is None:
                customer = Customer(pk=next(keys), **card)
                made[customer.pk] = customer
                known.update(dict.fromkeys(_keys(card), customer))
            found.append(customer)
        _insert(list(made.values()), by=by, origin=origin)
    return found


def _sound(card: Mapping[str, Any]) -> dict[str, Any]:
    """What of a card is kept, cut to what the fields hold: an order keeps every word of its own."""
    values = {name: value for name, value in card.items() if name in _KNOWN and value is not None}
    values["email"] = values.get("email") or ""
    values["code"] = values.get("code", "").strip()
    if values["email"]:
        values = sound(check_contact(values)).values
    values.setdefault("kind", Kind.CONTACT)
    values["name"] = values.get("name") or values["email"].partition("@")[0] or values.get("code") or "?"
    for field in Customer._meta.fields:
        if field.max_length and isinstance(values.get(field.name), str):
            values[field.name] = values[field.name][: field.max_length]
    return values


def _keys(card: Mapping[str, Any]) -> list[tuple[str, str]]:
    """By what the customer of a card is known: its code if it has one, else its address."""
    if card.get("code"):
        return [("code", card["code"])]
    return [("email", card["email"].casefold())] if card["email"] else []


def _known(cards: Sequence[Mapping[str, Any]]) -> dict[tuple[str, str], Customer]:
    keys = [key for card in cards for key in _keys(card)]
    codes = {value for kind, value in keys if kind == "code"}
    addresses = {value for kind, value in keys if kind == "email"}
    known: dict[tuple[str, str], Customer] = {}
    for customer in Customer.objects.filter(email_key__in=map(fold, addresses)).order_by("is_blocked", "id"):
        known.setdefault(("email", customer.email.casefold()), customer)
    for customer in Customer.objects.filter(code__in=codes):
        known["code", customer.code] = customer
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
