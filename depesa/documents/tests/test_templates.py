"""Templates of documents: checked on save with line and column, versioned, previewed, reset."""

import re

import pytest
from django.conf import settings
from django.urls import reverse

from depesa.core.versions import Changed
from depesa.documents import queries, services
from depesa.documents.models import DocumentTemplate, DocumentType
from depesa.orders.paper import builtin_source, data_of, order_job
from depesa.orders.tests.papers import order_paper
from depesa.pdf import preview_of
from depesa.pdf.tests.texts import page_texts

pytestmark = pytest.mark.django_db
OWN = """#let d = json("/data.json")
#set document(title: d.heading)
#set text(lang: d.lang)
= Our own #d.heading
#d.customer.name owes #d.due.at(1, default: "nothing")
"""


@pytest.fixture
def invoice():
    return DocumentType.objects.select_related("series").get(code="invoice")


def _save(kind, source, language="", by=None):
    template = queries.template_in(kind, language)
    return services.save_template(template, source, by=by, version=template.version)


def _url(kind, language="all", name="template", *more):
    return reverse(f"documents:{name}", args=[kind.pk, language, *more])


def test_an_own_template_prints_the_paper(invoice, company, renderer):
    saved = _save(invoice, OWN)
    pdf = renderer.render(order_job(1, order_paper(), source=saved.source))
    assert "Our own Invoice INV000042" in page_texts(pdf)[0]
    assert "Řezbářství Žlutý kůň s.r.o. owes 100.81 EUR" in page_texts(pdf)[0].replace("\xa0", " ")


def test_the_built_in_source_prints_what_the_built_in_template_prints(renderer):
    built_in = page_texts(renderer.render(order_job(1, order_paper())))
    assert page_texts(renderer.render(order_job(1, order_paper(), source=builtin_source()))) == built_in


@pytest.mark.parametrize(
    ("source", "problem"),
    [
        ("= Fine\n#let x = (", "Line 2, column 10: Unclosed delimiter."),
        ('#let d = json("/data.json")\n\n#d.colour', 'Line 3, column 4: Dictionary does not contain key "colour"'),
        ('#read("/etc/passwd")', "Line 1, column 7: File not found"),
        ('#import "@preview/cetz:0.4.0"', "Line 1, column 9"),
        ("x" * 200_001, "at most 200000 characters"),
        ('#link("javascript:alert(1)")[pay]', "“javascript:alert(1)”"),
        ('#link("//evil.example")[pay]', "“//evil.example”"),
        ('#pdf.attach("a.txt", bytes("x"))', "attached file"),
    ],
)
def test_what_cannot_be_printed_is_refused_with_its_place(invoice, company, source, problem):
    with pytest.raises(services.NotPrintable) as refusal:
        _save(invoice, source)
    assert problem in str(refusal.value)
    assert not DocumentTemplate.objects.exists()


def test_a_template_must_print_a_paper_that_lacks_everything(invoice, company):
    source = '#let d = json("/data.json")\n#d.delivery.name'
    with pytest.raises(services.NotPrintable, match=r"Line 2, column 13.*It happens where a document has no number"):
        _save(invoice, source)


def test_a_language_without_its_own_takes_that_of_all(invoice, company):
    assert queries.source_for("invoice", "cs") == ""
    _save(invoice, OWN)
    _save(invoice, OWN + "// cs", "cs")
    assert queries.source_for("invoice", "cs").endswith("// cs\n")
    assert queries.source_for("invoice", "lt") == OWN
    assert queries.sources() == {
        ("invoice", ""): OWN,
        ("invoice", "cs"): OWN + "// cs\n",
        ("invoice", "en"): OWN,
        ("invoice", "lt"): OWN,
    }


def test_versions_are_kept_and_come_back(invoice, company, ben):
    _save(invoice, OWN, by=ben)
    saved = _save(invoice, OWN + "\nmore", by=ben)
    assert [each.version for each in saved.former] == [1]
    again = services.roll_back_template(saved, 1, by=ben, version=2)
    assert (again.source, again.version) == (OWN, 3)


def test_the_built_in_source_means_the_built_in_template(invoice, company):
    saved = _save(invoice, OWN)
    back = _save(invoice, builtin_source().replace("\n", "\r\n"))
    assert (back.source, back.version, queries.source_for("invoice", "en")) == ("", 2, "")
    assert services.save_template(saved, "", by=None, version=2).source == ""


def test_a_language_begins_with_the_template_of_all(client, ada, company, invoice):
    _save(invoice, OWN)
    client.force_login(ada)
    assert "Our own" in client.get(_url(invoice, "cs")).content.decode()
    assert _save(invoice, OWN, "cs").source == ""
    assert _save(invoice, builtin_source(), "cs").source.strip() == builtin_source().strip()
    client.post(_url(invoice, "cs"), {"act": "reset", "version": "1"})
    assert queries.source_for("invoice", "cs") == OWN


def test_the_second_of_two_who_change_a_template_is_told(invoice, company, ben):
    first = queries.template_in(invoice, "")
    _save(invoice, OWN, by=ben)
    with pytest.raises(Changed):
        services.save_template(first, OWN + "x", by=ben, version=0)
    assert DocumentTemplate.objects.get().source == OWN


def test_a_template_that_an_update_broke_is_found_by_the_check(invoice, company):
    _save(invoice, OWN)
    assert list(services.broken_templates()) == []
    DocumentTemplate.objects.update(source="#no-longer-there()")
    (problem,) = services.broken_templates()
    assert problem.startswith("invoice: Line 1, column 2: Unknown variable: no-longer-there. If you meant")


def test_the_editor_shows_the_built_in_source_and_a_picture(client, ada, company, invoice):
    client.force_login(ada)
    page = client.get(_url(invoice)).content.decode()
    assert "The built-in template is used." in page
    assert "#let letterhead(d)" in page
    assert 'src="data:image/png;base64,' in page


def test_a_wrong_template_is_not_saved_and_not_lost(client, ada, company, invoice):
    client.force_login(ada)
    response = client.post(_url(invoice), {"source": "= Mine\n#(", "version": "0"})
    page = response.content.decode()
    assert response.status_code == 422
    assert "Line 2, column 2" in page
    assert "= Mine" in page
    assert not DocumentTemplate.objects.exists()


def test_a_template_is_saved_previewed_and_reset(client, ada, company, invoice):
    client.force_login(ada)
    assert client.post(_url(invoice), {"source": OWN, "version": "0"}).status_code == 302
    assert queries.source_for("invoice", "en") == OWN
    assert "Saved as version 1" in client.get(_url(invoice)).content.decode()
    shown = client.post(_url(invoice, "all", "template_preview"), {"source": "#pagebreak()"}).content.decode()
    assert shown.count("<img ") == 2
    assert client.get(_url(invoice, "all", "template_paper")).content.startswith(b"%PDF")
    client.post(_url(invoice), {"act": "reset", "version": "1"})
    assert queries.source_for("invoice", "en") == ""
    assert "Version" in client.get(_url(invoice, "all", "template_versions")).content.decode()
    version = _url(invoice, "all", "template_version", 1)
    assert "Our own" in client.get(version).content.decode()
    assert client.post(version, {"version": "2"}).url == _url(invoice)
    assert queries.source_for("invoice", "en") == OWN


def test_somebody_elses_change_is_shown_beside_ones_own(client, ada, ben, company, invoice):
    _save(invoice, OWN, by=ben)
    client.force_login(ada)
    response = client.post(_url(invoice), {"source": OWN + "mine", "version": "0"})
    page = response.content.decode()
    assert response.status_code == 422
    assert "Changed by Ben" in page
    assert "+ mine" in page
    assert 'name="version" value="1"' in page


def test_a_preview_says_what_is_wrong_while_one_types(client, ada, company, invoice):
    client.force_login(ada)
    page = client.post(_url(invoice, "cs", "template_preview"), {"source": "#("}).content.decode()
    assert "Line 1, column 2" in page


def test_no_such_language(client, ada, company, invoice):
    client.force_login(ada)
    assert client.get(_url(invoice, "de")).status_code == 404


REFERENCE = (settings.BASE_DIR.parent / "docs/reference/document-templates.md").read_text("utf-8")


def test_the_data_model_is_documented_name_by_name():
    documented = re.findall(r"`([^`]+)`", " ".join(re.findall(r"^\| (.+?) \|", REFERENCE, re.MULTILINE)))
    data = data_of(order_paper())
    names = {*data, *(f"payment.{name}" for name, value in data["payment"].items() if isinstance(value, dict))}
    assert set(documented) == names
    for part in (data["supplier"], data["lines"][0], data["columns"][0], data["payment"], data["payment"]["qr"]):
        assert all(f"`{name}`" in REFERENCE for name in part)


def test_the_template_of_the_reference_can_be_saved(invoice, company):
    source = "\n".join(line[4:] for line in REFERENCE.splitlines() if line.startswith("    "))
    assert _save(invoice, source).version == 1
    assert preview_of(order_job("sample", order_paper(), source=source)).warnings == ()
