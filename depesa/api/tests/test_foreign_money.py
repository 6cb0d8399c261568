"""The money of other shops' orders stays as they fixed it: in order, invoice, letter, QR code and credit notes."""

import datetime as dt
import json
import os
import random
import re
from decimal import ROUND_HALF_DOWN, ROUND_HALF_UP, Decimal

import pytest

from depesa.api.tests.payloads import SHOPIFY_ORDER, WOO_ORDER
from depesa.core.vat_rates import known_rates, rates_shown
from depesa.documents.models import DocumentType
from depesa.orders.models import Order
from depesa.orders.paper import OrderPaper
from depesa.orders.paper.payments import payment_text
from depesa.orders.queries.facts import bundle
from depesa.orders.services import ItemDraft, Wish, change, credit, generate

pytestmark = pytest.mark.django_db
DRAWN = int(os.environ.get("DEPESA_DRAWN_ORDERS", "300"))
CENT = Decimal("0.01")


@pytest.fixture
def czech(company):
    company.country, company.currency, company.bank_account = "CZ", "CZK", "CZ6508000000192000145399"
    company.save()
    return company


def woo(lines, total, tax, *, shipping=None, fees=(), taxes=(), **changes):
    """An order of WooCommerce: lines of (name, quantity, net, VAT[, id of the rate])."""

    def line(name, net, vat, *rate):
        ids = {"taxes": [{"id": each, "total": vat} for each in rate]} if rate else {}
        return {"total": net, "total_tax": vat, **ids, **name}

    return {
        **WOO_ORDER,
        "currency": "CZK",
        "status": "processing",
        "date_paid_gmt": None,
        "date_paid": None,
        "total": total,
        "total_tax": tax,
        "line_items": [line({"name": n, "quantity": q, "sku": ""}, *rest) for n, q, *rest in lines],
        "shipping_lines": [line({"method_title": "Post"}, *shipping)] if shipping else [],
        "fee_lines": [line({"name": name}, *rest) for name, *rest in fees],
        "tax_lines": [
            {"rate_id": key, "rate_percent": rate, "tax_total": sum_, "shipping_tax_total": "0"}
            for key, rate, sum_ in taxes
        ],
        **changes,
    }


def shopify(lines, total, tax, **changes):
    """An order of Shopify: lines of (title, quantity, price, [(rate, VAT)])."""
    goods = [
        {"title": t, "quantity": q, "price": p, "tax_lines": [{"rate": r, "price": v} for r, v in taxes]}
        for t, q, p, taxes in lines
    ]
    empty = {"line_items": goods, "shipping_lines": [], "total_price": total, "total_tax": tax}
    return {**SHOPIFY_ORDER, **empty, **changes}


def figures(order):
    """Net, VAT, total, and each line with its rate."""
    lines = [
        (f"{item.vat_rate.normalize():f}", f"{item.told_net:.2f}", f"{item.told_vat:.2f}") for item in items(order)
    ]
    return f"{order.net:.2f}", f"{order.vat:.2f}", f"{order.gross:.2f}", lines


def items(order):
    return list(order.items.order_by("position"))


def invoice_of(orders):
    kind = DocumentType.objects.get(code="invoice")
    done = generate([Wish(order=order, type=kind, due_on=dt.date(2026, 12, 14)) for order in orders], by=None)
    assert not done.refused
    return done.made


def plain(text):
    """The amount that a letter writes as 1 575,00 Kč."""
    return Decimal(re.sub(r"[^\d,−-]", "", text).replace(",", ".").replace("−", "-"))


K = [("A", 1, "289.26", "60.74"), ("B", 1, "20.66", "4.34"), ("C", 1, "289.26", "60.74"), ("D", 1, "578.51", "121.49")]


@pytest.mark.parametrize("includes_vat", [False, True])
def test_the_total_that_was_paid_is_the_total_everywhere(tell, czech, includes_vat):
    taxes = [(5, 21, "273.34")]
    told = woo(K, "1575.00", "273.34", shipping=("123.97", "26.03"), taxes=taxes, prices_include_tax=includes_vat)
    tell("woocommerce", "order.created", told)
    order = Order.objects.get()
    assert figures(order)[:3] == ("1301.66", "273.34", "1575.00")
    assert (order.includes_vat, f"{items(order)[0].price:.2f}") == (
        includes_vat,
        "350.00" if includes_vat else "289.26",
    )
    [invoice] = invoice_of([order])
    assert (f"{invoice.gross:.2f}", "AM:1575.00" in payment_text(OrderPaper.of(invoice.content))) == ("1575.00", True)


@pytest.mark.parametrize(
    ("told", "rates"),
    [
        # The rate is told through the ids of the taxes (WooCommerce REST API, order properties, tax_lines).
        (woo([("sticker", 1, "0.30", "0.06", 5), ("screw", 1, "0.02", "0.00", 5)], "0.38", "0.06",
             taxes=[(5, 21, "0.06")]), ["21", "21"]),
        # Two taxes on one line are added up.
        (woo([("a", 1, "100.00", "14.98", 1, 2)], "114.98", "14.98", taxes=[(1, 5, "5.00"), (2, 9.975, "9.98")]),
         ["14.975"]),
        # Nothing is told: rates of the country and day, here Czech ones since 2024 (zákon č. 349/2023 Sb.).
        (woo([("a", 1, "0.10", "0.02")], "0.12", "0.02"), ["21"]),
        (woo([("a", 1, "10.00", "1.20")], "11.20", "1.20"), ["12"]),
        # Goods go to Switzerland (MWSTG art. 25), France: none of ours fits.
        (woo([("a", 1, "100.00", "8.10")], "108.10", "8.10", shipping_country="CH"), ["8.1"]),
        (woo([("a", 1, "100.00", "2.10")], "102.10", "2.10", shipping_country="FR"), ["2.1"]),
        # No rate of anybody: exactly what the amounts say.
        (woo([("a", 1, "80.00", "5.43")], "85.43", "5.43"), ["6.7875"]),
    ],
)  # fmt: skip
def test_a_rate_is_told_or_known_and_never_invented(tell, czech, told, rates):
    if country := told.pop("shipping_country", ""):
        told = {**told, "shipping": {**WOO_ORDER["shipping"], "country": country}}
    tell("woocommerce", "order.created", told)
    order = Order.objects.get()
    assert [rate for rate, _net, _vat in figures(order)[3]] == rates
    assert order.differs == ""
    assert (f"{order.gross:.2f}", f"{order.vat:.2f}") == (told["total"], told["total_tax"])


def test_where_several_rates_fit_a_person_is_asked(tell, company):
    company.country = "FR"
    company.save()
    tell("woocommerce", "order.created", woo([("a", 1, "0.10", "0.01")], "0.11", "0.01"))
    order = Order.objects.get()
    assert "10, 5.5 fit" in order.differs


@pytest.mark.parametrize(
    ("country", "day", "net", "vat", "shown"),
    [
        ("CH", "2026-03-31", "100", "8.10", ["8.1"]),
        ("CH", "2023-12-31", "100", "7.70", ["7.7"]),
        ("FR", "2026-03-31", "1000", "21.00", ["2.1"]),
        ("FI", "2026-03-31", "10", "2.55", ["25.5"]),
        ("LT", "2025-12-31", "10", "0.90", ["9"]),
        ("LT", "2026-01-01", "10", "1.20", ["12"]),
        ("CZ", "2023-12-31", "100", "15", ["15"]),
        ("CZ", "2024-01-01", "100", "15", ["15"]),
        ("CZ", "2026-01-01", "-0.30", "-0.06", ["21"]),
        ("IE", "2026-01-01", "100", "0", ["0"]),
        ("XX", "2026-01-01", "3", "1", ["33.3333"]),
    ],
)
def test_amounts_show_the_rate_of_the_country_on_that_day(country, day, net, vat, shown):
    known = [known_rates(country, dt.date.fromisoformat(day))]
    assert [f"{rate:f}" for rate in rates_shown(Decimal(net), Decimal(vat), 2, known)] == shown


LUMP = {"rate": 0.05, "price": "53.62"}
KITS = [("kit 1", 1, "375.33", []), ("kit 2", 1, "375.33", []), ("kit 3", 1, "375.34", [])]


@pytest.mark.parametrize("place", ["first line", "order"])
def test_all_tax_arrives_wherever_it_was_told(tell, company, place):
    told = shopify(KITS, "1126.00", "53.62")
    if place == "order":
        told["tax_lines"] = [LUMP]
    else:
        told["line_items"] = [{**told["line_items"][0], "tax_lines": [LUMP]}, *told["line_items"][1:]]
    tell("shopify", "orders/create", told)
    net, vat, gross, lines = figures(Order.objects.get())
    assert (net, vat, gross) == ("1072.38", "53.62", "1126.00")
    assert [rate for rate, _net, _vat in lines] == ["5", "5", "5"]
    assert Order.objects.get().differs == ""


def test_tax_that_fits_nothing_arrives_all_the_same_and_is_said(tell, company, clerk_browser):
    tell("shopify", "orders/create", shopify([("a", 1, "121.00", [(0.21, "21.00")])], "121.00", "30.00"))
    order = Order.objects.get()
    assert figures(order)[:3] == ("91.00", "30.00", "121.00")
    assert "21.00 VAT" in order.differs
    assert "30.00" in order.differs
    page = clerk_browser.get(order.get_absolute_url()).content.decode()
    assert "The lines make" in page
    assert "otherwise in its shop" in clerk_browser.get("/").content.decode()


def test_what_was_edited_out_is_not_sold(tell, company):
    lines = [("cup", 2, "12.10", [(0.21, "4.20")]), ("pot", 1, "30.25", [(0.21, "5.25")])]
    told = shopify(lines, "54.45", "9.45", current_total_price="24.20", current_total_tax="4.20")
    for line, left in zip(told["line_items"], (2, 0), strict=True):
        line["current_quantity"] = left
    tell("shopify", "orders/create", told)
    order = Order.objects.get()
    assert [item.text for item in items(order)] == ["cup"]
    assert figures(order)[:3] == ("20.00", "4.20", "24.20")


@pytest.mark.parametrize(
    ("system", "told", "extra"),
    [
        ("shopify", shopify([("a", 1, "121.00", [(0.21, "21.00")])], "126.00", "21.00", total_tip_received="5.00"),
         ("fee", "Arbatpinigiai", "5.00")),
        ("woocommerce", woo([("a", 1, "100.00", "21.00")], "133.10", "23.10", fees=[("Gift wrap", "10.00", "2.10")]),
         ("fee", "Gift wrap", "12.10")),
        ("woocommerce", woo([("a", 1, "100.00", "21.00")], "108.90", "18.90", fees=[("Less", "-10.00", "-2.10")]),
         ("discount", "Less", "-12.10")),
        ("woocommerce", woo([("a", 1, "100.00", "21.00")], "121.01", "21.00"), ("rounding", "Rounding", "0.01")),
    ],
)  # fmt: skip
def test_tips_fees_and_rounding_are_lines(tell, czech, system, told, extra):
    tell(system, "order.created" if system == "woocommerce" else "orders/create", told)
    order = Order.objects.get()
    *_rest, last = items(order)
    assert (last.kind, last.text, f"{sum(last.told):.2f}") == extra
    assert order.differs == ""
    rows = bundle([order.pk]).values(order.pk, "cs")["order"]["table"]
    written = [plain(row.amount) for row in rows.rows] + [plain(text) for label, text in rows.sums[:-3]]
    assert sum(written) == order.gross


def test_a_line_that_a_person_leaves_keeps_what_the_shop_fixed(tell, czech, ben):
    tell("woocommerce", "order.created", woo(K, "1425.01", "247.31"))
    order = Order.objects.get()
    drafts = [
        ItemDraft(text=i.text, quantity=i.quantity, price=i.price, vat_rate=i.vat_rate, kind=i.kind)
        for i in items(order)
    ]
    changed = change(order, {}, [*drafts, ItemDraft(text="E", quantity=Decimal(1), price=Decimal(10))],
                     version=order.version, by=ben)  # fmt: skip
    assert (f"{changed.gross:.2f}", f"{changed.vat:.2f}") == ("1435.01", "247.31")


def test_orders_drawn_keep_every_figure_to_the_last_digit(tell, czech):
    dice = random.Random(4)
    told = {}
    for number in range(DRAWN):
        system = dice.choice(["woocommerce", "shopify"])
        drawn = _drawn_woo(dice, number) if system == "woocommerce" else _drawn_shopify(dice, number)
        tell(system, "order.created" if system == "woocommerce" else "orders/create", drawn)
        told[drawn["number"] if system == "woocommerce" else drawn["name"]] = drawn
    orders = list(Order.objects.order_by("pk"))
    facts = bundle([order.pk for order in orders])
    for order, invoice in zip(orders, invoice_of(orders), strict=True):
        drawn = told[order.external_number]
        total, tax, lines = _figures_told(drawn)
        assert (order.gross, order.vat, order.differs) == (total, tax, ""), json.dumps(drawn)
        made = [item for item in items(order) if item.kind != "rounding"]
        assert [sum(item.told) if order.includes_vat else item.told[0] for item in made] == lines, json.dumps(drawn)
        paper = OrderPaper.of(invoice.content)
        assert (paper.gross, paper.vat, sum(line.gross for line in paper.lines)) == (total, tax, total)
        assert sum(rate.vat for rate in paper.rates) == tax
        table = facts.values(order.pk, "cs")["order"]["table"]
        ways = [plain(text) for _label, text in table.sums[: -3 if tax else -1]]
        assert sum([plain(row.amount) for row in table.rows], Decimal(0)) + sum(ways, Decimal(0)) == total
        assert plain(table.sums[-1][1]) == total
        if order.payment_kind == "transfer" and total:
            assert f"*AM:{total:.2f}*" in payment_text(paper)
    _credited(orders[:: max(1, DRAWN // 30)])


def _credited(orders):
    """Taken back in two parts, every invoice is taken back whole, to the last digit of each rate."""
    for order in orders:
        invoice = order.documents.get(type__code="invoice")
        some = {n: Decimal(int(item.quantity + 1) // 2) for n, item in enumerate(items(order))}
        notes = [credit(invoice, some, by=None, reason="returned")]
        if any(item.quantity > some[n] for n, item in enumerate(items(order))):
            notes.append(credit(invoice, by=None, reason="returned"))
        papers = [OrderPaper.of(note.content) for note in notes]
        assert (sum(p.gross for p in papers), sum(p.vat for p in papers)) == (order.gross, order.vat)
        assert sum(line.gross for paper in papers for line in paper.lines) == order.gross


def _rounded(amount, how=ROUND_HALF_UP):
    return amount.quantize(CENT, how)


def _drawn_woo(dice, number):
    """As WooCommerce computes: exact net lines, VAT rounded per line or once per rate, and a total of rounded sums."""
    includes_vat, at_subtotal = dice.random() < 0.6, dice.random() < 0.5
    lines, ids = [], {21: 5, 12: 6, 0: 7}
    for kind in ["line"] * dice.randint(1, 4) + ["shipping"] * dice.randint(0, 1) + ["fee"] * dice.randint(0, 1):
        rate = dice.choice([21, 21, 12, 0])
        price = Decimal(dice.randint(1, 200_000 if kind == "line" else 20_000)) / 100
        quantity = dice.choice([1, 1, 2, 3, dice.randint(1, 1000)]) if kind == "line" else 1
        whole = price * quantity * dice.choice([1, 1, Decimal("0.9"), Decimal("0.85")])
        net = whole * 100 / (100 + rate) if includes_vat else whole
        tax = whole - net if includes_vat else net * rate / 100
        lines.append((kind, rate, quantity, net, tax))
    how = ROUND_HALF_DOWN if includes_vat else ROUND_HALF_UP
    sums = {}
    for _kind, rate, _quantity, _net, tax in lines:
        sums[rate] = sums.get(rate, Decimal(0)) + (tax if at_subtotal else _rounded(tax, how))
    taxes = [(ids[rate], rate, str(_rounded(tax, how))) for rate, tax in sums.items()]
    total_tax = sum(Decimal(tax) for _id, _rate, tax in taxes)
    total = _rounded(sum(net for _k, _r, _q, net, _t in lines)) + total_tax
    said = [(k, q, str(_rounded(net)), str(_rounded(tax, how)), ids[r]) for k, r, q, net, tax in lines]
    order = woo(
        [(f"P{n}", q, net, tax, i) for n, (k, q, net, tax, i) in enumerate(said) if k == "line"],
        str(total),
        str(total_tax),
        fees=[("Fee", net, tax, i) for k, _q, net, tax, i in said if k == "fee"],
        shipping=next(((net, tax, i) for k, _q, net, tax, i in said if k == "shipping"), None),
        taxes=taxes,
    )
    return {**order, "id": number + 1, "number": f"W{number}", "prices_include_tax": includes_vat}


def _drawn_shopify(dice, number):
    """As Shopify computes: VAT of each line rounded, the total of what was shown; some lines edited out or lessened."""
    includes_vat = dice.random() < 0.6
    goods, total, total_tax = [], Decimal(0), Decimal(0)
    for place in range(dice.randint(1, 5)):
        rate = dice.choice([Decimal("0.21"), Decimal("0.12"), Decimal(0)])
        price, quantity = Decimal(dice.randint(1, 50_000)) / 100, dice.choice([1, 2, 3, dice.randint(1, 100)])
        discount = _rounded(price * quantity * dice.choice([0, 0, Decimal("0.1"), Decimal("0.333")]))
        amount = price * quantity - discount
        tax = _rounded(amount * rate / (1 + rate) if includes_vat else amount * rate)
        left = 0 if place and dice.random() < 0.2 else quantity
        line = {"title": f"P{place}", "quantity": quantity, "current_quantity": left, "price": str(price)}
        line["tax_lines"] = [{"rate": float(rate), "price": str(tax)}] if rate else []
        goods.append({**line, "discount_allocations": [{"amount": str(discount)}] if discount else []})
        if left:
            total, total_tax = total + amount, total_tax + tax
    shipping = Decimal(dice.choice([0, 0, 495, 9900])) / 100
    tax = _rounded(shipping * 21 / 121 if includes_vat else shipping * 21 / 100)
    total, total_tax = total + shipping, total_tax + tax
    total += Decimal(0) if includes_vat else total_tax
    tip = Decimal(dice.choice([0, 0, 0, 500])) / 100
    ship = {"title": "Post", "price": str(shipping), "tax_lines": [{"rate": 0.21, "price": str(tax)}]}
    return {
        **SHOPIFY_ORDER,
        "id": number + 1,
        "name": f"#{number}",
        "currency": "CZK",
        "taxes_included": includes_vat,
        "line_items": goods,
        "shipping_lines": [ship] if shipping else [],
        "total_tip_received": str(tip),
        "total_price": "999999.00",
        "current_total_price": str(total + tip),
        "current_total_tax": str(total_tax),
    }


def _figures_told(drawn):
    """Total, VAT, and what each line makes: with VAT where the prices include it."""
    if "line_items" in drawn and "total" in drawn:
        told = [*drawn["line_items"], *drawn["shipping_lines"], *drawn["fee_lines"]]
        adds = drawn["prices_include_tax"]
        lines = [Decimal(each["total"]) + (Decimal(each["total_tax"]) if adds else 0) for each in told]
        return Decimal(drawn["total"]), Decimal(drawn["total_tax"]), lines
    lines = [
        Decimal(each["price"]) * each["quantity"] - sum(Decimal(one["amount"]) for one in each["discount_allocations"])
        for each in drawn["line_items"]
        if each["current_quantity"]
    ] + [Decimal(each["price"]) for each in drawn["shipping_lines"]]
    tip = Decimal(drawn["total_tip_received"])
    return (
        Decimal(drawn["current_total_price"]),
        Decimal(drawn["current_total_tax"]),
        lines + ([tip] if tip else []),
    )
