"""The life of sales documents and of the statements of a month, against a model of who was told what."""

import datetime as dt
from collections import Counter
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal

from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, precondition, rule

from depesa.core.periods import Period
from depesa.customers.models import Customer
from depesa.documents.models import Books, Document, NumberSeries
from depesa.documents.rules import Line
from depesa.documents.services import change, enter, post, remove, sales, save_books, take_back
from depesa.imports.rules.profiles import DEPESA
from depesa.imports.services import receive, save_profile
from depesa.operations import services as operations
from depesa.outbox.models import Message
from depesa.pdf import Rendered
from depesa.statements.models import Statement, StatementRun
from depesa.statements.queries import coverage, stale
from depesa.statements.services import re_form, render_due
from depesa.statements.services.formation import form
from tests.lives.stage import Life, cents, euros, refused

JUNE = Period.month(2011, 6)
DAYS = [dt.date(2011, 6, 5), dt.date(2011, 6, 20), dt.date(2011, 7, 1)]
SIGNS = {"waybill": 1, "return": -1}
HEAD = "type,number,date,customer_code,customer_name,email,currency,net,vat_rate,vat,gross"

which = st.integers(0, 99)
days = st.sampled_from(DAYS)
prices = st.sampled_from([0, 333, 1210, 99999])


class Printer:
    """Prints every statement at once; how they look is not what this life is about."""

    def render_many(self, jobs):
        return [Rendered(job.key, b"%PDF-1.7\n%%EOF\n") for job in jobs]


def gross_of(price):
    return price + int((Decimal(price) * 21 / 100).quantize(Decimal(1), ROUND_HALF_UP))


@dataclass
class Sale:
    """A document as the model knows it."""

    pk: int
    customer: int
    type: str
    number: str
    day: dt.date
    price: int
    posting: str = "not-posted"
    was_posted: bool = False
    content: int = 1
    filed: tuple = ()  # as it stood in a file, if it came from one

    @property
    def counts(self):
        return self.posting == "posted" and JUNE.first <= self.day <= JUNE.last

    @property
    def shown(self):
        return self.number, self.day, SIGNS[self.type] * gross_of(self.price)


@dataclass
class Told:
    """What the statement of a customer says, and whether it has been sent."""

    shown: dict
    contents: dict
    revision: int = 1
    is_sent: bool = False


class DocumentLife(Life):
    """Two customers, their sales of June and July, and the statements of June."""

    @initialize()
    def begin(self):
        self.customers = [
            Customer.objects.create(code=code, name=code, email=f"{code.lower()}@sink.example", language="en")
            for code in ("ONE", "TWO")
        ]
        columns = {name: name for name in HEAD.split(",")}
        save_profile(replace(DEPESA, name="posted", columns=columns, is_posted=True))
        self.series = NumberSeries.objects.create(code="waybills", prefix="V", digits=4, type="waybill")
        self.sales, self.told, self.sent, self.numbers = [], {}, 0, 0
        self.closed, self.is_formed, self.last_on, self.given = None, False, None, 0

    def is_closed(self, day):
        return self.closed is not None and day <= self.closed

    def one(self, number):
        return self.sales[number % len(self.sales)]

    def by_customer(self, customer):
        return [sale for sale in self.sales if sale.customer == customer and sale.counts]

    @rule(customer=st.integers(0, 1), kind=st.sampled_from(list(SIGNS)), day=days, price=prices, is_typed=st.booleans())
    def enter(self, customer, kind, day, price, is_typed):
        is_typed = is_typed or kind != "waybill"
        header = {"type": kind, "customer": self.customers[customer], "document_on": day, "currency": "EUR"}
        self.numbers += 1
        number = f"T-{self.numbers}" if is_typed else ""
        header |= {"number": number} if is_typed else {"number": "", "series": self.series}
        made = []
        lines = [Line(text="Thing", quantity=Decimal(1), price=euros(price), vat_rate=Decimal(21))]
        why = refused(lambda: made.append(enter(header, lines, by=None)))
        assert bool(why) == self.is_closed(day), why
        if not why:
            self.sales.append(Sale(made[0].pk, customer, kind, number, day, price))

    @precondition(lambda self: self.sales)
    @rule(number=which)
    def post(self, number):
        sale = self.one(number)
        outcome = post([sale.pk], by=None)
        may = sale.posting != "posted" and not self.is_closed(sale.day)
        if not sale.number and self.last_on and sale.day < self.last_on:
            may = False
        assert bool(outcome.done) == may, outcome
        if may:
            if not sale.number:
                self.given += 1
                sale.number, self.last_on = f"V{self.given:04}", sale.day
            sale.posting, sale.was_posted = "posted", True

    @precondition(lambda self: self.sales)
    @rule(number=which)
    def take_back(self, number):
        sale = self.one(number)
        outcome = take_back([sale.pk], by=None)
        may = sale.posting == "posted" and not self.is_closed(sale.day)
        assert bool(outcome.done) == may, outcome
        if may:
            sale.posting = "corrected"

    @precondition(lambda self: self.sales)
    @rule(number=which, day=days, price=prices, is_stale=st.booleans())
    def correct(self, number, day, price, is_stale):
        sale = self.one(number)
        row = Document.objects.get(pk=sale.pk)
        lines = row.entered_lines
        if price != sale.price:
            lines = [Line(text="Thing", quantity=Decimal(1), price=euros(price), vat_rate=Decimal(21))]
        version = row.version - is_stale
        why = refused(lambda: change(row, {"document_on": day}, lines, version=version, by=None))
        may = not is_stale and not self.is_closed(day) and not (sale.was_posted and self.is_closed(sale.day))
        assert bool(why) != may, why
        if may and (day, price) != (sale.day, sale.price):
            sale.day, sale.price, sale.content = day, price, sale.content + 1
            sale.posting = "corrected" if sale.posting != "not-posted" else sale.posting

    @precondition(lambda self: self.sales)
    @rule(number=which)
    def remove(self, number):
        sale = self.one(number)
        why = refused(lambda: remove(Document.objects.get(pk=sale.pk), by=None))
        assert bool(why) == sale.was_posted, why
        if not why:
            self.sales.remove(sale)

    @rule(rows=st.lists(st.tuples(st.integers(1, 4), st.integers(0, 1), days, prices), min_size=1, max_size=4))
    def import_file(self, rows):
        rows = {f"F-{number}": (customer, day, price) for number, customer, day, price in rows}
        lines = [
            f"waybill,{number},{day},{self.customers[customer].code},,,EUR,{euros(price)},21,"
            f"{euros(gross_of(price) - price)},{euros(gross_of(price))}"
            for number, (customer, day, price) in rows.items()
        ]
        batch = receive(["\n".join([HEAD, *lines]).encode()], "sales.csv", profile="posted")
        sales.preview(batch)
        assert not batch.problem, batch.problem
        sales.confirm(batch, by=None)
        sales.import_documents(batch)
        batch.refresh_from_db()
        found = sales.Figures.of(batch)
        here = {sale.number: sale for sale in self.sales}
        same = [number for number, row in rows.items() if number in here and here[number].filed == row]
        new = [number for number, row in rows.items() if number not in here and not self.is_closed(row[1])]
        assert (found.imported, found.unchanged, found.refused_documents) == (
            len(new), len(same), len(rows) - len(new) - len(same),
        ), (found, list(batch.refusals.values()))  # fmt: skip
        for number in new:
            customer, day, price = rows[number]
            pk = Document.objects.get(number=number).pk
            sale = Sale(pk, customer, "waybill", number, day, price, "posted", was_posted=True, filed=rows[number])
            self.sales.append(sale)

    @rule(day=st.sampled_from([None, *DAYS]))
    def close_books(self, day):
        save_books(day, by=None, version=Books.objects.filter(pk=1).values_list("version", flat=True).first())
        self.closed = day

    @rule()
    def form(self):
        form(JUNE, by=None)
        self.is_formed = True
        for place in range(len(self.customers)):
            if place not in self.told and self.by_customer(place):
                self.told[place] = self.said(place)

    def said(self, place, **more):
        found = self.by_customer(place)
        return Told({s.pk: s.shown for s in found}, {s.pk: s.content for s in found}, **more)

    @precondition(lambda self: self.told)
    @rule(number=which)
    def form_anew(self, number):
        place = sorted(self.told)[number % len(self.told)]
        told, now = self.told[place], self.said(place)
        why = refused(lambda: re_form(self.statement(place), by=None))
        is_same = sorted(told.shown.values()) == sorted(now.shown.values())
        may = bool(now.shown) and not (told.is_sent and is_same and told.contents == now.contents)
        assert bool(why) != may, (why, told, now)
        if may and told.is_sent and is_same:
            told.contents, told.shown = now.contents, now.shown
        elif may:
            now.revision = told.revision + told.is_sent
            self.told[place] = now

    def statement(self, place):
        return Statement.objects.exclude(state="superseded").get(customer=self.customers[place])

    @precondition(lambda self: self.told)
    @rule(number=which)
    def send(self, number):
        place = sorted(self.told)[number % len(self.told)]
        render_due(Printer())
        report = operations.post([self.statement(place).operation_id], by=None)
        told = self.told[place]
        assert bool(report.refused) == told.is_sent, report
        if not told.is_sent:
            told.is_sent, self.sent = True, self.sent + 1

    @invariant()
    def differs_nowhere(self):
        if not hasattr(self, "sales"):
            return
        rows = {row.pk: row for row in Document.objects.all()}
        assert rows.keys() == {sale.pk for sale in self.sales}
        for sale in self.sales:
            row = rows[sale.pk]
            sign = SIGNS[row.type]
            assert (row.number, row.document_on, sign * cents(row.gross)) == sale.shown
            assert row.posting == sale.posting, (row.posting, sale)
        assert Message.objects.count() == self.sent
        if self.is_formed:
            self.proof_is_that_of_the_model()
            self.statements_say_what_the_model_says()

    def proof_is_that_of_the_model(self):
        counted = [sale for sale in self.sales if sale.counts]
        kinds = Counter()
        for sale in counted:
            told = self.told.get(sale.customer)
            if told is None or sale.pk not in told.contents:
                kinds["late"] += 1
            elif told.contents[sale.pk] != sale.content:
                kinds["changed"] += 1
            else:
                kinds["in"] += 1
        lines = [pk for told in self.told.values() for pk in told.contents]
        foreign = [pk for pk in lines if not any(sale.pk == pk and sale.counts for sale in self.sales)]
        corrected = [s for s in self.sales if s.posting == "corrected" and JUNE.first <= s.day <= JUNE.last]
        proof = coverage(StatementRun.objects.get())
        told = (proof.documents, proof.in_statements, proof.late, proof.changed, proof.foreign, proof.corrected)
        found = (len(counted), kinds["in"], kinds["late"], kinds["changed"], len(foreign), len(corrected))
        assert told == found, proof
        total = sum(sale.shown[2] for sale in counted)
        assert cents(proof.sums.get("EUR", 0)) == total, proof
        assert proof.is_ok == (kinds["late"] + kinds["changed"] + len(foreign) == 0), proof

    def statements_say_what_the_model_says(self):
        run = StatementRun.objects.get()
        current = {row.customer_id: row for row in Statement.objects.exclude(state="superseded")}
        assert current.keys() == {self.customers[place].pk for place in self.told}
        out_of_date = {row.customer_id for row in stale(run)}
        for place, told in self.told.items():
            row = current[self.customers[place].pk]
            assert (row.revision, row.document_count) == (told.revision, len(told.shown))
            assert cents(row.totals.get("EUR", 0)) == sum(shown[2] for shown in told.shown.values())
            now = self.said(place)
            assert (row.customer_id in out_of_date) == (now.contents != told.contents), (told, now)
