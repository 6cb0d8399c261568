"""What a customer bought: turnover per currency and the plot by month."""

import datetime as dt
from decimal import Decimal

import pytest
from django.urls import reverse

from depesa.core.periods import Period
from depesa.customers.models import Customer
from depesa.documents.models import Document
from depesa.documents.queries import trade_by_month, turnover_of

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def customer(company):
    return Customer.objects.create(code="C1", name="Šviesa UAB")


@pytest.fixture
def page(client, cleo):
    client.force_login(cleo)
    return client


@pytest.fixture
def bought(customer):
    def bought(day, net, *, kind="waybill", currency="EUR", posting="posted"):
        number = f"{kind}-{Document.objects.count()}"
        amounts = {"net": Decimal(net), "vat": Decimal(net) / 5, "gross": Decimal(net) * 6 / 5}
        return Document.objects.create(
            type=kind,
            number=number,
            customer=customer,
            document_on=dt.date.fromisoformat(day),
            currency=currency,
            posting=posting,
            **amounts,
        )

    return bought


def test_turnover_counts_what_is_posted_and_takes_returns_off(customer, bought):
    bought("2011-05-31", 100)
    bought("2011-06-01", 50)
    bought("2011-06-30", 30, kind="return")
    bought("2011-06-30", 999, posting="not-posted")
    bought("2011-06-30", 7, currency="CZK")
    euros, crowns = turnover_of(customer.pk)
    assert (euros.currency, euros.count, euros.net, euros.gross) == ("EUR", 3, Decimal(120), Decimal(144))
    assert (crowns.currency, crowns.net) == ("CZK", Decimal(7))


def test_trade_by_month_has_the_months_without_any(customer, bought):
    bought("2011-04-30", 100)
    bought("2011-06-01", 50)
    bought("2011-06-30", 80, kind="return")
    months = trade_by_month(customer.pk, "EUR", Period.month(2011, 6), 4)
    assert [(str(month), amount) for month, amount in months] == [
        ("2011-03", Decimal(0)),
        ("2011-04", Decimal(100)),
        ("2011-05", Decimal(0)),
        ("2011-06", Decimal(-30)),
    ]


def test_the_pieces_show_sums_a_plot_and_a_table_for_readers(page, customer, bought):
    bought("2011-06-01", 1250)
    figures = page.get(reverse("documents:figures_of_customer", args=[customer.pk]), headers=HTMX).text
    assert "1,250.00" in figures
    assert "1 document" in figures
    plot = page.get(reverse("documents:trade_of_customer", args=[customer.pk]), headers=HTMX).text
    assert plot.count('<rect class="bar-ink"') == 24
    assert '<th scope="row">06/11</th><td>1,250 EUR</td>' in plot


def test_who_never_bought_anything_has_no_plot(page, customer):
    assert "<svg" not in page.get(reverse("documents:trade_of_customer", args=[customer.pk]), headers=HTMX).text
    assert "–" in page.get(reverse("documents:figures_of_customer", args=[customer.pk]), headers=HTMX).text


def test_without_script_the_links_lead_to_the_documents(page, customer):
    for name in ("figures_of_customer", "trade_of_customer"):
        assert page.get(reverse(f"documents:{name}", args=[customer.pk])).url == "/documents/?customer=C1"
