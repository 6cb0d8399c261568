"""Exchange rates: by hand and from the lists of two banks, in the shape that they publish."""

import datetime as dt
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from depesa.core.errors import Refused
from depesa.documents.models import ExchangeRate
from depesa.documents.queries import rate_on
from depesa.documents.rules.rates import NotAList, read_list
from depesa.documents.services import take_list
from depesa.history.models import Entry

DAY = "04.07.2011 #128\nzemě|měna|množství|kód|kurz\nEMU|euro|1|EUR|24,275\nMaďarsko|forint|100|HUF|9,183\n"
DAY_IN_ENGLISH = (
    "04 Jul 2011 #128\nCountry|Currency|Amount|Code|Rate\nEMU|euro|1|EUR|24.275\nHungary|forint|100|HUF|9.183\n"
)
YEAR = "Datum|1 EUR|100 HUF\n01.07.2011|24,340|9,165\nDatum|100 HUF|1 EUR\n04.07.2011|9,183|24,275\n"
XML = """<?xml version="1.0"?><gesmes:Envelope><Cube><Cube time='2011-07-04'><Cube currency='USD' rate='1.4503'/>
<Cube currency='CZK' rate='24.275'/><Cube currency='GBP' rate='0.90135'/></Cube></Cube></gesmes:Envelope>"""
CSV = "Date, USD, CZK, GBP, ISK, \n04 July 2011, 1.4503, 24.275, 0.90135, N/A, \n"
JULY = dt.date(2011, 7, 4)


@pytest.mark.parametrize("text", [DAY, DAY.replace("\n", "\r\n"), DAY_IN_ENGLISH])
def test_the_list_of_the_czech_national_bank_for_a_day(text):
    assert read_list(text, "CZK") == [
        (JULY, "EUR", Decimal(1), Decimal("24.275")),
        (JULY, "HUF", Decimal(100), Decimal("9.183")),
    ]


def test_its_list_of_a_year_whose_columns_change():
    found = {(quote.valid_on.day, quote.currency): quote.value / quote.units for quote in read_list(YEAR, "CZK")}
    assert found[1, "EUR"] == Decimal("24.34")
    assert found[4, "HUF"] == Decimal("0.09183")


@pytest.mark.parametrize("text", [XML, XML.replace("'", '"'), CSV, CSV.replace("04 July 2011", "2011-07-04")])
def test_the_list_of_the_european_central_bank_goes_by_way_of_the_euro(text):
    euro = {quote.currency: (quote.units, quote.value) for quote in read_list(text, "EUR")}
    assert euro == {
        "USD": (Decimal("1.4503"), 1),
        "CZK": (Decimal("24.275"), 1),
        "GBP": (Decimal("9.0135"), 10),
    }
    crowns = {quote.currency: (quote.units, quote.value) for quote in read_list(text, "CZK")}
    assert crowns["EUR"] == (1, Decimal("24.275"))
    assert crowns["USD"] == (Decimal("1.4503"), Decimal("24.275"))


@pytest.mark.parametrize(
    ("text", "home", "said"),
    [
        ("", "EUR", "no list of exchange rates"),
        ("name;price\na;1", "EUR", "no list of exchange rates"),
        ("a|b|c", "CZK", "no list of exchange rates"),
        (DAY, "EUR", "is in crowns"),
        (CSV, "UAH", "has no UAH"),
        (DAY.replace("24,275", "0"), "CZK", "“0” for a figure"),
        (DAY.replace("24,275", "1e9"), "CZK", "“1e9” for a figure"),
    ],
)
def test_what_is_no_list_is_refused_in_a_sentence(text, home, said):
    with pytest.raises(Refused, match=said):
        read_list(text, home)


def test_a_rate_holds_until_the_bank_tells_another_but_never_for_a_week(czech):
    take_list(YEAR, by=None)
    assert rate_on("EUR", "CZK", dt.date(2011, 7, 3)).rate == Decimal("24.34")  # a Sunday: that of Friday
    assert rate_on("EUR", "CZK", JULY).rate == Decimal("24.275")
    assert rate_on("HUF", "CZK", JULY).rate == Decimal("0.09183")
    assert rate_on("EUR", "CZK", dt.date(2011, 7, 10)) is None
    assert rate_on("EUR", "CZK", dt.date(2011, 6, 30)) is None
    take_list(YEAR.replace("24,275", "24,300"), by=None)
    assert rate_on("EUR", "CZK", JULY).rate == Decimal("24.3")
    assert ExchangeRate.objects.count() == 4


def test_the_page_takes_a_list_and_a_rate_by_hand(client, ada, czech):
    client.force_login(ada)
    page = reverse("documents:rates")
    client.post(page, {"list": SimpleUploadedFile("denni_kurz.txt", DAY.encode())})
    answer = client.post(
        page, {"valid_on": "2011-07-05", "currency": "eur", "units": "1", "value": "24.305"}, follow=True
    )
    assert "24.305" in answer.text
    assert ExchangeRate.objects.filter(home="CZK").count() == 3
    told = Entry.objects.filter(event="documents.rates-taken").order_by("id")
    assert [entry.after["rates"] for entry in told] == [2, 1]


def test_the_page_says_what_is_wrong(client, ada, czech):
    client.force_login(ada)
    page = reverse("documents:rates")
    typed = {"valid_on": "2011-07-05", "currency": "CZK", "units": "1", "value": "24.305"}
    for changed, said in (
        ({}, "currency of your country"),
        ({"currency": "EUR", "value": ""}, "Fill it in, or choose a list"),
        ({"currency": "EUR", "units": "-1"}, "above zero"),
        ({"list": SimpleUploadedFile("a.txt", b"\xff\x00")}, "no list of exchange rates"),
    ):
        answer = client.post(page, typed | changed)
        assert (answer.status_code, said in answer.text) == (422, True), changed
    assert not ExchangeRate.objects.exists()


def test_a_list_without_any_rate_is_no_list():
    with pytest.raises(NotAList):
        read_list("Date, USD\n", "EUR")
