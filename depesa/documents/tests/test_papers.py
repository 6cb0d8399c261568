"""Papers inside the page: the file in a sandbox, its pages as pictures that the browser keeps."""

import pytest
import typst
from django.urls import reverse

from depesa.core import blobs
from depesa.documents.models import Paper
from depesa.pdf import page_picture, pages_in


@pytest.fixture(scope="module")
def pdf(tmp_path_factory):
    source = tmp_path_factory.mktemp("typst") / "two.typ"
    source.write_text("one #pagebreak() two", encoding="utf-8")
    return typst.compile(str(source))


@pytest.fixture
def paper(db, pdf):
    return Paper.objects.create(blob=blobs.keep(pdf), name="sąrašas 2026-05.pdf")


@pytest.fixture
def reader(client, cleo):
    client.force_login(cleo)
    return client


def _page(paper, number, scale="page"):
    return f"{reverse('documents:paper_page', args=[paper.pk, number])}?scale={scale}"


def test_the_file_opens_inside_the_page(reader, paper, pdf):
    response = reader.get(reverse("documents:paper", args=[paper.pk]))
    assert response.content == pdf
    assert response.headers["Content-Type"] == "application/pdf"
    assert response.headers["Content-Disposition"] == (
        "inline; filename=\"s_ra_as_2026-05.pdf\"; filename*=UTF-8''s%C4%85ra%C5%A1as%202026-05.pdf"
    )
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Content-Security-Policy"].startswith("sandbox; default-src 'none'")


def test_a_page_is_a_picture_that_is_drawn_once(reader, paper):
    first = reader.get(_page(paper, 2))
    assert first.headers["Content-Type"] == "image/png"
    assert first.content.startswith(b"\x89PNG")
    tag = first.headers["ETag"]
    assert tag == f'"{paper.blob.sha256}-2-page"'
    assert reader.get(_page(paper, 2), headers={"if-none-match": tag}).status_code == 304
    assert reader.get(_page(paper, 2, "large"), headers={"if-none-match": tag}).status_code == 200


@pytest.mark.parametrize(("number", "scale"), [(0, "page"), (3, "page"), (10**12, "page"), (1, "100")])
def test_no_such_page(reader, paper, number, scale):
    assert reader.get(_page(paper, number, scale)).status_code == 404


def test_what_is_no_pdf_has_no_pages(reader, db):
    broken = Paper.objects.create(blob=blobs.keep(b"%PDF-1.4 broken"), name="x.pdf")
    assert reader.get(_page(broken, 1)).status_code == 404
    assert (pages_in(b"%PDF-1.4 broken"), pages_in(b"a,b"), page_picture(b"a,b", 1)) == (0, 0, None)


def test_a_page_as_large_as_a_field_becomes_a_small_picture(tmp_path):
    source = tmp_path / "field.typ"
    source.write_text("#set page(width: 5000mm, height: 5000mm)\nfield", encoding="utf-8")
    picture = page_picture(typst.compile(str(source)), 1, 2.5)
    width, height = (int.from_bytes(picture[at : at + 4]) for at in (16, 20))
    assert width * height <= 12_100_000


def test_nobody_without_access_sees_a_paper(client, dan, paper):
    client.force_login(dan)
    assert client.get(reverse("documents:paper", args=[paper.pk])).status_code == 403
    assert client.get(_page(paper, 1)).status_code == 403
