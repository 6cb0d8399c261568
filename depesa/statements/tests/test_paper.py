"""What stands in a statement, and that it stands there for ever."""

import re
from io import BytesIO
from itertools import pairwise
from typing import Any

import pytest
from PIL import Image
from pypdfium2 import PdfDocument

from depesa.pdf import Attachment, Logo, LogoError, Renderer, count_pages, page_pictures
from depesa.pdf.tests.texts import page_texts
from depesa.statements.paper import Amounts, CurrencyTotal, Revision, StatementSheet
from depesa.statements.tests.sheets import LETTERS, row, statement

MM = 72 / 25.4


def letters_of(pdf: bytes) -> list[tuple[float, float, float, float]]:
    """Left, bottom, right and top of each printed letter, in points."""
    boxes = []
    for page in PdfDocument(pdf):
        text_page = page.get_textpage()
        every = [text_page.get_charbox(index, loose=True) for index in range(text_page.count_chars())]
        boxes += [box for box in every if box[2] > box[0]]
        text_page.close()
        page.close()
    return boxes


def text_of(renderer: Renderer, sheet: StatementSheet) -> str:
    return " ".join("\n".join(page_texts(renderer.render(sheet.to_job(1)))).split())


@pytest.mark.parametrize(("rows", "pages"), [(0, 1), (1, 1), (12, 1), (120, 4)])
def test_every_row_and_sum_is_printed(renderer: Renderer, rows: int, pages: int) -> None:
    sheet = statement(rows)
    pdf = renderer.render(sheet.to_job(1))
    text = " ".join("\n".join(page_texts(pdf)).split())
    assert count_pages(pdf) == pages
    for line in sheet.rows:
        assert " ".join(filter(None, line)) in text
    assert "Total EUR 1 190,00 239,90 1 429,90" in text
    assert "VAT 11 % 100,00 11,00 111,00" in text


@pytest.mark.slow
def test_three_thousand_rows_are_printed(renderer: Renderer) -> None:
    pages = page_texts(renderer.render(statement(3000).to_job(1)))
    assert all(any(f"VAŽ-2011-{index:05}" in page for page in pages) for index in range(0, 3000, 100))
    assert f"page {len(pages)} of {len(pages)}" in pages[-1]


def test_header_repeats_and_pages_are_counted(renderer: Renderer) -> None:
    pages = page_texts(renderer.render(statement(120).to_job(1)))
    for number, page in enumerate(pages, 1):
        assert f"page {number} of 4" in page
    assert all("Net" in page and "Gross" in page for page in pages)


@pytest.mark.parametrize("rows", range(24, 44, 3))
def test_note_never_stands_alone_on_a_page(renderer: Renderer, rows: int) -> None:
    last = page_texts(renderer.render(statement(rows).to_job(1)))[-1]
    assert "Please tell us" in last
    assert "Total EUR" in last


def test_sums_that_fill_a_page_are_printed_all(renderer: Renderer) -> None:
    figures = Amounts("1,00", "0,21", "1,21")
    totals = [CurrencyTotal(f"Total of {index}", figures, [("VAT", figures)] * 2) for index in range(60)]
    text = text_of(renderer, statement(12, totals=totals))
    assert all(f"Total of {index} 1,00" in text for index in range(60))


def test_letters_of_the_languages_are_printed(renderer: Renderer) -> None:
    text = text_of(renderer, statement(1))
    assert LETTERS in text
    assert "Řezbářství Žlutý kůň s.r.o." in text


def test_returns_have_a_real_minus_sign(renderer: Renderer) -> None:
    assert "Return VAŽ-2011-00004 −5 004,50 −4,75 −2 004,25" in text_of(renderer, statement(5))


def test_currencies_stand_apart(renderer: Renderer) -> None:
    totals = [
        CurrencyTotal("Total EUR", Amounts("10,00", "2,10", "12,10")),
        CurrencyTotal("Total CZK", Amounts("300,00", "63,00", "363,00")),
    ]
    headings = [*statement(0).headings, "Currency"]
    rows = [row(0, currency="EUR"), row(1, currency="CZK")]
    text = text_of(renderer, statement(2, headings=headings, rows=rows, totals=totals))
    assert "2 000,25 EUR" in text
    assert "2 001,25 CZK" in text
    assert "Total EUR 10,00 2,10 12,10 Total CZK 300,00 63,00 363,00" in text


def test_long_name_wraps(renderer: Renderer) -> None:
    name = "Bendrovė " * 13 + "UAB"
    assert len(name) == 120
    assert name in text_of(renderer, statement(1, customer=[name, "Kaunas"]))


def test_long_number_of_a_document_wraps_in_its_cell(renderer: Renderer) -> None:
    number = "SĄSKAITA/FAKTŪRA/SERIJA/VVVVV/" * 3
    text = text_of(renderer, statement(2, rows=[row(0, number=number), row(1)]))
    assert number in re.sub(r"[\s\u200b]", "", text)
    assert "VAŽ-2011-00001" in text


def test_bigger_amounts_get_wider_columns(renderer: Renderer) -> None:
    amount = "−1 234 567 890 123,45"
    text = text_of(renderer, statement(1, rows=[row(0, net=amount, vat=amount, gross=amount)]))
    assert f"{amount} {amount} {amount}" in text


@pytest.mark.parametrize(
    "changes",
    [
        {"rows": [row(0, number="W" * 60, type="Mažmeninės prekybos grąžinimo dokumentas")]},
        {"rows": [row(0, net="−" + "888 " * 12, vat="−8 888 888 888,88", gross="−88 888 888 888 888,88")]},
        {"headings": ["Ausstellungsdatum", "Typ", "No", "Nettorechnungsbetrag", "Mehrwertsteuer", "Gross"]},
        {"headings": [*statement(0).headings, "Cur."], "rows": [row(0, currency="EUR")] * 3},
        {"customer": ["W" * 200], "sender": ["M" * 200], "note": "Ž" * 500, "facts": [("Month", "W" * 90)]},
        {"totals": [CurrencyTotal("W" * 60, Amounts("−" + "8" * 40, "8" * 30, "8" * 25))]},
        {"revision": Revision("Revision", ["W" * 300])},
    ],
    ids=["number", "amounts", "headings", "currency", "parties", "sums", "changes"],
)
def test_nothing_leaves_the_page_or_its_cell(renderer: Renderer, changes: dict[str, Any]) -> None:
    boxes = letters_of(renderer.render(statement(1, **changes).to_job(1)))
    assert min(left for left, _, _, _ in boxes) >= 17 * MM
    assert max(right for _, _, right, _ in boxes) <= 193 * MM
    for one, other in pairwise(boxes):
        is_same_line = abs(one[1] - other[1]) < 1
        assert not is_same_line or other[0] >= one[0] or other[2] < one[0]


def test_revision_says_what_changed(renderer: Renderer) -> None:
    revision = Revision("Revision 2 – what changed", ["VAŽ-2011-00003 added", "VAŽ-2011-00007: 10,00 → 12,00"])
    text = text_of(renderer, statement(1, revision=revision))
    assert "Revision 2 – what changed" in text
    assert "VAŽ-2011-00007: 10,00 → 12,00" in text


def test_same_sheet_gives_same_bytes(renderer: Renderer) -> None:
    job = statement(12).to_job(1)
    first = renderer.render(job)
    renderer.render(statement(3).to_job(2))
    assert renderer.render(job) == first
    with Renderer(processes=1) as other:
        assert other.render(job) == first


def test_statement_is_archivable_and_accessible(renderer: Renderer) -> None:
    pdf = renderer.render(statement(12).to_job(1))
    assert b"/StructTreeRoot" in pdf
    assert b"<pdfaid:part>2</pdfaid:part>" in pdf
    assert b"<pdfaid:conformance>U</pdfaid:conformance>" in pdf
    assert b"<pdfuaid:part>1</pdfuaid:part>" in pdf
    assert b"Statement of sales documents, June 2011" in pdf


def test_untagged_statement_is_archivable_and_small(renderer: Renderer) -> None:
    sheet = statement(12)
    pdf = renderer.render(sheet.to_job(1, tagged=False))
    assert b"/StructTreeRoot" not in pdf
    assert b"<pdfaid:part>2</pdfaid:part>" in pdf
    assert len(pdf) < len(renderer.render(sheet.to_job(1))) * 0.7


def test_a_copy_for_machines_travels_inside_the_pdf(renderer: Renderer) -> None:
    machine_copy = Attachment("statement.csv", "date;number\n2011-06-01;VAŽ-1\n".encode(), "text/csv", "The same rows")
    pdf = renderer.render(statement(1).to_job(1, attachments=(machine_copy,)))
    assert b"<pdfaid:part>3</pdfaid:part>" in pdf
    assert b"/AFRelationship/Data" in pdf.replace(b" ", b"")


def test_logo_is_printed_with_its_text(renderer: Renderer) -> None:
    upload = BytesIO()
    Image.new("RGBA", (300, 100), (200, 0, 0, 255)).save(upload, "PNG")
    sheet = statement(1, logo=Logo.read(upload.getvalue()), logo_text="A red sign")
    (picture,) = page_pictures(renderer.render(sheet.to_job(1)), scale=1)
    seen = Image.open(BytesIO(picture)).convert("RGB")
    assert (200, 0, 0) in {colour for _, colour in seen.getcolors(1 << 16) or []}


@pytest.mark.parametrize(
    "upload",
    [b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"https://logo.example/a.png", b"", b"\x89PNG" + bytes(3 << 20)],
    ids=["svg", "address", "nothing", "too big"],
)
def test_input_86_logo_must_be_png_or_jpeg(upload: bytes) -> None:
    with pytest.raises(LogoError, match="Upload PNG or JPEG up to 2 MB"):
        Logo.read(upload)


def test_input_86_logo_in_cmyk_is_refused() -> None:
    upload = BytesIO()
    Image.new("CMYK", (30, 10)).save(upload, "JPEG")
    with pytest.raises(LogoError):
        Logo.read(upload.getvalue())


@pytest.mark.parametrize(
    "code", ['#read("/etc/passwd") *b*', "<img src=file:///etc/passwd>", r"\input{/etc/passwd}", "$x$ @ref = a"]
)
def test_input_84_code_in_a_text_is_printed_literally(renderer: Renderer, code: str) -> None:
    text = text_of(renderer, statement(1, customer=[code], note=code, rows=[row(0, number=code)]))
    assert text.count(code) == 3


def test_input_85_word_of_10000_characters_stays_on_the_page(renderer: Renderer) -> None:
    word = "Ž" * 10_000
    pages = page_texts(renderer.render(statement(1, rows=[row(0, type=word)]).to_job(1)))
    assert "".join(pages).count("Ž") >= 10_000


@pytest.mark.slow
def test_input_85_five_thousand_lines(renderer: Renderer) -> None:
    pdf = renderer.render(statement(5000).to_job(1, tagged=False))
    assert "VAŽ-2011-04999" in "".join(page_texts(pdf)[-2:])


def test_character_without_glyph_is_replaced_and_named(renderer: Renderer) -> None:
    outcome = renderer.render_one(statement(1, customer=["Kavinė 😀 漢"]).to_job(1))
    assert outcome.pdf is not None
    assert "Kavinė � �" in "".join(page_texts(outcome.pdf))
    assert outcome.warnings == ("No font has 😀 (U+1F600), 漢 (U+6F22); printed as �.",)


@pytest.mark.parametrize("text", ["Ελλάδα", "Київ", "Việt Nam", "₴ ₽ ₸", "→ ≤ ✓"])
def test_other_scripts_and_signs_have_glyphs(renderer: Renderer, text: str) -> None:
    outcome = renderer.render_one(statement(1, note=text).to_job(1))
    assert outcome.warnings == ()
    assert text in " ".join("".join(page_texts(outcome.pdf or b"")).split())


def test_control_characters_and_half_surrogates_do_not_stop_it(renderer: Renderer) -> None:
    outcome = renderer.render_one(statement(1, note="a\x00b\x07c\ufeffd\ud800e").to_job(1))
    assert outcome.pdf is not None
    assert outcome.warnings == ("No font has U+0000, U+0007, U+FEFF; printed as �.",)


def test_pages_become_pictures(renderer: Renderer) -> None:
    pdf = renderer.render(statement(120).to_job(1))
    pictures = page_pictures(pdf, scale=0.5, first=2, limit=2)
    assert len(pictures) == 2
    assert Image.open(BytesIO(pictures[0])).size == (298, 421)
