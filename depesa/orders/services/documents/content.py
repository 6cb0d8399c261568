"""What a document of an order says, taken from the order and our firm as they are now; from then on it is frozen."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Final, Self

from django.utils import timezone

from depesa.company.models import Company
from depesa.core.languages import words
from depesa.core.money import digits_of
from depesa.documents.rules import Line
from depesa.documents.rules.sums import Sums, net_price, sum_up
from depesa.orders.models import Invoicing, Item, Order, OrderDocument, PaymentKind
from depesa.orders.paper import OrderPaper, PaperLine, Party, Rate

PRICE: Final = Decimal("0.0001")


@dataclass(frozen=True, slots=True, kw_only=True)
class Portion:
    """A line that a document is about: the item as it was sold, and how much of it.

    `position` is the place of the line: in the order, and for a credit note in its invoice.
    """

    position: int
    text: str
    quantity: Decimal
    price: Decimal
    vat_rate: Decimal
    code: str = ""
    unit: str = ""
    note: str = ""
    told: tuple[Decimal, Decimal] | None = None
    """Net and VAT of this much of the line, where another shop has fixed them."""

    def kept(self) -> dict[str, Any]:
        """As JSON keeps it: amounts as plain decimal texts."""
        told = {"told": [f"{value:f}" for value in self.told]} if self.told else {}
        values = {name: f"{value:f}" if isinstance(value, Decimal) else value for name, value in asdict(self).items()}
        return values | {"told": None} | told

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> Self:
        values: dict[str, Any] = dict(kept)
        told = kept.get("told")
        amounts = {name: Decimal(kept[name]) for name in _AMOUNTS}
        return cls(**values | amounts | {"told": tuple(map(Decimal, told)) if told else None})

    def some(self, quantity: Decimal, *, after: Decimal, digits: int) -> Self:
        """This much of the line, when so much of it has been taken: all parts together make what the whole makes."""
        told = None
        if self.told:
            unit = Decimal(1).scaleb(-digits)
            shares = [
                tuple((value * done / self.quantity).quantize(unit, ROUND_HALF_UP) for value in self.told)
                for done in (after, after + quantity)
            ]
            told = (shares[1][0] - shares[0][0], shares[1][1] - shares[0][1])
        return replace(self, quantity=quantity, told=told)


_AMOUNTS: Final = frozenset({"quantity", "price", "vat_rate"})


def paper_of(
    order: Order,
    portions: Sequence[Portion],
    row: OrderDocument,
    *,
    sums: Sums,
    company: Company,
    settings: Invoicing,
) -> OrderPaper:
    """The whole document as raw facts, with number and days of the row that is going to keep it."""
    kind = row.type
    remarks = (words("remarks", row.language)["reverse-charge"],) if order.is_reverse_charge else ()
    return OrderPaper(
        type=kind.code,
        title=kind.name_in(row.language),
        number=row.number,
        order_number=order.number,
        language=row.language,
        currency=order.currency,
        issued_on=row.issued_on,
        due_on=row.due_on,
        tax_on=row.tax_on,
        ordered_on=timezone.localtime(order.placed_at).date(),
        variable_symbol=row.variable_symbol,
        related_number=row.invoice.number if row.invoice else "",
        related_on=row.invoice.issued_on if row.invoice else None,
        supplier=supplier_of(company, settings.register_note),
        customer=_party(order),
        delivery=_delivery(order),
        lines=tuple(_paper_line(order, portion) for portion in portions),
        rates=tuple(Rate(*rate) for rate in sums.rates),
        net=sums.net,
        vat=sums.vat,
        gross=sums.gross,
        rounding=Decimal(0),
        prices_include_vat=order.includes_vat,
        payment=order.payment_name,
        shipping=order.shipping_name,
        is_paid=order.is_paid,
        paid_on=timezone.localtime(order.paid_at).date() if order.paid_at else None,
        customer_note=order.note,
        remarks=remarks,
        takes_back=kind.takes_back,
        shows_prices=kind.shows_prices,
        asks_payment=kind.asks_payment and order.payment_kind == PaymentKind.TRANSFER,
    )


def sums_of(order: Order, portions: Sequence[Portion], invoice: OrderDocument | None) -> Sums:
    """What a document adds up to; a credit note: all that is taken back with it, less what the notes before it took.

    So the notes of an invoice make exactly what it made, in however many parts it is taken back.
    """
    earlier = list(invoice.credit_notes.all()) if invoice else []
    lines = [*portions, *(Portion.of(line) for note in earlier for line in note.portions)]
    whole = sum_up(lines, digits_of(order.currency), includes_vat=order.includes_vat)
    return whole.less(Sums(OrderPaper.of(note.content).rates) for note in earlier) if earlier else whole


def supplier_of(company: Company, register_note: str = "") -> Party:
    """Our firm as it stands on documents."""
    account = {"website": company.website, "bank_account": company.bank_account}
    return _party(company, **account, register_note=register_note)


def _party(source: Company | Order, **more: str) -> Party:
    names = ("name", "company_code", "vat_code", "country", "email", "phone")
    known = {name: getattr(source, name) for name in names}
    return Party(**known, **more, address_lines=tuple(source.address_lines))


def _delivery(order: Order) -> Party | None:
    if not order.delivery_lines:
        return None
    first, *others = order.delivery_lines
    return Party(name=first, address_lines=tuple(others), country=order.delivery_country)


def _paper_line(order: Order, portion: Portion) -> PaperLine:
    [(rate, net, vat)] = sum_up([portion], digits_of(order.currency), includes_vat=order.includes_vat).rates
    return PaperLine(
        code=portion.code,
        text=portion.text,
        quantity=portion.quantity,
        unit=portion.unit,
        price=portion.price,
        vat_rate=rate,
        net=net,
        vat=vat,
        gross=net + vat,
        note=portion.note,
    )


def portions_by_order(orders: Iterable[Order]) -> Mapping[int, list[Portion]]:
    """Every item of these orders in full, in one question."""
    found: dict[int, list[Portion]] = {order.pk: [] for order in orders}
    for item in Item.objects.filter(order__in=found).order_by("order_id", "position", "id"):
        lines = found[item.order_id]
        lines.append(
            Portion(
                position=len(lines),
                text=item.text,
                quantity=item.quantity,
                price=item.price,
                vat_rate=item.vat_rate,
                code=item.code,
                unit=item.unit,
                note=item.invoice_note,
                told=item.told,
            )
        )
    return found


def register_lines(paper: OrderPaper) -> list[Line]:
    """The lines as the register of sales documents keeps them: prices without VAT."""
    return [
        Line(
            code=line.code,
            text=line.text,
            quantity=line.quantity,
            price=net_price(line.price, line.vat_rate, includes_vat=paper.prices_include_vat).quantize(PRICE),
            vat_rate=line.vat_rate,
        )
        for line in paper.lines
    ]
