"""A further language is one module, its catalogue and its presets: everything else finds it by itself."""

import datetime as dt
from decimal import Decimal

import polib
import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils.formats import date_format, reset_format_cache
from django.utils.translation import gettext

from depesa.core import languages
from depesa.core.languages import choices, formatter, register, speaking
from depesa.core.periods import Period
from depesa.customers.models import Customer
from depesa.emails import services as letters
from depesa.emails.models import SystemEmail
from depesa.orders.paper import data_of
from depesa.orders.tests.papers import order_paper
from depesa.shop.models import Shop
from depesa.statements.paper import Row, freeze, lay_out, ledger
from depesa.statements.tests.values import statement_values
from tests.german import CATALOGUE, GERMAN


@pytest.fixture
def german(settings, monkeypatch, tmp_path):
    """The desk with a language more."""
    monkeypatch.setattr(languages, "_known", dict(languages._known))
    register(GERMAN)
    folder = tmp_path / "de" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    polib.pofile(CATALOGUE).save_as_mofile(str(folder / "django.mo"))
    settings.LOCALE_PATHS = [*settings.LOCALE_PATHS, tmp_path]
    settings.LANGUAGES = [*settings.LANGUAGES, (GERMAN.code, GERMAN.name)]
    reset_format_cache()
    yield GERMAN
    formatter.cache_clear()
    languages.words.cache_clear()
    reset_format_cache()


@pytest.fixture
def page(client, ada):
    client.force_login(ada)
    return lambda name, *args, **query: client.get(reverse(name, args=args), query).content.decode()


def test_no_table_changes_for_a_language(german, db):
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


@pytest.mark.parametrize("name", ["company:company", "customers:new", "orders:new", "staff:profile", "staff:new_user"])
def test_pages_offer_it(german, page, company, ada, name):
    ada.role = "admin"
    ada.save()
    assert '<option value="de">German</option>' in page(name)


def test_names_are_asked_for_in_it(german, page, company):
    assert 'name="name_de"' in page("documents:new_type")
    assert 'name="names_de"' in page("catalog:new")
    assert 'name="name_de"' in page("orders:new_state")


def test_pages_speak_it(german, client, ada, company):
    ada.language = "de"
    ada.save()
    client.force_login(ada)
    text = client.get("/").content.decode()
    assert '<html lang="de"' in text
    assert "Einstellungen" in text
    assert 'value="de" lang="de" aria-pressed="true"' in text
    with speaking("de"):
        assert gettext("Settings") == "Einstellungen"
        assert date_format(dt.date(2011, 7, 5), "SHORT_DATE_FORMAT") == "05.07.2011"


def test_the_shop_speaks_it(german, client, company):
    Shop.objects.create(pk=1, is_open=True)
    text = client.get("/shop/en/").content.decode()
    assert '<a href="/shop/de/" lang="de" hreflang="de">Deutsch</a>' in text
    assert "Warenkorb" in client.get("/shop/de/").content.decode()
    assert client.get("/shop/fr/").status_code == 404


def test_figures_and_days_are_written_in_it(german):
    write = formatter("de")
    assert write.money_with_sign(Decimal("-1234.5"), "EUR") == "−1.234,50\N{NBSP}€"
    assert write.stored_money(12345600, "CZK") == "1.234,56\N{NBSP}CZK"
    assert (write.day(dt.date(2011, 7, 5)), write.period(Period.month(2011, 7))) == ("5. Juli 2011", "Juli 2011")
    assert [write.period(Period.parse(text)) for text in ("2011-Q2", "2011")] == ["2. Quartal 2011", "2011"]
    assert (write.rate("5.5"), write.count(1, "documents"), write.country("CZ")) == (
        "5,5\N{NBSP}%",
        "1 Beleg",
        "Tschechien",
    )


def test_papers_of_orders_are_printed_in_it_and_what_it_lacks_in_english(german):
    data = data_of(order_paper(language="de"))
    assert data["lang"] == "de"
    assert (data["labels"]["customer"], data["labels"]["supplier"]) == ("Kunde", "Supplier")
    assert data["facts"][0] == ["Ausstellungsdatum", "15.06.2011"]


def test_statements_are_printed_in_it(german):
    row = Row("2011-06-01", "invoice", "1", "EUR", 12345600, 0, 12345600)
    found = ledger([(row, [])])
    sheet = freeze(
        found, period=Period.month(2011, 6), dated="2011-07-01", sender=["A"], logo=None, customer=["B"], note=""
    )
    sheet["revision"] = None
    paper = lay_out(sheet, "de", None)
    assert paper.title == "Verkaufsbelege für Juni 2011"
    assert paper.rows[0][:2] == ("01.06.2011", "Rechnung")
    assert paper.rows[0].gross == "1.234,56"


def values_for(customer, company):
    facts = {"document_count": 1, "totals": {"EUR": Decimal("1234.5")}}
    return lambda language: statement_values(
        company=company, customer=customer, period=Period.month(2011, 6), language=language, **facts
    )


def test_a_letter_falls_back_visibly_until_it_has_a_text(german, company, page):
    customer = Customer.objects.create(code="C-1", name="Ada", language="de")
    letter = letters.fill("monthly-statement", "de", values_for(customer, company))
    assert (letter.language, letter.is_fallback) == ("en", True)
    assert "June 2011" in letter.text
    assert "German" in page("emails:text", "monthly-statement", "de")


def test_a_letter_with_a_text_is_written_in_it(german, company, page):
    customer = Customer.objects.create(code="C-1", name="Ada", language="de")
    text = "{{ customer.salutation }}, {{ documents.written }} für {{ month.name }}: {{ totals }}"
    SystemEmail.objects.get(code="monthly-statement").texts.create(language="de", subject="Belege", body=text)
    letter = letters.fill("monthly-statement", "de", values_for(customer, company))
    assert not letter.is_fallback
    assert letter.text == "Guten Tag, 1 Beleg für Juni 2011: 1.234,50\N{NBSP}€\n"
    assert "Belege" in page("emails:text", "monthly-statement", "de")


def test_programs_may_say_it(german, client, company):
    schema = client.get("/api/v1/openapi.json").content.decode()
    assert '"enum": ["en", "cs", "de", "lt"]' in schema
    assert ("de", "German") in choices()
