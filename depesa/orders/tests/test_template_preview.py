"""Templates of documents with a real order, before they are saved."""

from decimal import Decimal

import pytest
from django.urls import reverse

from depesa.company.models import Company
from depesa.documents.models import DocumentType, NumberSeries
from depesa.documents.services import add_type
from depesa.orders.models import OrderDocument
from depesa.orders.paper import data_of
from depesa.orders.services import ItemDraft, Way
from depesa.orders.services.documents.issue import foreseen_paper
from depesa.orders.tests.world import order

pytestmark = pytest.mark.django_db
SHORT = '#let d = json("/data.json")\n#set document(title: d.heading)\n#set text(lang: d.lang)\n= #d.heading\n'


@pytest.fixture
def invoice():
    return DocumentType.objects.select_related("series").get(code="invoice")


def _ask(client, invoice, language="all", **values):
    url = reverse("orders:template_preview", args=[invoice.pk, language])
    return client.post(url, {"source": SHORT, **values}, headers={"HX-Request": "true"}).content.decode()


def test_the_paper_of_an_order_is_foreseen_and_nothing_is_kept(company, invoice):
    paper = foreseen_paper(order(), invoice)
    assert (paper.number, paper.customer.name, paper.gross) == ("INV000001", "Ona Žilėnaitė", paper.net + paper.vat)
    assert not OrderDocument.objects.exists()
    assert NumberSeries.objects.get(code="INV").last == 0


def test_reverse_charge_is_said_in_the_words_of_the_law(company, invoice):
    hammer = ItemDraft(text="Hammer", quantity=Decimal(2), price=Decimal(10), vat_rate=Decimal(0))
    placed = order(
        items=[hammer],
        shipping=Way(name="Courier", price=Decimal(0)),
        is_reverse_charge=True,
        party={"vat_code": "CZ1"},
    )
    told = {
        language: data_of(foreseen_paper(placed, invoice, language=language))["remarks"] for language in ["en", "cs"]
    }
    assert told == {
        "en": ["Reverse charge: VAT is accounted for by the customer."],
        "cs": ["Daň odvede zákazník (přenesení daňové povinnosti)."],
    }


def test_a_firm_without_vat_says_so_once(company, invoice):
    Company.objects.update(vat_code="")
    hammer = ItemDraft(text="Hammer", quantity=Decimal(2), price=Decimal(10), vat_rate=Decimal(0))
    placed = order(items=[hammer], shipping=Way(name="Courier", price=Decimal(0)))
    assert data_of(foreseen_paper(placed, invoice))["remarks"] == ["The supplier is not registered for VAT."]


def test_the_editor_asks_and_shows_the_pages_of_the_order(client, ada, company, invoice):
    client.force_login(ada)
    placed = order()
    editor = client.get(reverse("documents:template", args=[invoice.pk, "all"])).content.decode()
    assert reverse("orders:template_preview", args=[invoice.pk, "all"]) in editor
    assert 'src="data:image/png;base64,' in _ask(client, invoice, order=placed.number)
    url = reverse("orders:template_preview", args=[invoice.pk, "lt"])
    page = client.post(url, {"source": SHORT, "order": placed.number}).content.decode()
    assert "<html" in page
    assert 'src="data:image/png;base64,' in page


def test_what_is_wrong_is_said(client, ada, company, invoice):
    client.force_login(ada)
    assert "There is no order 999." in _ask(client, invoice, order="999")
    assert "Line 1, column 2: Unclosed delimiter." in _ask(client, invoice, source="#(", order=order().number)
    own = add_type("proforma", {"en": "Proforma"}, by=None)
    assert 'src="data:image/png;base64,' in _ask(client, own, order=order().number)
