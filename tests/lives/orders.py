"""The life of orders against a small model of money, goods, numbers and letters."""

import datetime as dt
import hashlib
import hmac
import json
import time
from collections import Counter
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal

from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, precondition, rule

from depesa.catalog import services as catalog
from depesa.catalog.models import Product
from depesa.core.locks import lock
from depesa.documents.models import Document, NumberSeries
from depesa.emails.models import SystemEmail
from depesa.orders import services
from depesa.orders.models import Invoicing, Item, ItemKind, Order, OrderDocument, State
from depesa.orders.services import ItemDraft, OrderDraft
from depesa.outbox.models import Message
from depesa.shop.models import Shop
from depesa.shop.services.payments import receive
from depesa.triggers.models import Transition
from depesa.triggers.services import fire_due
from tests.lives.stage import Life, cents, euros, refused

HOLD = dt.timedelta(seconds=30)
SECRET = "of the gateway"
GATEWAY = {"paid": "payment-succeeded", "failed": "payment-failed", "cancelled": "payment-cancelled"}
WITH_LETTER = {"sent", "packed", "payment-succeeded"}
STATES = ("received", "sent", "packed", "payment-succeeded", "payment-failed", "cancelled")

lines_of = st.lists(
    st.tuples(
        st.integers(0, 2), st.integers(1, 5), st.sampled_from([0, 5, 333, 1210, 99999]), st.sampled_from([0, 12, 21])
    ),
    min_size=1,
    max_size=3,
)  # which product, how many, cents of one, VAT
which = st.integers(0, 99)


def gross_of(lines, includes_vat):
    """In cents: VAT is rounded once a rate, half away from zero."""
    by_rate = Counter()
    for _product, quantity, price, rate in lines:
        by_rate[rate] += quantity * price
    if includes_vat:
        return by_rate.total()
    return sum(
        total + int((Decimal(total) * rate / 100).quantize(Decimal(1), ROUND_HALF_UP))
        for rate, total in by_rate.items()
    )


@dataclass
class Note:
    number: str
    taken: dict  # line of the invoice: how many
    gross: int


@dataclass
class Invoice:
    number: str
    lines: list
    gross: int
    notes: list = field(default_factory=list)

    @property
    def left(self):
        taken = Counter()
        for note in self.notes:
            taken.update(note.taken)
        return {place: line[1] - taken[place] for place, line in enumerate(self.lines) if line[1] > taken[place]}


@dataclass
class Deal:
    """An order as the model knows it; money in cents."""

    pk: int
    lines: list
    includes_vat: bool
    is_open: bool
    state: str
    is_paid: bool = False
    is_removed: bool = False
    received: int = 0
    returned: int = 0
    invoices: list = field(default_factory=list)
    chain: tuple = ()  # of the last change of state: where its chain began, until when, its letter or None
    held: dict = field(default_factory=dict)  # letter: when it is due
    written: list = field(default_factory=list)
    skipped: list = field(default_factory=list)
    needless: list = field(default_factory=list)

    @property
    def gross(self):
        return gross_of(self.lines, self.includes_vat)

    @property
    def is_alive(self):
        return not self.is_removed and self.state != "cancelled"

    @property
    def sole(self):
        return next((each for each in self.invoices if each.left or not each.lines), None)


class OrderLife(Life):
    """Orders of one firm, with counted goods, invoices by themselves or by hand, and letters after changes."""

    @initialize(automatic=st.sampled_from(["never", "ordered", "paid"]), writes=st.booleans())
    def begin(self, automatic, writes):
        self.deals, self.automatic, self.writes_of_invoices = [], automatic, writes
        self.numbers = {"invoice": [], "credit-note": []}
        self.told = 0
        invoice_email = SystemEmail.objects.get(code="invoice-issued") if writes else None
        Invoicing.objects.update_or_create(pk=1, defaults={"automatic": automatic, "system_email": invoice_email})
        State.objects.create(code="packed", names={"en": "Packed"})
        State.objects.filter(code__in=WITH_LETTER).update(system_email=SystemEmail.objects.get(code="order-sent"))
        Shop.objects.update_or_create(pk=1, defaults={"secret": lock(SECRET, "gateway")})
        self.products = [
            catalog.create({"code": code, "names": {"en": code}, "price": Decimal(1), "stock": stock}, by=None)
            for code, stock in (("saw", Decimal(100)), ("trowel", Decimal(3)), ("advice", None))
        ]
        self.counted = {product.pk: product.stock for product in self.products}

    # What the model does

    def one(self, number):
        return self.deals[number % len(self.deals)]

    def drafts(self, lines):
        return [
            ItemDraft(
                text="Thing", quantity=Decimal(q), price=euros(p), vat_rate=Decimal(r), product=self.products[which]
            )
            for which, q, p, r in lines
        ]

    @property
    def at(self):
        return dt.datetime.now(dt.UTC)

    def move(self, deal, state, *, origin="staff", sends=True):
        """The rule of letters that follow each other: only a letter takes a letter's place; going back cancels."""
        before, deal.state = deal.state, state
        hold = HOLD if origin == "staff" else dt.timedelta()
        base, until, is_out = deal.chain or (before, None, True)
        joins = until is not None and not is_out() and self.at <= until
        base = base if joins else before
        letter = (state, "", object()) if sends and state in WITH_LETTER else None
        of_states = [each for each in deal.held if each[0] != "invoice" and deal.held[each] >= self.at]
        if state == base:
            for each in of_states if joins else []:
                del deal.held[each]
            letter = None
        elif letter:
            for each in of_states if joins else []:
                del deal.held[each]
            deal.held[letter] = self.at + hold
        deal.chain = (base, self.at + hold, lambda: letter in deal.written or letter in deal.skipped)

    def expect_invoice(self, deal, *, by_itself, sends=True):
        if (
            deal.is_removed
            or deal.is_open
            or deal.sole
            or (by_itself and not (deal.gross and deal.state != "cancelled"))
        ):
            return False
        number = f"INV{len(self.numbers['invoice']) + 1:06}"
        self.numbers["invoice"].append(number)
        deal.invoices.append(Invoice(number, list(deal.lines), deal.gross))
        if self.writes_of_invoices and sends:
            deal.held["invoice", number, object()] = self.at + self.hold_now
        return True

    hold_now = HOLD

    def pay(self, deal, *, origin="staff"):
        deal.is_paid = True
        if self.automatic == "paid":
            self.hold_now = HOLD if origin == "staff" else dt.timedelta()
            self.expect_invoice(deal, by_itself=True)
            self.hold_now = HOLD

    # What may happen

    @rule(lines=lines_of, includes_vat=st.booleans(), is_open=st.booleans())
    def place(self, lines, includes_vat, is_open):
        draft = OrderDraft(
            items=self.drafts(lines),
            party={"name": "Ona", "email": "ona@sink.example"},
            language="en",
            includes_vat=includes_vat,
            is_individual_shipping=is_open,
        )
        [order] = services.place([draft], by=None, origin="staff", send_emails=False)
        deal = Deal(order.pk, lines, includes_vat, is_open, "unresolved" if is_open else "received")
        self.deals.append(deal)
        if self.automatic == "ordered":
            self.expect_invoice(deal, by_itself=True, sends=False)
        if not deal.gross and not is_open:
            self.pay(deal)
            deal.held = {}

    @precondition(lambda self: self.deals)
    @rule(number=which, lines=lines_of, is_stale=st.booleans())
    def change_items(self, number, lines, is_stale):
        deal = self.one(number)
        order = Order.objects.get(pk=deal.pk)
        version = order.version - 1 if is_stale else order.version
        why = refused(lambda: services.change(order, {}, self.drafts(lines), version=version, by=None))
        assert bool(why) == is_stale, why
        if not is_stale:
            gross, deal.lines = deal.gross, lines
            if gross != deal.gross and not deal.is_open:
                self.follow(deal)

    @precondition(lambda self: self.deals)
    @rule(number=which, is_open=st.booleans())
    def agree_price(self, number, is_open):
        deal = self.one(number)
        order = Order.objects.get(pk=deal.pk)
        services.change(order, {"is_individual_shipping": is_open}, version=order.version, by=None)
        was_open, deal.is_open = deal.is_open, is_open
        if was_open and not is_open:
            self.follow(deal)
            if not deal.is_removed and (self.automatic == "ordered" or (self.automatic == "paid" and deal.is_paid)):
                self.expect_invoice(deal, by_itself=True)

    def follow(self, deal):
        is_whole = deal.received and deal.received - deal.returned >= deal.gross
        if is_whole and not deal.is_paid and not deal.is_removed:
            self.pay(deal)

    @precondition(lambda self: self.deals)
    @rule(number=which, state=st.sampled_from(STATES), sends=st.booleans())
    def change_state(self, number, state, sends):
        deal = self.one(number)
        outcome = services.change_state([deal.pk], State.objects.get(code=state), by=None, send_emails=sends)
        moves = not deal.is_removed and deal.state != state
        assert bool(outcome.changed) == moves, outcome
        if moves:
            self.move(deal, state, sends=sends)
            if state == "payment-succeeded" and not deal.is_paid:
                self.pay_sending(deal, sends)

    def pay_sending(self, deal, sends):
        deal.is_paid = True
        if self.automatic == "paid":
            self.expect_invoice(deal, by_itself=True, sends=sends)

    @precondition(lambda self: self.deals)
    @rule(number=which, is_paid=st.booleans())
    def mark_paid(self, number, is_paid):
        deal = self.one(number)
        outcome = services.mark_paid([deal.pk], is_paid=is_paid, by=None)
        changes = not deal.is_removed and deal.is_paid != is_paid
        assert bool(outcome.changed) == changes, outcome
        if changes and is_paid:
            self.pay(deal)
        elif changes:
            deal.is_paid = False

    @precondition(lambda self: self.deals)
    @rule(
        number=which,
        event=st.sampled_from(["paid", "refunded", "failed", "cancelled"]),
        share=st.sampled_from([None, 1, 2]),
        is_repeated=st.booleans(),
    )
    def gateway_tells(self, number, event, share, is_repeated):
        deal = self.one(number)
        self.told += 1
        amount = None if share is None else max(deal.gross // share, 1)
        said = {"id": f"m{self.told}", "order": Order.objects.get(pk=deal.pk).number, "event": event, "currency": "EUR"}
        body = json.dumps(said | ({} if amount is None else {"amount": str(euros(amount))})).encode()
        for _turn in range(1 + is_repeated):
            now = str(int(time.time()))
            signature = hmac.new(SECRET.encode(), now.encode() + b"." + body, hashlib.sha256).hexdigest()
            receive(body, timestamp=now, signature=signature)
        kept = deal.received - deal.returned
        if event == "refunded":
            deal.returned += amount if amount is not None else kept or deal.gross
            return
        if event == "paid":
            missing = deal.gross - kept
            deal.received += amount if amount is not None else missing if missing > 0 else deal.gross
            if deal.is_open or deal.received - deal.returned < deal.gross:
                return
        if deal.is_open or deal.is_removed:
            return
        if not deal.is_paid and deal.state != "cancelled" and deal.state != GATEWAY[event]:
            self.move(deal, GATEWAY[event], origin="gateway")
        if event == "paid" and not deal.is_paid:
            self.pay(deal, origin="gateway")

    @precondition(lambda self: self.deals)
    @rule(number=which)
    def invoice(self, number):
        deal = self.one(number)
        issued = services.invoice([deal.pk], by=None)
        assert bool(issued.made) == self.expect_invoice(deal, by_itself=False), issued

    @precondition(lambda self: any(deal.invoices for deal in self.deals))
    @rule(number=which, share=st.sampled_from([None, 1]))
    def credit(self, number, share):
        deal, invoice, row = self.an_invoice(number)
        wanted = dict(invoice.left)
        if share and wanted:
            wanted = {next(iter(wanted)): share}
        quantities = {place: Decimal(quantity) for place, quantity in wanted.items()} if share else None
        why = refused(lambda: services.credit(row, quantities, by=None, reason="Broken"))
        may = bool(wanted) and not deal.is_removed
        assert bool(why) != may, why
        if may:
            taken = Counter(wanted)
            for note in invoice.notes:
                taken.update(note.taken)
            lines = [(w, taken[place], p, r) for place, (w, _quantity, p, r) in enumerate(invoice.lines)]
            whole = gross_of(lines, deal.includes_vat)
            made = f"CN{len(self.numbers['credit-note']) + 1:06}"
            self.numbers["credit-note"].append(made)
            invoice.notes.append(Note(made, wanted, whole - sum(note.gross for note in invoice.notes)))

    def an_invoice(self, number):
        deals = [deal for deal in self.deals if deal.invoices]
        deal = deals[number % len(deals)]
        invoice = deal.invoices[number % len(deal.invoices)]
        return deal, invoice, OrderDocument.objects.get(type__code="invoice", number=invoice.number)

    @precondition(lambda self: any(deal.invoices for deal in self.deals))
    @rule(number=which)
    def regenerate(self, number):
        deal, invoice, row = self.an_invoice(number)
        why = refused(lambda: services.regenerate(row, by=None))
        may = not invoice.notes and not deal.is_open and not deal.is_removed
        assert bool(why) != may, why
        if may:
            invoice.lines, invoice.gross = list(deal.lines), deal.gross

    @precondition(lambda self: any(deal.invoices for deal in self.deals))
    @rule(number=which)
    def delete_invoice(self, number):
        deal, invoice, row = self.an_invoice(number)
        why = refused(lambda: services.delete(row, by=None))
        may = not deal.is_removed and not invoice.notes and invoice.number == self.numbers["invoice"][-1]
        assert bool(why) != may, why
        if may:
            self.numbers["invoice"].pop()
            deal.invoices.remove(invoice)
            deal.needless += [held for held in deal.held if held[:2] == ("invoice", invoice.number)]

    @precondition(lambda self: self.numbers["credit-note"])
    @rule(number=which)
    def delete_credit_note(self, number):
        made = self.numbers["credit-note"][number % len(self.numbers["credit-note"])]
        [(deal, invoice, note)] = [
            (deal, invoice, note)
            for deal in self.deals
            for invoice in deal.invoices
            for note in invoice.notes
            if note.number == made
        ]
        why = refused(
            lambda: services.delete(OrderDocument.objects.get(type__code="credit-note", number=made), by=None)
        )
        may = not deal.is_removed and made == self.numbers["credit-note"][-1] and deal.sole in (None, invoice)
        assert bool(why) != may, why
        if may:
            self.numbers["credit-note"].pop()
            invoice.notes.remove(note)

    @precondition(lambda self: self.deals)
    @rule(number=which, is_removed=st.booleans())
    def remove_or_restore(self, number, is_removed):
        deal = self.one(number)
        (services.remove if is_removed else services.restore)([deal.pk], by=None)
        deal.is_removed = is_removed

    @rule(number=st.integers(0, 1), stock=st.integers(0, 40))
    def count_goods(self, number, stock):
        product = Product.objects.get(pk=self.products[number].pk)
        self.counted[product.pk] += stock - product.stock
        catalog.change(product, {"stock": Decimal(stock)}, version=product.version, by=None)

    @rule(seconds=st.sampled_from([5, 31]))
    def wait(self, seconds):
        self.now.shift(dt.timedelta(seconds=seconds))

    @rule()
    def write_letters(self):
        fire_due()
        for deal in self.deals:
            for letter in [each for each, due in deal.held.items() if due <= self.at]:
                del deal.held[letter]
                is_needless = deal.is_removed or letter in deal.needless
                (deal.skipped if is_needless else deal.written).append(letter)

    # What must hold whenever nothing happens

    @invariant()
    def differs_nowhere(self):
        if hasattr(self, "deals"):
            self.money_is_that_of_the_model()
            self.goods_are_on_the_shelf_or_with_orders()
            self.papers_and_register_say_the_same()
            self.numbers_have_no_gap()
            self.letters_are_those_of_the_model()

    def money_is_that_of_the_model(self):
        orders = Order.objects.in_bulk([deal.pk for deal in self.deals])
        for deal in self.deals:
            order = orders[deal.pk]
            found = (cents(order.gross), order.is_paid, cents(order.received or 0), cents(order.returned))
            assert found == (deal.gross, deal.is_paid, deal.received, deal.returned), order
            assert (order.state.code, order.is_removed) == (deal.state, deal.is_removed)
            assert order.net + order.vat == order.gross

    def goods_are_on_the_shelf_or_with_orders(self):
        held = Counter()
        for item in Item.objects.filter(kind=ItemKind.PRODUCT):
            held[item.product_id] += item.taken
        wanted = Counter()
        for deal in self.deals:
            for product, quantity, _price, _rate in deal.lines if deal.is_alive else []:
                wanted[self.products[product].pk] += quantity
        for product in Product.objects.filter(stock__isnull=False):
            assert held[product.pk] == wanted[product.pk], product
            assert product.stock + held[product.pk] == self.counted[product.pk], product

    def papers_and_register_say_the_same(self):
        expected = {}
        for deal in self.deals:
            for invoice in deal.invoices:
                expected["invoice", invoice.number] = invoice.gross
                expected |= {("credit-note", note.number): -note.gross for note in invoice.notes}
                if not invoice.left:
                    assert sum(note.gross for note in invoice.notes) == invoice.gross
        papers = OrderDocument.objects.filter(type__books__gt="").select_related("type")
        signs = {"invoice": 1, "credit-note": -1}
        assert {(p.type.code, p.number): signs[p.type.code] * cents(p.gross) for p in papers} == expected
        register = Document.objects.filter(posting="posted")
        assert {(row.type, row.number): signs[row.type] * cents(row.gross) for row in register} == expected
        assert register.count() == Document.objects.count()

    def numbers_have_no_gap(self):
        for code, prefix in (("invoice", "INV"), ("credit-note", "CN")):
            given = self.numbers[code]
            assert given == [f"{prefix}{n:06}" for n in range(1, len(given) + 1)]
            assert NumberSeries.objects.get(prefix=prefix).last == len(given)

    def letters_are_those_of_the_model(self):
        rows = Counter(Transition.objects.filter(status="queued").values_list("subject", flat=True))
        held = Counter(Transition.objects.filter(status="held").values_list("subject", flat=True))
        for deal in self.deals:
            subject = str(Order.ref_of(deal.pk))
            noted = list(Transition.objects.filter(subject=subject).values_list("key", "status", "reason"))
            assert (rows[subject], held[subject]) == (len(deal.written), len(deal.held)), (deal, noted)
        assert Message.objects.count() == rows.total()
