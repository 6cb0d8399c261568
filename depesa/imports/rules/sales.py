"""Sales documents out of gathered lines: one customer, one currency, sums that agree, a fitting sign."""

import datetime as dt
import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from depesa.core.money import digits_of
from depesa.core.vat_rates import known_rates, rates_shown
from depesa.imports.rules import limits
from depesa.imports.rules.fields import CREDIT_NOTE, LABELS, REVERSALS
from depesa.imports.rules.lines import Line
from depesa.imports.rules.numbers import DECIMALS, round_money
from depesa.imports.rules.profiles import Profile
from depesa.imports.rules.refusals import Problem, Unreadable, gettext_noop
from depesa.imports.rules.stage import Gathered, Stage

NO_CUSTOMER = gettext_noop("The document has no customer. Fill in the customer code.")
TWO_VALUES = gettext_noop("The lines of the document differ: “%(first)s” and “%(second)s”. Write one.")
NO_DATE = gettext_noop("The date is missing. Write it like 2026-03-31.")
NO_KIND = gettext_noop("The type is missing. Write invoice, waybill, return or credit note.")
NO_CURRENCY = gettext_noop("The currency is missing. Write its three letters, like EUR.")
TOO_LONG = gettext_noop("The document has more than %(limit)d lines.")
NO_AMOUNT = gettext_noop("Row %(line)d: the amount is missing. Fill in the unit price, the net or the gross amount.")
NO_QUANTITY = gettext_noop("Row %(line)d: the quantity is missing.")
NO_RATE = gettext_noop("Row %(line)d: the VAT rate is missing.")
WHICH_RATE = gettext_noop("Row %(line)d: %(rates)s %% all make the VAT of %(vat)s. Add a column with the VAT rate.")
TOTAL = gettext_noop(
    "The file says %(told)s %(currency)s, the lines make %(found)s (added exactly, rounded once, half up)."
)
GROSS = gettext_noop("The file says %(told)s %(currency)s, net and VAT make %(found)s.")
WRONG_SIGN = gettext_noop(
    "A sale that adds up to %(amount)s. Choose a return or a credit note as its type, or correct the amounts."
)
WRONG_RETURN_SIGN = gettext_noop(
    "A return that adds up to more than zero (%(amount)s). The profile expects returns with negative amounts."
)
ZERO = Decimal(0)
OVER_LIMIT = gettext_noop("The document adds up to more than %(limit)s.")


class Item(NamedTuple):
    """One line of a document; amounts positive on a sale and on a return alike, the type says the sign."""

    code: str
    description: str
    quantity: Decimal
    unit_price: Decimal
    vat_rate: Decimal
    net: Decimal
    """Not rounded."""


class Tax(NamedTuple):
    """What one VAT rate makes on a document."""

    rate: Decimal
    net: Decimal
    vat: Decimal


@dataclass(frozen=True, slots=True)
class SalesDocument:
    """A document as the file gives it, ready to be kept. Amounts carry no sign of the type."""

    kind: str
    number: str
    on: dt.date
    currency: str
    customer_code: str
    customer_name: str
    email: str
    language: str
    country: str
    items: tuple[Item, ...]
    taxes: tuple[Tax, ...]
    first_line: int
    lines: int

    @property
    def net(self) -> Decimal:
        return sum((tax.net for tax in self.taxes), ZERO)

    @property
    def vat(self) -> Decimal:
        return sum((tax.vat for tax in self.taxes), ZERO)

    @property
    def gross(self) -> Decimal:
        """Net and VAT."""
        return self.net + self.vat

    @property
    def sign(self) -> int:
        """-1 where the document takes a sale back."""
        return -1 if self.kind in REVERSALS else 1

    @property
    def content_hash(self) -> str:
        """SHA-256 of what the document says; the same document from another file has the same."""
        said = [self.kind, self.number, self.on.isoformat(), self.currency, self.customer_code]
        said += [f"{tax.rate.normalize()} {tax.net} {tax.vat}" for tax in self.taxes]
        said += [f"{item.code}\t{item.description}\t{item.quantity}\t{item.unit_price}" for item in self.items]
        return hashlib.sha256("\n".join(said).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Refusal:
    """A document or a row that was not taken, and why."""

    line: int
    number: str
    problem: Problem


@dataclass(frozen=True, slots=True)
class Assembled:
    """One number of the file: a document, or what speaks against it (at least one refusal)."""

    number: str
    first_line: int
    document: SalesDocument | None
    refusals: tuple[Refusal, ...] = ()


def assemble(gathered: Gathered, profile: Profile, *, home: str = "") -> Assembled:
    """The document of gathered lines, or its refusals; `home` is our country (ISO 3166), whose VAT rates are likely."""
    number, first = gathered.number, gathered.first_line
    refusals = [Refusal(line, number, problem) for line, problem in gathered.problems]
    if not refusals:
        try:
            return Assembled(number, first, _build(gathered, profile, home))
        except Unreadable as unreadable:
            refusals.append(Refusal(first, number, unreadable.problem))
    return Assembled(number, first, None, tuple(refusals))


def assemble_all(
    stage: Stage, profile: Profile, after: int = 0, make: Callable[[Gathered, Profile], Assembled] = assemble
) -> Iterator[Assembled]:
    """Every document of the file in the order of first lines."""
    for gathered in stage.gather(after):
        yield make(gathered, profile)


def _build(gathered: Gathered, profile: Profile, home: str) -> SalesDocument:
    if gathered.is_too_long:
        raise Unreadable(TOO_LONG, limit=limits.MAX_DOCUMENT_LINES)
    customer = _only(gathered, "customer_code")
    if not customer:
        raise Unreadable(NO_CUSTOMER)
    day = _only(gathered, "date")
    if not day:
        raise Unreadable(NO_DATE)
    currency = _only(gathered, "currency")
    if not currency:
        raise Unreadable(NO_CURRENCY)
    digits = digits_of(currency)
    on = dt.date.fromisoformat(day)
    texts = {name: _only_or_constant(gathered, profile, name, customer) for name in _TEXTS}
    known = [known_rates(country, on) for country in (home, texts["country"], _COUNTRY_OF.get(currency, ""))]
    amounts = {line.line: _read_item(line, digits, known) for line in gathered.lines if not _is_text(line)}
    items = list(amounts.values())
    if not items:
        raise Unreadable(NO_AMOUNT, line=gathered.first_line)
    _check_decimals(items, digits)
    taxes = _sum_by_rate(items, digits)
    gross = sum((tax.net + tax.vat for tax in taxes), ZERO)
    kind, sign = _find_sign(_only(gathered, "type") or _only(gathered, "usual_type"), gross, profile)
    _check_totals(gathered, items, taxes, currency)
    taxes = tuple(Tax(tax.rate, sign * tax.net + ZERO, sign * tax.vat + ZERO) for tax in taxes)
    if sum(abs(tax.net) for tax in taxes) > limits.MAX_AMOUNT:
        raise Unreadable(OVER_LIMIT, limit=f"{limits.MAX_AMOUNT:,}".replace(",", " "))
    return SalesDocument(
        kind=kind,
        number=gathered.number,
        on=on,
        currency=currency,
        customer_code=customer,
        items=tuple(_sign_item(amounts.get(line.line) or _blank(line, items[0].rate), sign) for line in gathered.lines),
        taxes=taxes,
        first_line=gathered.first_line,
        lines=len(gathered.lines),
        **texts,
    )


_TEXTS = ("customer_name", "email", "language", "country")
_COUNTRY_OF = {
    "BGN": "BG", "CHF": "CH", "CZK": "CZ", "DKK": "DK", "GBP": "GB", "HUF": "HU", "NOK": "NO", "PLN": "PL", "RON": "RO",
    "SEK": "SE",
}  # fmt: skip
"""Where a currency is that of one country."""


class _Amounts(NamedTuple):
    """A line's numbers as the file has them; vat is None where it follows from the rate."""

    line: Line
    quantity: Decimal
    unit_price: Decimal
    net: Decimal
    rate: Decimal
    vat: Decimal | None


def _only(gathered: Gathered, name: str) -> str:
    values = gathered.values(name)
    if len(values) > 1:
        raise Unreadable(TWO_VALUES, field=LABELS[name], first=values[0], second=values[1])
    return values[0] if values else ""


def _only_or_constant(gathered: Gathered, profile: Profile, name: str, customer: str) -> str:
    return _only(gathered, name) or profile.constants.get(name, "").replace("{customer_code}", customer)


def _read_item(line: Line, digits: int, known: Sequence[Sequence[Decimal]]) -> _Amounts:
    """The net amount of a line, from the unit price if there is one, else from net, else from gross."""
    quantity = Decimal(line.quantity) if line.quantity else Decimal(1)
    vat = Decimal(line.vat) if line.vat else None
    net = _find_net(line, quantity, vat, digits)
    if line.vat_rate:
        rate = Decimal(line.vat_rate)
    elif vat is None and not line.gross:
        raise Unreadable(NO_RATE, line=line.line)
    else:
        vat = Decimal(line.gross) - net if vat is None else vat
        rates = rates_shown(net, vat, digits, known)
        if len(rates) > 1:
            told = ", ".join(f"{each.normalize():f}" for each in rates)
            raise Unreadable(WHICH_RATE, line=line.line, rates=told, vat=f"{vat:f}")
        rate = rates[0]
    price = Decimal(line.unit_price) if line.unit_price else (net / quantity)
    return _Amounts(line, quantity, price, net, rate, vat)


def _is_text(line: Line) -> bool:
    """Whether a line only says something, as invoices do between their items."""
    amounts = {line.unit_price, line.net, line.vat, line.gross}
    return (
        bool(line.description)
        and amounts <= ({"", "0"} if line.quantity == "0" else {""})
        and line.quantity in {"", "0"}
    )


def _blank(line: Line, rate: Decimal) -> _Amounts:
    return _Amounts(line, Decimal(1), ZERO, ZERO, rate, None)


def _check_decimals(items: list[_Amounts], digits: int) -> None:
    """Amounts of the file in whole minor units of the currency."""
    for item in items:
        line = item.line
        if line.net or line.vat or line.gross:
            for name, text in (("net", line.net), ("vat", line.vat), ("gross", line.gross)):
                found = len(text.partition(".")[2])
                if found > digits:
                    raise Unreadable(DECIMALS, field=LABELS[name], text=text, found=found, limit=digits)


def _find_net(line: Line, quantity: Decimal, vat: Decimal | None, digits: int) -> Decimal:
    if line.unit_price:
        if not line.quantity:
            raise Unreadable(NO_QUANTITY, line=line.line)
        return quantity * Decimal(line.unit_price)
    if line.net:
        return Decimal(line.net)
    if not line.gross:
        raise Unreadable(NO_AMOUNT, line=line.line)
    gross = Decimal(line.gross)
    if vat is not None:
        return gross - vat
    if not line.vat_rate:
        raise Unreadable(NO_RATE, line=line.line)
    return round_money(gross / (1 + Decimal(line.vat_rate) / 100), digits)


def _find_sign(kind: str, total: Decimal, profile: Profile) -> tuple[str, int]:
    """The type, and -1 where the file's amounts are turned round because it writes returns negative."""
    if total < 0 and kind not in REVERSALS and profile.negative_type and "type" not in profile.columns:
        kind = profile.negative_type or CREDIT_NOTE
    if not kind:
        raise Unreadable(NO_KIND, field=LABELS["type"])
    if kind in REVERSALS and profile.is_signed:
        if total > 0:
            raise Unreadable(WRONG_RETURN_SIGN, field=LABELS["type"], amount=format(total, "f"))
        return kind, -1
    if total < 0:
        raise Unreadable(WRONG_SIGN, field=LABELS["type"], amount=format(total, "f"))
    return kind, 1


def _check_totals(gathered: Gathered, items: list[_Amounts], taxes: tuple[Tax, ...], currency: str) -> None:
    """Every sum that the file states must be the sum of its lines, rounded once."""
    net, vat = sum((tax.net for tax in taxes), ZERO), sum((tax.vat for tax in taxes), ZERO)
    if all(item.line.unit_price and item.line.net for item in items):
        _compare(TOTAL, "net", sum((Decimal(item.line.net) for item in items), ZERO), net, currency)
    if all(item.line.gross for item in items):
        told = sum((Decimal(item.line.gross) for item in items), ZERO)
        _compare(GROSS, "gross", told, net + vat, currency)
    if all(item.vat is not None and item.line.vat_rate for item in items):
        exact = sum((_tax(items, tax.rate) for tax in taxes), ZERO)
        digits = digits_of(currency)
        # Each line of the file may have rounded its own VAT.
        if abs(vat - exact) > Decimal(len(items)).scaleb(-digits):
            _compare(TOTAL, "vat", vat, round_money(exact, digits), currency)
    told_total = _only(gathered, "total")
    if told_total:
        _compare(TOTAL, "total", Decimal(told_total), net + vat, currency)


def _tax(items: list[_Amounts], rate: Decimal) -> Decimal:
    return sum((item.net for item in items if item.rate == rate), ZERO) * rate / 100


def _compare(sentence: str, name: str, told: Decimal, found: Decimal, currency: str) -> None:
    if told != found:
        raise Unreadable(
            sentence, field=LABELS[name], told=format(told, "f"), found=format(found, "f"), currency=currency
        )


def _sum_by_rate(items: list[_Amounts], digits: int) -> tuple[Tax, ...]:
    """Net and VAT per rate: lines added up exactly, rounded once."""
    sums: dict[Decimal, tuple[Decimal, Decimal]] = {}
    for item in items:
        net, vat = sums.get(item.rate, (ZERO, ZERO))
        own = (item.net * item.rate / 100 if item.rate else ZERO) if item.vat is None else item.vat
        sums[item.rate] = (net + item.net, vat + own)
    return tuple(
        Tax(rate, round_money(net, digits), round_money(vat, digits)) for rate, (net, vat) in sorted(sums.items())
    )


def _sign_item(item: _Amounts, sign: int) -> Item:
    # The quantity carries the sign of a line in the file, or its price does (a discount); never both.
    is_priced = bool(item.line.unit_price)
    quantity = sign * item.quantity if is_priced else item.quantity
    price = item.unit_price if is_priced else sign * item.unit_price
    is_twice = quantity < 0 and price < 0
    return Item(
        code=item.line.item_code,
        description=item.line.description,
        quantity=-quantity if is_twice else quantity,
        unit_price=-price if is_twice else price,
        vat_rate=item.rate,
        net=sign * item.net,
    )
