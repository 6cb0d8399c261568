"""Documents of orders on paper: what the law asks for, in three languages, for ever the same bytes."""

import datetime as dt
import json
from dataclasses import fields, replace
from decimal import Decimal

import pytest

from depesa.core.languages import words
from depesa.orders.paper import OrderPaper, Party, data_of, order_job
from depesa.orders.tests.papers import CUSTOMER, GOODS, SUPPLIER, order_paper
from depesa.pdf import count_pages
from depesa.pdf.tests.texts import page_texts

CZECH = Party(
    name="Vaivorykštė CZ s.r.o.",
    company_code="25596641",
    vat_code="CZ25596641",
    address_lines=("Příčná 12", "602 00 Brno"),
    country="CZ",
    bank_account="19-2000145399/0800",
    register_note="Zapsáno v obchodním rejstříku, oddíl C, vložka 12345",
)


@pytest.fixture
def text_of(renderer):
    def read(paper, **options):
        outcome = renderer.render_one(order_job(1, paper, **options))
        assert (outcome.error, outcome.warnings) == ("", ())
        return " ".join("\n".join(page_texts(outcome.pdf)).replace("\xa0", " ").split())

    return read


def test_what_was_frozen_comes_back_whole():
    paper = order_paper(
        delivery=replace(CUSTOMER, name="Sklad"),
        related_on=dt.date(2011, 6, 1),
        remarks=("One", "Two"),
        home_currency="CZK",
        home_rate=Decimal("24.345"),
        home_rate_on=dt.date(2011, 6, 14),
        home_vat=Decimal("312.4"),
        rounding=Decimal("-0.01"),
    )
    assert OrderPaper.of(json.loads(json.dumps(paper.kept()))) == paper


def test_what_an_earlier_version_froze_is_read_and_a_later_field_ignored():
    kept = order_paper().kept()
    required = {"type", "title", "number", "order_number", "language", "currency", "issued_on", "supplier", "customer"}
    required |= {"lines", "rates", "net", "vat", "gross"}
    old = {name: value for name, value in kept.items() if name in required} | {"colour": "red"}
    found = OrderPaper.of(old)
    assert (found.payment, found.lines) == ("", order_paper().lines)
    assert {field.name for field in fields(found)} >= required


def test_a_czech_invoice_says_what_the_law_asks(text_of):
    text = text_of(order_paper(language="cs", title="Faktura", currency="CZK", supplier=CZECH))
    for said in (
        "Faktura INV000042 Daňový doklad",
        "IČO: 25596641 · DIČ: CZ25596641",
        "Zapsáno v obchodním rejstříku, oddíl C, vložka 12345",
        "Odběratel Řezbářství Žlutý kůň s.r.o. Dlouhá 7 110 00 Praha",
        "Datum vystavení 15. 6. 2011",
        "15. 6. 2011 Datum splatnosti 29. 6. 2011",
        "Objednávka O-1024 ze dne 14. 6. 2011",
        "Variabilní symbol 1024",
        "Rekapitulace DPH Sazba DPH Základ daně DPH S DPH",
        "0 % 2,50 0,00 2,50 12 % 12,00 1,44 13,44 21 % 70,14 14,73 84,87",
        "K úhradě 100,81 CZK",
        "Číslo účtu 19-2000145399/0800",
        "Strana 1 z 1",
    ):
        assert said in text
    assert "Datum uskutečnění" in text
    assert "zdanitelného plnění" in text


def test_a_lithuanian_credit_note_is_negative_and_names_its_invoice(text_of):
    text = text_of(
        order_paper(
            type="credit-note",
            title="Kreditinė PVM sąskaita faktūra",
            number="CN000003",
            language="lt",
            takes_back=True,
            is_paid=True,
            paid_on=dt.date(2011, 6, 14),
            asks_payment=False,
            related_number="INV000042",
            related_on=dt.date(2011, 6, 15),
            reason="Prekė grąžinta",
        )
    )
    for said in (
        "Kreditinė PVM sąskaita faktūra CN000003",
        "Įmonės kodas: 304871236 · PVM mokėtojo kodas: LT100011122233",
        "Tikslinama sąskaita faktūra INV000042, 2011-06-15",
        "Tikslinimo priežastis Prekė grąžinta",
        "−2 ks 24,90 21 % −49,80 −10,46 −60,26",
        "Iš viso EUR −100,81 EUR",
        "Grąžinti 100,81 EUR",
    ):
        assert said in text
    assert "Mokėjimo duomenys" not in text
    assert "Apmokėta" not in text  # who paid, and when, is the invoice's own matter


def test_a_credit_note_of_what_was_never_paid_returns_nothing(text_of):
    paper = order_paper(type="credit-note", title="Credit note", takes_back=True, is_paid=False)
    assert "To be returned 0.00 EUR" in text_of(paper)


def test_a_tax_document_says_the_unit_price_without_vat_too(text_of):
    """Art. 226 (8) of Directive 2006/112/EC: the unit price exclusive of VAT; § 29 (1) of the Czech VAT act."""
    goods = [("K", "Kniha", "3", "112.00", "12")]
    paper = order_paper(goods, language="cs", title="Faktura", currency="CZK", supplier=CZECH, prices_include_vat=True)
    assert "Jedn. cena s DPH Jedn. cena bez DPH DPH %" in text_of(paper)
    (line,) = data_of(paper)["lines"]
    assert (line["price"], line["unit-net"]) == ("112,00", "100,00")
    for other in (replace(paper, type="order-confirmation"), replace(paper, prices_include_vat=False)):
        assert "unit-net" not in [column["name"] for column in data_of(other)["columns"]]


def test_lines_that_make_something_else_than_their_rates_say_why(text_of):
    said = "by rounding"
    goods = [("A", "Pen", "1", "0.02", "21"), ("B", "Pencil", "1", "0.02", "21")]  # VAT 0.00 + 0.00, of the sum 0.01
    assert said in text_of(order_paper(goods))
    assert said not in text_of(order_paper(goods[:1]))
    assert said not in text_of(order_paper(goods, type="delivery-note", shows_prices=False))


def test_a_receipt_says_that_it_is_paid_and_asks_for_nothing(text_of):
    text = text_of(order_paper(type="receipt", title="Receipt", is_paid=True, paid_on=dt.date(2011, 6, 14)))
    assert "Paid on 14 Jun 2011 −100.81 EUR To pay 0.00 EUR" in text
    assert "Payment details" not in text


def test_a_firm_without_vat_shows_none_and_says_so(text_of):
    goods = [(code, text, quantity, price, "0") for code, text, quantity, price, _rate in GOODS]
    text = text_of(order_paper(goods, supplier=replace(SUPPLIER, vat_code=""), type="proforma", title="Proforma"))
    assert "VAT summary" not in text
    assert "Description Quantity Unit price Total" in text
    assert "The supplier is not registered for VAT. This is not a tax document." in text


def test_a_zero_rate_of_a_vat_payer_stands_in_the_summary(text_of):
    goods = [(code, text, quantity, price, "0") for code, text, quantity, price, _rate in GOODS]
    text = text_of(order_paper(goods, remarks=(words("remarks", "en")["reverse-charge"],)))
    assert "VAT rate Taxable amount VAT With VAT 0% 84.64 0.00 84.64" in text
    assert "Reverse charge: VAT is accounted for by the customer." in text


def test_reverse_charge_is_said_in_the_words_of_the_law():
    assert words("remarks", "cs")["reverse-charge"].startswith("Daň odvede zákazník")
    assert words("remarks", "lt")["reverse-charge"].startswith("Atvirkštinis apmokestinimas")


def test_vat_in_the_currency_of_the_country_stands_beside_a_foreign_one(text_of):
    home = {"home_currency": "CZK", "home_rate": Decimal("24.345"), "home_vat": Decimal("312.4")}
    day = {"home_rate_on": dt.date(2011, 6, 14)}
    assert "(kurz 24,345 ze dne 14. 6. 2011): 312,40" in text_of(
        order_paper(language="cs", supplier=CZECH, **home, **day)
    )
    assert "DPH v CZK (kurz 24,345): 312,40" in text_of(order_paper(language="cs", supplier=CZECH, **home))


def test_rounding_and_the_note_of_the_customer_are_printed(text_of):
    text = text_of(order_paper(rounding=Decimal("0.19"), customer_note="Please ring *twice* #1"))
    assert "Rounding 0.19 EUR To pay 101.00 EUR" in text
    assert "Customer's note Please ring *twice* #1" in text


def test_a_country_is_named_abroad_and_left_out_at_home():
    abroad = data_of(order_paper(language="cs"))
    assert abroad["supplier"]["address"] == ["Ąžuolų g. 5", "01234 Vilnius", "Litva"]
    assert abroad["customer"]["address"] == ["Dlouhá 7", "110 00 Praha", "Česko"]
    home = data_of(order_paper(customer=replace(CUSTOMER, country="LT", address_lines=("Pilies g. 1", "LT"))))
    assert home["supplier"]["address"] == ["Ąžuolų g. 5", "01234 Vilnius"]
    assert home["customer"]["address"] == ["Pilies g. 1"]
    nobody = data_of(order_paper(customer=Party(name="Jana Nováková")))
    assert nobody["customer"]["address"] == []


def test_a_delivery_note_may_show_no_prices(text_of):
    text = text_of(order_paper(type="delivery-note", title="Delivery note", shows_prices=False))
    assert "Description Quantity Ąžuolinė lentyna „Šviesa“ 85123A 2 ks" in text
    assert "24.90" not in text
    assert "EUR" not in text


@pytest.mark.slow
def test_three_thousand_lines_are_printed_under_a_repeated_heading(renderer):
    goods = [(f"C{index}", f"Žluťoučký kůň {index}", "3", "12.5", ("21", "12")[index % 2]) for index in range(3000)]
    pages = page_texts(renderer.render(order_job(1, order_paper(goods))))
    assert all(
        any(f"kůň {index}\n" in page or f"kůň {index} " in page for page in pages) for index in range(0, 3000, 97)
    )
    assert all("Unit price" in page for page in pages[:-1])
    assert f"Page {len(pages)} of {len(pages)}" in pages[-1]
    assert "To pay" in pages[-1]


def test_names_without_a_blank_and_huge_sums_stay_on_the_page(text_of, renderer):
    goods = [("C1", "x" * 300, "9999999", "999999999", "21"), ("C2", "y", "-1", "0.0001", "12")]
    paper = order_paper(goods, customer=replace(CUSTOMER, name="Maximilian" * 30))
    assert count_pages(renderer.render(order_job(1, paper))) == 1
    assert data_of(paper)["wide"]
    assert "x" * 300 in text_of(paper).replace("\u200b", "").replace(" ", "")


def test_the_same_paper_is_the_same_bytes(renderer):
    first, second = (renderer.render(order_job(key, order_paper())) for key in (1, 2))
    assert first == second
    assert b"pdfaid:part>2<" in first
    assert b"pdfuaid:part>1<" in first


def test_values_are_plain_text_whatever_they_look_like(text_of):
    nasty = '#read("/etc/passwd") $x$ @ref *b* <tag> \\ "'
    assert nasty in text_of(order_paper(customer=replace(CUSTOMER, name=nasty)))
