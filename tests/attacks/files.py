"""Files that are small and cost much, and files that are not what they say; an honest page is asked for meanwhile."""

import gzip
import io
import smtplib
import tempfile
import threading
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from functools import partial
from pathlib import Path

from openpyxl import Workbook

from depesa.catcher.models import CaughtLetter
from depesa.company.models import Company
from depesa.company.tests.test_company import GOOD
from depesa.emails.models import SystemEmail
from depesa.files.tests.bombs import nested, png
from depesa.imports.models import ImportBatch
from depesa.imports.tests.test_sheets import rewrite
from depesa.orders.models import Order
from tests.attacks.stand import Answer, Stand, attack, wait_until

MOST_MEMORY = 250  # MiB that the process of the pages may grow by
LONGEST = 20  # seconds until an honest page is there
HONEST = ("/customers/", "/orders/", "/letters/")
ENTITIES = b'<!DOCTYPE x [<!ENTITY a "%s"><!ENTITY b "%s"><!ENTITY c "%s">]>' % (
    b"1" * 1000,
    b"&a;" * 1000,
    b"&b;" * 1000,
)
OUTSIDE = b'<!DOCTYPE x [<!ENTITY c SYSTEM "file:///etc/passwd">]>'
STYLES = b'<?xml-stylesheet href="http://127.0.0.1:1/"?>'


@attack
def pdfs_in_letters(stand: Stand) -> Iterator[str]:
    """PDFs in letters whose forms draw each other, that nest, lie and end nowhere; their pages are looked at."""
    bombs = {
        "forms-11": nested(11),
        "forms-8": nested(8),
        "cut": nested(3)[:300],
        "huge-page": _huge_page(),
        "deep": b"%PDF-1.4\n1 0 obj\n" + b"[" * 500_000,
        "endless": b"%PDF-1.7\n" + b"1 0 obj<</Length 99999999999>>stream\n",
        "loop": nested(2).replace(b"/F 6 0 R", b"/F 5 0 R"),
    }
    keys = {name: _post_letter(stand, name, content) for name, content in bombs.items()}
    with _honest(stand) as late:
        for name, key in keys.items():
            for page in (1, 2, 10**9):
                answer = stand.browser("cleo").get(f"/catcher/{key}/files/1/pages/{page}/")
                if answer.status >= 500:
                    yield f"{name}: {answer.status}"
    yield from late


@attack
def pictures(stand: Stand) -> Iterator[str]:
    """Pictures of a product and a logo: large when they are drawn, cut, endless and of other kinds."""
    bombs = {
        "rgba-4000": png(4000, 4000),
        "grey-20000": png(20_000, 20_000, mode=0),
        "wide": png(300_000, 1, mode=0),
        "no-end": png(3000, 3000)[:-500],
        "lies": png(9, 9).replace(b"\0\0\0\x09\0\0\0\x09", b"\x7f\xff\xff\xff" * 2),
        "text": b"\x89PNG\r\n\x1a\n" + b"zTXt" * 100_000,
        "svg": b"<svg xmlns='http://www.w3.org/2000/svg' onload='x'/>",
        "gif": b"GIF89a" + b"\xff" * 100,
        "jpeg": b"\xff\xd8\xff\xe0" + b"\xff" * 100_000,
    }
    honest = ("honest", png(30, 20))
    product = {"code": "B-1", "names_en": "Bomb", "price": "1", "vat_rate": "21", "position": "0", "is_visible": "on"}

    def as_product(name: str, content: bytes) -> Answer:
        fields = {**product, "code": name}
        return stand.browser("ben").upload("/catalogue/new/", "new_image", {f"{name}.png": content}, fields)

    def as_logo(name: str, content: bytes) -> Answer:
        fields = {**GOOD, "version": str(Company.objects.get().version)}
        return stand.browser("ada").upload("/company/", "new_logo", {f"{name}.png": content}, fields)

    yield from _sent(stand, bombs, as_product, honest)
    yield from _sent(stand, bombs, as_logo, honest)


@attack
def workbooks_and_tables(stand: Stand) -> Iterator[str]:
    """Files to be imported: rows far down, cells far out, zip and gzip bombs, entities, macros, endless lines."""
    bombs = {
        "far.xlsx": _book(
            sheet1_xml=lambda xml: xml.replace(b'r="2"', b'r="1073741824"').replace(b'"A2"', b'"A1073741824"')
        ),
        "out.xlsx": _book(sheet1_xml=lambda xml: xml.replace(b'"B2"', b'"ZZZZZZ2"')),
        "many.xlsx": _book(
            sheet1_xml=lambda xml: xml.replace(b"</sheetData>", b'<row r="9999999"/>' * 300_000 + b"</sheetData>")
        ),
        "zeros.xlsx": _book(**{"xl/media/image1.png": lambda _: b"\0" * 300_000_000}),
        "entities.xlsx": _book(sheet1_xml=lambda xml: _with(xml, ENTITIES)),
        "outside.xlsx": _book(sheet1_xml=lambda xml: _with(xml, OUTSIDE)),
        "styles.xlsx": _book(styles_xml=lambda xml: STYLES + xml + b"<x>" * 100_000),
        "strings.xlsx": _book(
            **{"xl/sharedStrings.xml": lambda xml: b"<sst>" + b"<si><t>x</t></si>" * 3_000_000 + b"</sst>"}
        ),
        "macro.xlsx": _book(**{"xl/vbaProject.bin": lambda _: b"MZ"}),
        "files.xlsx": _many_files(),
        "zip.csv": _book(),
        "cut.xlsx": _book()[:2000],
        "zeros.csv.gz": gzip.compress(b"a,b\n" + b"1,2\n" * 20_000_000, 9),
        "gz.csv": gzip.compress(gzip.compress(b"a" * 10**8)),
        "line.csv": b"a,b\n" + b"x" * 20_000_000,
        "columns.csv": b"a," * 500_000 + b"\n" + b"1," * 500_000,
        "quote.csv": b'number,date\n"' + b"x\n" * 2_000_000,
        "nul.csv": b"\0" * 1_000_000,
        "bom.csv": b"\xff\xfe" * 500_000,
    }
    yield from _sent(stand, bombs, _as_import(stand), ("june.csv", b"number,date\n1,2\n"))
    if not wait_until(lambda: not ImportBatch.objects.exclude(held_by="").exists(), 60):
        yield "a worker is still busy after a minute"


@attack
def files_that_are_not_what_they_say(stand: Stand) -> Iterator[str]:
    """Programs, pages and broken files as attachments of letters, system e-mails and operations."""
    page = b"<!-- x --><script>fetch('/')</script>"
    files = {
        "a.exe": b"MZ",
        "a.html": page,
        "a.svg": b"<svg onload='x'/>",
        "a.pdf": b"MZ" + b"\0" * 99,
        "b.pdf": page,
        "a.png": page,
        "a.docx": _book(),
        "b.xlsx": b"PK\x03\x04" + b"\0" * 99,
        "a.txt\0.exe": b"MZ",
        "../../../../tmp/evil.txt": b"x",
        "..": b"x",
        "a.pdf.exe": nested(1),
        "a.csv": b"\xef\xbb\xbf" + page,
        "a.txt": page,
        "a\r\nX-Evil: 1.txt": b"x",
        'a".txt': b"x",
        "zeros.xlsx": _book(**{"xl/media/image1.png": lambda _: b"\0" * 300_000_000}),
        "bomb.pdf": nested(11),
        "": b"x",
    }
    order, email = Order.objects.first(), SystemEmail.objects.first()
    doors = {
        f"/orders/{order.pk}/letters/new/files/": "files",
        f"/system-emails/{email.code}/files/": "file",
        "/operations/1/attachments/": "file",
    }
    for path, name in doors.items():
        yield from _sent(stand, files, partial(_as_file, stand, path, name), ("terms.txt", b"Terms"))
    for key in range(1, 30):
        answer = stand.browser("ada").get(f"/operations/1/attachments/{key}/")
        is_page = "html" in answer.headers.get("Content-Type", "") and b"<script>fetch" in answer.content
        if answer.status == 200 and (is_page or answer.headers.get("X-Content-Type-Options") != "nosniff"):
            yield f"attachment {key} is served as {answer.headers.get('Content-Type')}"
    if Path("/tmp/evil.txt").exists():
        yield "a file was written outside of the data folder"


@attack
def bodies_that_are_too_much(stand: Stand) -> Iterator[str]:
    """Bodies with 100,000 fields, 5,000 files, a field of 30 MB, a file of 300 MB, broken edges."""
    browsers = [stand.stranger(), stand.browser("ben")]
    for browser in browsers:
        browser.get("/shop/en/")
        browser.cookies.setdefault("csrftoken", "x" * 32)
        for path in ("/account/login/", "/shop/en/contact/", "/customers/new/", "/operations/1/attachments/"):
            answers = [
                browser.post(path, [(f"f{at}", "") for at in range(100_000)]),
                browser.post(path, {"text": "x" * 30_000_000}),
                browser.upload(path, "file", {f"{at}.txt": b"x" for at in range(5000)}),
                browser.ask("POST", path, b"x" * 1000, Content_Type="multipart/form-data; boundary=" + "x" * 500),
                browser.ask("POST", path, b"--x\r\n" * 10_000, Content_Type="multipart/form-data; boundary=x"),
            ]
            yield from (f"{path}: {it.status}" for it in answers if it.status >= 500)
    if (answer := _as_import(stand)("a.csv", b"a,b\n" * 75_000_000)).status >= 500:
        yield f"a file of 300 MB: {answer.status}"


def _as_import(stand: Stand) -> Callable[[str, bytes], Answer]:
    return partial(_as_file, stand, "/documents/imports/upload/", "uploads")


def _as_file(stand: Stand, path: str, field: str, name: str, content: bytes) -> Answer:
    return stand.browser("ada").upload(path, field, {name: content})


def _sent(
    stand: Stand, files: dict[str, bytes], send: Callable[[str, bytes], Answer], honest: tuple[str, bytes]
) -> Iterator[str]:
    """What goes wrong when these are sent; an honest one is taken first, so that it is known to reach the place."""
    if (answer := send(*honest)).status not in (200, 302):
        yield f"an honest file was refused: {answer.status}"
    before = stand.pages_peak(anew=True)
    with _honest(stand) as late:
        for name, content in files.items():
            began = time.monotonic()
            if (answer := send(name, content)).status >= 500:
                yield f"{name!r}: {answer.status}"
            if (seconds := time.monotonic() - began) > 3 * LONGEST:
                yield f"{name!r} took {seconds:.0f} s"
            if (added := stand.pages_peak() - before) > MOST_MEMORY:
                yield f"{name!r}: the pages grew by {added:.0f} MiB"
                before += added
    yield from late


@contextmanager
def _honest(stand: Stand) -> Iterator[list[str]]:
    """Somebody else's pages, asked for again and again meanwhile; what came too late or not at all is in the list."""
    late: list[str] = []
    is_over, browser = threading.Event(), stand.browser("admin")

    def look() -> None:
        while not is_over.is_set():
            for path in HONEST:
                began = time.monotonic()
                status = browser.get(path).status
                if status != 200 or time.monotonic() - began > LONGEST:
                    late.append(f"{path} meanwhile: {status} after {time.monotonic() - began:.0f} s")
            is_over.wait(0.5)

    looking = threading.Thread(target=look)
    looking.start()
    yield late
    is_over.set()
    looking.join()


def _post_letter(stand: Stand, name: str, content: bytes) -> int:
    letter = EmailMessage()
    letter["From"], letter["To"], letter["Subject"] = "x@evil.example", "shop@vaivorykste.example", name
    letter.set_content("x")
    letter.add_attachment(content, maintype="application", subtype="pdf", filename=f"{name}.pdf")
    with smtplib.SMTP("127.0.0.1", stand.desk.catcher_port) as connection:
        connection.send_message(letter)
    return CaughtLetter.objects.latest("pk").pk


def _huge_page() -> bytes:
    return nested(1).replace(b"[0 0 200 200] /Con", b"[0 0 9e9 9e9] /Con")


def _book(**parts: Callable[[bytes], bytes]) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "x.xlsx")
        book = Workbook()
        book.active.append(["number", "date"])
        book.active.append([1, 2])
        book.save(path)
        return rewrite(path, **parts).read_bytes()


def _with(xml: bytes, head: bytes) -> bytes:
    return xml.replace(b"<worksheet", head + b"<worksheet", 1).replace(b"<v>1</v>", b"<v>&c;</v>")


def _many_files() -> bytes:
    written = io.BytesIO(_book())
    with zipfile.ZipFile(written, "a") as package:
        for number in range(20_000):
            package.writestr(f"xl/x{number}.xml", b"")
    return written.getvalue()
