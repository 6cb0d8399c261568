"""Sales documents out of lines: what a document must be, and the sentence where it is not."""

import csv
import gzip
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest

from depesa.imports.rules import limits, profiles
from depesa.imports.rules.profiles import DEPESA, ONLINE_RETAIL, Profile, fit, guess
from depesa.imports.rules.refusals import Unreadable
from depesa.imports.rules.rows import inspect, read_sample
from depesa.imports.rules.sales import assemble_all
from depesa.imports.rules.stage import Stage
from depesa.imports.tests.conftest import take_file

JUNE = Path(__file__).parents[2] / "documents" / "samples" / "online-retail-2011-06.csv.gz"
HEADER = "type;number;date;customer code;currency;net;vat rate;vat;gross;description;quantity;unit price;total"
LINES = "number,date,customer,quantity,price,vat rate,currency"


def only(taken):
    (document,), refusals, loose = taken
    assert not refusals
    assert not loose
    return document


def reason(taken):
    documents, ((_, _, sentence),), loose = taken
    assert not documents
    assert not loose
    return sentence


def test_june_2011_agrees_to_the_penny(tmp_path):
    documents, refusals, loose = take_file(JUNE, tmp_path / "stage")
    assert (len(documents), len(refusals), loose) == (1_707, 305, [])
    assert Counter(document.kind for document in documents) == {"invoice": 1_393, "return": 314}
    assert sum(document.lines for document in documents) < 36_874
    customers = {document.customer_code for document in documents}
    buyers = {document.customer_code for document in documents if document.kind == "invoice"}
    assert (len(customers), len(customers - buyers)) == (1_051, 60)
    assert sum(document.sign * document.net for document in documents) == Decimal("608013.16")
    assert {sentence for _, _, sentence in refusals} == {"The document has no customer. Fill in the customer code."}
    assert all(document.net >= 0 and document.vat == 0 for document in documents)
    first = documents[0]
    assert (first.number, str(first.on), first.currency, first.country) == ("555156", "2011-06-01", "GBP", "GB")
    assert (first.email, first.customer_name) == ("15643@retail.example", "Customer 15643")


def test_the_figures_are_those_of_a_naive_count(tmp_path):
    sums = Counter()
    with gzip.open(JUNE, "rt", encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            if row["CustomerID"]:
                sums[row["InvoiceNo"]] += Decimal(row["Quantity"]) * Decimal(row["UnitPrice"])
    documents, _, _ = take_file(JUNE, tmp_path / "stage")
    assert {document.number: document.sign * document.net for document in documents} == sums


def test_lines_far_apart_make_one_document(take):
    documents, _, _ = take(
        LINES + "\n1,2026-03-01,7,2,1.005,0,EUR\n2,2026-03-01,8,1,1.00,0,EUR\n1,2026-03-01,7,1,1.005,0,EUR\n"
    )
    assert [(d.number, str(d.on), d.lines, d.net) for d in documents] == [
        ("1", "2026-03-01", 2, Decimal("3.02")),
        ("2", "2026-03-01", 1, Decimal("1.00")),
    ]


def test_lines_are_added_exactly_and_rounded_once_half_up(take):
    text = LINES + "\n" + "1,2026-03-01,7,1,0.335,21,EUR\n" * 3
    document = only(take(text))
    assert document.net == Decimal("1.01")  # 1.005; three lines rounded first would make 1.02
    assert document.vat == Decimal("0.21")
    assert document.gross == Decimal("1.22")


def test_one_line_a_document(take):
    document = only(take(HEADER + "\ncredit note;K1;31.03.2026;7;CZK;-1 000,00;21;-210,00;-1 210,00;;;;\n"))
    assert (document.kind, document.sign) == ("credit-note", -1)
    assert (document.net, document.vat, document.gross) == (Decimal(1000), Decimal(210), Decimal(1210))


def test_the_type_says_the_sign_and_the_file_may_write_returns_positive(take):
    text = HEADER + "\nreturn;R1;2026-03-01;7;EUR;10,50;0;;;;;;\n"
    assert "A return that adds up to more than zero (10.50)" in reason(take(text))
    assert only(take(text, is_signed=False)).net == Decimal("10.50")
    assert "A sale that adds up to -10.50" in reason(
        take(text.replace("return;R1", "invoice;R1").replace("10,50", "-10,50"))
    )


def test_a_negative_sum_is_a_credit_note_where_no_column_says_the_type(take):
    document = only(take("number,date,customer,currency,net,vat rate\n9,2026-03-01,7,EUR,-5.00,0\n"))
    assert (document.kind, document.net) == ("credit-note", Decimal("5.00"))


def test_the_same_number_of_two_types_is_two_documents(take):
    documents, refusals, _ = take(
        HEADER + "\ninvoice;1;2026-03-01;7;EUR;10;0;;;;;;\ncredit note;1;2026-03-01;7;EUR;-10;0;;;;;;\n"
    )
    assert [(document.kind, document.number) for document in documents] == [("invoice", "1"), ("credit-note", "1")]
    assert not refusals


AMOUNTS = "number,date,customer,currency,net,vat,gross\n"


@pytest.mark.parametrize(
    ("row", "rate"),
    [
        ("CHF,100.00,8.10,108.10", "8.1"),  # MWSTG art. 25, since 2024
        ("CHF,100.00,2.60,102.60", "2.6"),
        ("CHF,1.00,0.08,1.08", "8.1"),
        ("EUR,100.00,2.10,102.10", "2.1"),
        ("EUR,0.30,0.06,0.36", "21"),  # of Czechia since 2024, where we are
        ("EUR,0.10,0.02,0.12", "21"),
        ("EUR,0.09,0.01,0.10", "12"),
        ("EUR,1000.00,26.00,1026.00", "2.6"),
        ("EUR,100.00,0.00,100.00", "0"),
        ("EUR,80.00,5.43,85.43", "6.7875"),
        ("PLN,10.00,2.30,12.30", "23"),
    ],
)
def test_a_rate_that_no_column_tells_is_a_known_one_or_exactly_what_the_amounts_say(take, row, rate):
    document = only(take(f"{AMOUNTS}9,2026-03-31,7,{row}\n", home="CZ"))
    [tax] = document.taxes
    assert f"{tax.rate.normalize():f}" == rate


def test_where_several_rates_fit_the_file_is_asked_for_a_column(take):
    sentence = reason(take(f"{AMOUNTS}9,2026-03-31,7,EUR,0.05,0.01,0.06\n", home="CZ"))
    assert sentence == "Row 2: 21, 12 % all make the VAT of 0.01. Add a column with the VAT rate."


def test_several_rates_on_one_document(take):
    document = only(
        take(LINES + "\n1,2026-03-01,7,1,100,21,EUR\n1,2026-03-01,7,2,50,9,EUR\n1,2026-03-01,7,1,1,21,EUR\n")
    )
    assert [(tax.rate, tax.net, tax.vat) for tax in document.taxes] == [
        (Decimal(9), Decimal("100.00"), Decimal("9.00")),
        (Decimal(21), Decimal("101.00"), Decimal("21.21")),
    ]


def test_an_amount_finer_than_its_currency_is_refused(take):
    head = "number,date,customer,currency,gross,vat rate\n"
    assert "gross: “121.5” has too many decimals (1); at most 0 fit here." in reason(
        take(head + "9,2026-03-01,7,JPY,121.50,21\n")
    )
    assert only(take(head + "9,2026-03-01,7,KWD,1.105,0\n", decimal_sign=".")).gross == Decimal("1.105")


def test_net_follows_from_gross_and_rate(take):
    document = only(take("number,date,customer,currency,gross,vat rate\n9,2026-03-01,7,EUR,121.00,21%\n"))
    assert (document.net, document.vat, document.gross) == (Decimal("100.00"), Decimal("21.00"), Decimal("121.00"))


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        (
            "invoice;1;2026-03-01;7;EUR;100,00;21;21,00;121,01;;;;",
            "gross: The file says 121.01 EUR, net and VAT make 121.00.",
        ),
        (
            "invoice;1;2026-03-01;7;EUR;;21;;;;3;33,33;121,00",
            "document total: The file says 121 EUR, the lines make 120.99 (added exactly, rounded once, half up).",
        ),
        ("invoice;1;2026-03-01;7;EUR;100,00;21;;;;3;33,33;", "net: The file says 100 EUR, the lines make 99.99"),
        ("invoice;1;2026-03-01;7;EUR;100,00;21;25,00;125,00;;;;", "VAT: The file says 25.00 EUR, the lines make 21.00"),
    ],
)
def test_input_76_a_total_that_differs_is_shown_with_the_rounding_rule(take, row, sentence):
    assert sentence in reason(take(f"{HEADER}\n{row}\n"))


@pytest.mark.parametrize(
    ("quantity", "sentence"),
    [
        ("0", "quantity: A quantity of 0 moves nothing. Leave the line out or correct it."),
        ("1000000000000", "quantity: “1000000000000” is over the limit of 10 000 000."),
        ("1e5", "quantity: “1e5” is in scientific notation."),
        ("-1", "type: A sale that adds up to -2.50."),
        ("", "Row 2: the quantity is missing."),
    ],
)
def test_input_75_limits_of_a_quantity_are_named(take, quantity, sentence):
    text = f"{LINES}\n1,2026-03-01,7,{quantity},2.5,0,EUR\n"
    assert reason(take(text, negative_type="")).startswith(sentence)


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ("1,31.02.2026,7,1,2.5,0,EUR", "date: “31.02.2026”: This day does not exist."),
        ("1,,7,1,2.5,0,EUR", "The date is missing."),
        ("1,2026-03-01,,1,2.5,0,EUR", "The document has no customer."),
        ("1,2026-03-01,7,1,2.5,0,", "The currency is missing."),
        ("1,2026-03-01,7,1,2.5,0,euro", "currency: “euro” is not a currency."),
        ("1,2026-03-01,7,1,,0,EUR", "Row 2: the amount is missing."),
        ("1,2026-03-01,7,1,2.5,,EUR", "Row 2: the VAT rate is missing."),
        ("1,2026-03-01,7,1,2.5,-21,EUR", "VAT rate: “-21” may not be negative."),
        ("1,2026-03-01,7,1,0.1234567890123456789,0,EUR", "unit price: “0.1234567890123456789” has too many decimals"),
        ("1,2026-03-01,7,1,2.5,101,EUR", "VAT rate: “101” is over the limit of 100."),
        ("1,2026-03-01,7777777777777777777777777777777777777777777,1,2.5,0,EUR", "customer code: “7777"),
    ],
)
def test_what_a_document_lacks_is_said_with_its_field(take, row, sentence):
    assert reason(take(f"{LINES}\n{row}\n")).startswith(sentence)


@pytest.mark.parametrize(
    "name", ["day", "customer", "customer name", "e-mail", "language", "country", "currency", "total"]
)
def test_a_head_field_that_differs_between_lines_refuses_the_document(take, name):
    head = ["number", "type", "day", "customer", "customer name", "e-mail", "language", "country", "currency", "total"]
    said = dict(
        zip(head, ["1", "invoice", "2026-03-31", "7", "Jonas", "j@firm.example", "lt", "LT", "EUR", "200"], strict=True)
    )
    others = {"day": "2026-04-01", "e-mail": "x@firm.example", "language": "en", "country": "CZ", "currency": "USD"}

    def two_lines(second):
        rows = [";".join([*row.values(), "1", "100", "0"]) for row in (said, said | second)]
        return "\n".join([";".join([*head, "quantity", "unit price", "vat rate"]).replace("day", "date"), *rows, ""])

    assert only(take(two_lines({name: ""}))).lines == 2
    assert "The lines of the document differ: “" in reason(take(two_lines({name: others.get(name, "8")})))


def test_a_line_without_a_type_belongs_to_the_only_document_of_its_number(take):
    line = "%s;%s;2026-03-01;7;EUR;%s;0;;;;;;\n"
    rows = [("", 1, -5), ("return", 1, -10), ("", 2, 3), ("invoice", 3, 1), ("return", 3, -1), ("", 3, 1)]
    documents, refusals, _ = take(HEADER + "\n" + "".join(line % row for row in rows))
    found = [(document.kind, document.number, document.net) for document in documents]
    assert found == [("return", "1", Decimal(15)), ("invoice", "2", Decimal(3))]
    sentence = (
        "type: Documents of several types have this number, and this line names none. Write the type of each line."
    )
    assert refusals == [(7, "3", sentence)]


@pytest.mark.parametrize(
    "broken",
    [
        "invoice;1;2026-03-32;7;EUR;50;0;;;;;;",
        "invoice;1;2026-03-01;7;EURO;50;0;;;;;;",
        "invoce;1;2026-03-01;7;EUR;50;0;;;;;;",
        ";1;2026-03-32;7;EUR;50;0;;;;;;",
        "invoice;1;2026-03-01;7;EUR;fifty;0;;;;;;",
        "invoice;1;2026-03-01;7;EUR;50;0",
    ],
)
@pytest.mark.parametrize("place", [0, 2])
def test_whatever_is_wrong_with_a_line_refuses_every_document_of_its_number(take, broken, place):
    rows = [
        f"{row};2026-03-01;7;EUR;{net};0;;;;;;" for row, net in (("invoice;1", 100), ("return;1", -7), ("invoice;2", 1))
    ]
    documents, refusals, loose = take("\n".join([HEADER, *rows[:place], broken, *rows[place:], ""]))
    assert [document.number for document in documents] == ["2"]
    assert [(line, number) for line, number, _sentence in refusals] == [(place + 2, "1")]
    assert not loose


def test_one_document_has_one_customer_and_one_currency(take):
    head = LINES + "\n1,2026-03-01,7,1,2.5,0,EUR\n"
    assert "customer code: The lines of the document differ: “7” and “8”" in reason(
        take(head + "1,2026-03-01,8,1,2.5,0,EUR\n")
    )
    assert "currency: The lines of the document differ: “EUR” and “USD”" in reason(
        take(head + "1,2026-03-01,7,1,2.5,0,USD\n")
    )
    assert only(take(head + "1,,,1,2.5,0,\n")).net == Decimal("5.00")  # blank cells take the other lines' value


def test_input_89_a_document_with_a_broken_line_is_refused_whole_and_others_stay(take):
    documents, refusals, loose = take(
        LINES + "\n1,2026-03-01,7,1,2.5,0,EUR\n1,2026-03-01,7,x,2.5,0,EUR\n2,2026-03-01,7,1,2.5,0,EUR\n"
        "1,2026-03-01,7,1\n,2026-03-01,7,1,2.5,0,EUR\n"
    )
    assert [document.number for document in documents] == ["2"]
    assert refusals == [
        (3, "1", "quantity: “x” is not a number. Write it like 1234.50."),
        (5, "1", "Row 5: 4 columns instead of 7."),
    ]
    assert loose == [(6, "The document number is missing.")]


def test_a_type_that_nobody_knows_and_a_correction_are_refused(take):
    assert "type: “letter” is not known." in reason(take(HEADER + "\nletter;1;2026-03-01;7;EUR;1;0;;;;;;\n"))
    assert "Numbers that start with A are corrections" in reason(
        take(
            "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\nA1,B,Adjust,1,2011-06-01,5,,UK\n"
        )
    )


def test_a_document_with_too_many_lines_is_refused(take, monkeypatch):
    monkeypatch.setattr(limits, "MAX_DOCUMENT_LINES", 3)
    documents, refusals, _ = take(LINES + "\n" + "1,2026-03-01,7,1,1,0,EUR\n" * 4 + "2,2026-03-01,7,1,1,0,EUR\n" * 3)
    assert [document.number for document in documents] == ["2"]
    assert refusals == [(2, "1", "The document has more than 3 lines.")]


def test_a_file_with_a_few_thousand_documents_is_read_on_from_the_middle(take, tmp_path):
    take(LINES + "\n" + "".join(f"{n},2026-03-01,7,1,1,0,EUR\n" for n in range(50)))
    with Stage(tmp_path / "stage") as stage:
        assert stage.is_complete
        assert (stage.lines, stage.documents) == (50, 50)
        assert [one.number for one in assemble_all(stage, DEPESA, after=49)] == ["48", "49"]


def test_the_content_hash_sees_what_a_document_says_and_not_how(take):
    head = LINES + "\n"
    row = "1,2026-03-01,7,1,2.50,0,EUR\n"
    plain = only(take(head + row)).content_hash
    assert only(take(head + "1,01.03.2026,7,1.0,2.5,0%,eur\n")).content_hash == plain
    for other in ("1,2026-03-02,7,1,2.50,0,EUR", "1,2026-03-01,8,1,2.50,0,EUR", "1,2026-03-01,7,2,1.25,0,EUR"):
        assert only(take(head + other + "\n")).content_hash != plain


@pytest.mark.parametrize(
    "header",
    [
        "Typ;Číslo dokladu;Datum vystavení;Kód zákazníka;Jméno zákazníka;E-mail;Měna;Základ;Sazba DPH;DPH;Celkem s DPH",
        "Tipas;Numeris;Data;Kliento kodas;Kliento pavadinimas;El. paštas;Valiuta;Suma be PVM;PVM %;PVM;Suma su PVM",
        "Type;Invoice No.;Date;Customer ID;Customer name;E-mail;Currency;Net;VAT %;VAT;Gross",
    ],
)
def test_columns_are_guessed_in_three_languages(header):
    names = tuple(header.split(";"))
    wanted = [
        "type",
        "number",
        "date",
        "customer_code",
        "customer_name",
        "email",
        "currency",
        "net",
        "vat_rate",
        "vat",
        "gross",
    ]
    assert guess(names, []).columns == dict(zip(wanted, names, strict=True))


def test_the_decimal_sign_and_the_order_of_days_are_guessed_from_cells(tmp_path):
    path = tmp_path / "x.csv"
    path.write_text("number;date;customer;currency;net;vat rate\n1;25/03/2026;7;EUR;1.234,50;21\n")
    profile = guess(inspect(path).header, read_sample(path, inspect(path)))
    assert (profile.decimal_sign, profile.date_order) == (",", "dmy")


def test_a_profile_survives_its_writing_and_says_what_it_lacks():
    assert Profile.from_mapping(ONLINE_RETAIL.to_mapping()) == ONLINE_RETAIL
    with pytest.raises(Unreadable, match="The profile cannot be read"):
        Profile.from_mapping({"name": "a", "x": 2})
    with pytest.raises(Unreadable) as caught:
        fit(ONLINE_RETAIL, ("InvoiceNo", "StockCode"))
    assert str(caught.value) == "The column “InvoiceDate” is missing. The file has: InvoiceNo, StockCode."
    with pytest.raises(Unreadable) as caught:
        fit(DEPESA, ("number", "date", "currency", "net"))
    assert str(caught.value) == "customer code: Choose its column, or a value for the whole file."
    assert set(profiles.BUILT_IN) == {"online-retail", "depesa"}
