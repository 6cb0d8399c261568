"""Orders as programs place and change them: the same verbs as on the pages."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from depesa.catalog.models import Product
from depesa.company.queries import current
from depesa.core.errors import Faults, Refused
from depesa.core.reasons import gettext as _
from depesa.customers.models import Customer
from depesa.customers.queries import with_code
from depesa.documents.models import DocumentType
from depesa.history.models import Origin
from depesa.orders import services as orders
from depesa.orders.models import Order, OrderDocument
from depesa.orders.services import ItemDraft, OrderDraft, Way, Wish
from depesa.staff.models import User

API: Final = Origin.API.value
FIELDS: Final = ("tracking_code", "tracking_url", "external_number", "variable_symbol", "note")


def place_order(values: Mapping[str, Any], *, by: User | None) -> Order:
    """Place the order that a program describes; Faults names what is wrong."""
    party = dict(values["customer"])
    code = party.pop("code")
    customer = _customer(code)
    language = values["language"] or (customer.language if customer else "") or current().language
    draft = OrderDraft(
        customer=customer,
        party={name: value for name, value in party.items() if value or not code},
        delivery={f"delivery_{name}": value for name, value in values["delivery"].items()},
        items=_items(values["items"], language),
        language=language,
        currency=values["currency"] or "",
        shipping=_way(values["shipping"]),
        payment=_way(values["payment"]),
        **{
            name: values[name]
            for name in (
                "number", "external_number", "includes_vat", "is_reverse_charge", "has_account",
                "is_individual_shipping", "payment_kind", "variable_symbol", "note",
            )
        },
    )  # fmt: skip
    return orders.place([draft], by=by, origin=API, send_emails=values["send_emails"])[0]


def _customer(code: str) -> Customer | None:
    if not code:
        return None
    found = with_code(code)
    if found is None:
        raise Faults({"customer.code": _("There is no customer with the code %(code)s.") % {"code": code}})
    return found


def _items(lines: Sequence[Mapping[str, Any]], language: str) -> list[ItemDraft]:
    codes = {line["code"] for line in lines if line["code"] and line["kind"] == "product"}
    products = {product.code: product for product in Product.objects.filter(code__in=codes)}
    return [_draft_of(line, products.get(line["code"]), language) for line in lines]


def _draft_of(line: Mapping[str, Any], product: Product | None, language: str) -> ItemDraft:
    if line["kind"] != "product":
        product = None
    rate = line["vat_rate"] if line["vat_rate"] is not None else product.vat_rate if product else Decimal(0)
    text = line["text"].strip()
    if not text and product:
        text = product.names.get(language) or product.name
    return ItemDraft(
        text=text,
        quantity=line["quantity"],
        price=line["price"],
        vat_rate=rate,
        code=line["code"],
        unit=line["unit"] or (product.unit if product else ""),
        kind=line["kind"],
        product=product,
    )


def _way(values: Mapping[str, Any] | None) -> Way | None:
    return Way(**values) if values else None


def change_order(order: Order, values: Mapping[str, Any], *, by: User | None) -> None:
    """Change what is named: first fields, then payment and what is left to do, then the state with its letters."""
    send = values.get("send_emails", True)
    changed = {name: values[name] for name in FIELDS if values.get(name) is not None}
    if changed:
        orders.change(order, changed, version=order.version, by=by, origin=API)
    if values.get("resolved") is not None:
        _must(orders.mark_resolved([order.pk], is_resolved=values["resolved"], by=by, origin=API).refused)
    if values.get("paid") is not None:
        done = orders.mark_paid([order.pk], is_paid=values["paid"], by=by, origin=API, send_emails=send)
        _must(done.refused)
    if values.get("state") is not None:
        state = _state_named(values["state"])
        _must(orders.change_state([order.pk], state, by=by, origin=API, send_emails=send).refused)


def _state_named(code: str) -> Any:
    try:
        return orders.state_named(code)
    except orders.UnknownState as problem:
        raise Faults({"state": str(problem)}) from None


def _must(refused: Mapping[int, str]) -> None:
    for why in refused.values():
        raise Refused(why)


def generate_document(order: Order, values: Mapping[str, Any], *, by: User | None) -> OrderDocument:
    """Generate the document; Refused with the reason when it cannot be made."""
    kind = DocumentType.objects.filter(code=values["type"]).first()
    if kind is None:
        known = ", ".join(DocumentType.objects.order_by("code").values_list("code", flat=True))
        raise Faults({"type": _("There is no such type of document. There are: %(known)s.") % {"known": known}})
    wish = Wish(
        order=order,
        type=kind,
        issued_on=values["issued_on"],
        due_on=values["due_on"],
        tax_on=values["tax_on"],
        variable_symbol=values["variable_symbol"],
        language=values["language"] or "",
    )
    issued = orders.generate([wish], by=by, origin=API, send_emails=values["send_emails"])
    _must(issued.refused)
    return issued.made[0]
