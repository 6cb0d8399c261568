"""Types of documents of an order: four are preset and stay, a firm adds its own."""

import json

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from depesa.core.errors import Faults, Refused, StaleState
from depesa.documents import services
from depesa.documents.models import DocumentType, NumberSeries
from depesa.history.models import Entry

pytestmark = pytest.mark.django_db
NAMES = {"en": "Delivery note", "cs": "Dodací list", "lt": "Važtaraštis"}


def _values(**changes):
    return {"code": "delivery-note", "name_en": "Delivery note", "shows_prices": "", "new_prefix": "DN"} | changes


def test_four_types_are_there_with_a_series_each():
    found = list(DocumentType.objects.all())
    assert [kind.code for kind in found] == ["order-confirmation", "invoice", "credit-note", "receipt"]
    assert [kind.series.preview for kind in found] == ["OC000001", "INV000001", "CN000001", "RC000001"]
    assert [kind.is_accounting for kind in found] == [False, True, True, True]
    assert [kind.may_regenerate for kind in found] == [True, True, False, False]
    assert [kind.takes_back for kind in found] == [False, False, True, False]
    assert [kind.name_in("cs") for kind in found] == ["Potvrzení objednávky", "Faktura", "Dobropis", "Účtenka"]


def test_a_name_falls_back_to_english_then_to_any_then_to_the_code():
    assert DocumentType(code="x", names={"en": "A", "cs": "B"}).name_in("lt") == "A"
    assert DocumentType(code="x", names={"cs": "B"}).name_in("lt") == "B"
    assert DocumentType(code="x", names={"lt": ""}).name_in("lt") == "x"


def test_an_own_type_has_a_series_of_its_own(ben):
    kind = services.add_type("delivery-note", NAMES, by=ben, prefix="DN")
    kind.refresh_from_db()
    assert (kind.position, kind.series.preview, kind.series.type) == (5, "DN000001", "other")
    assert (kind.is_accounting, kind.may_regenerate, kind.is_preset) == (False, True, False)
    entry = Entry.objects.get(event="documents.type-added")
    assert (entry.subject, entry.after["name_lt"]) == ("document-type:delivery-note", "Važtaraštis")


@pytest.mark.parametrize("code", ["", "Delivery", "delivery note", "2nd", "a--b", "-a", "a-", "ž", "a" * 41])
def test_a_code_that_is_none_is_refused(code):
    with pytest.raises(Faults, match="is no code"):
        services.add_type(code, NAMES, by=None)


def test_a_code_and_a_prefix_exist_once():
    with pytest.raises(Faults, match="There is a document type invoice already"):
        services.add_type("invoice", NAMES, by=None)
    with pytest.raises(Faults, match="There is a number series INV already"):
        services.add_type("proforma", NAMES, by=None, prefix="INV")
    assert DocumentType.objects.count() == 4


def test_a_type_needs_a_name():
    with pytest.raises(Faults, match="at least one language"):
        services.add_type("proforma", {"en": "  "}, by=None)


def test_an_invoice_keeps_a_series_of_invoices():
    invoice = DocumentType.objects.get(code="invoice")
    other = NumberSeries.objects.get(code="OC")
    with pytest.raises(Faults, match="Series OC serves other documents"):
        services.change_type(invoice, {"series": other}, by=None, version=1)
    with pytest.raises(Faults, match="needs a number series"):
        services.change_type(invoice, {"series": None}, by=None, version=1)


def test_the_second_of_two_who_change_a_type_is_told(ben):
    kind = services.add_type("proforma", NAMES, by=None)
    services.change_type(kind, {"names": {"en": "Proforma"}}, by=ben, version=1)
    with pytest.raises(StaleState):
        services.change_type(kind, {"names": {"en": "Pro forma"}}, by=ben, version=1)
    kind.refresh_from_db()
    assert kind.names == {"en": "Proforma"}
    entry = Entry.objects.get(event="documents.type-changed")
    assert (entry.before["name_cs"], entry.after["name_cs"]) == ("Dodací list", None)


def test_a_preset_type_stays_and_an_own_one_goes():
    with pytest.raises(Refused, match="Invoice is preset and stays"):
        services.remove_type(DocumentType.objects.get(code="invoice"), by=None)
    kind = services.add_type("proforma", NAMES, by=None)
    services.remove_type(kind, by=None)
    assert not DocumentType.objects.filter(code="proforma").exists()


def test_the_list_shows_names_and_next_numbers(client, ada, company):
    client.force_login(ada)
    page = client.get(reverse("documents:types")).content.decode()
    assert "Credit note" in page
    assert "CN000001" in page


def test_a_type_is_added_and_changed_on_its_page(client, ada, company):
    client.force_login(ada)
    response = client.post(reverse("documents:new_type"), _values())
    kind = DocumentType.objects.get(code="delivery-note")
    assert response.url == reverse("documents:edit_type", args=[kind.pk])
    assert (kind.shows_prices, kind.series.code) == (False, "DN")
    changed = _values(name_cs="Dodací list", new_prefix="", series=kind.series_id, version=1, code="other")
    client.post(response.url, changed)
    kind.refresh_from_db()
    assert (kind.code, kind.names, kind.version) == (
        "delivery-note",
        {"en": "Delivery note", "cs": "Dodací list"},
        2,
    )


def test_what_is_wrong_stands_at_its_field_and_what_was_typed_stays(client, ada, company):
    client.force_login(ada)
    response = client.post(reverse("documents:new_type"), _values(code="Delivery Note", new_prefix="OC"))
    page = response.content.decode()
    assert response.status_code == 422
    assert "“Delivery Note” is no code." in page
    assert "There is a number series OC already." in page
    assert 'value="Delivery Note"' in page


def test_a_preset_type_is_not_removed_on_its_page_either(client, ada, company):
    client.force_login(ada)
    url = reverse("documents:type_removal", args=[DocumentType.objects.get(code="invoice").pk])
    assert "Invoice is preset and stays." in client.get(url).content.decode()
    assert client.post(url).status_code == 302
    assert DocumentType.objects.count() == 4


def test_removing_asks_first(client, ada, company):
    kind = services.add_type("proforma", NAMES, by=None)
    client.force_login(ada)
    url = reverse("documents:type_removal", args=[kind.pk])
    assert "Remove Delivery note?" in client.get(url).content.decode()
    assert client.post(url).url == reverse("documents:types")
    assert not DocumentType.objects.filter(pk=kind.pk).exists()


def test_the_command_adds_a_type(company, capsys):
    call_command("documents_add_type", "delivery-note", name="Delivery note", series="DN", json=True)
    assert json.loads(capsys.readouterr().out) == {
        "code": "delivery-note",
        "names": {"en": "Delivery note"},
        "series": "DN",
        "next_number": "DN000001",
    }
    call_command("documents_add_type", "leaflet", name="Leaflet", name_cs="Leták")
    assert capsys.readouterr().out == "Added leaflet: Leaflet, without numbers\n"
    assert DocumentType.objects.get(code="leaflet").name_in("cs") == "Leták"


@pytest.mark.parametrize(("code", "reason"), [("invoice", "already"), ("Bad Code", "is no code")])
def test_the_command_says_what_is_wrong(company, code, reason):
    with pytest.raises(CommandError, match=reason) as refusal:
        call_command("documents_add_type", code, name="X")
    assert refusal.value.returncode == 1
