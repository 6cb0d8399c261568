"""Pages by the values of their border row."""

import pytest

from depesa.core.models import Blob
from depesa.ui.pager import read_on, read_page

pytestmark = pytest.mark.django_db


@pytest.fixture
def blobs():
    sizes = [5, 3, 3, 3, 9, 1, 3]
    return [Blob.objects.create(sha256=f"{n:064}", content=b"", size=size) for n, size in enumerate(sizes)]


def _walk(order, size=2):
    seen, token = [], ""
    while True:
        page = read_page(Blob.objects.all(), order, size=size, token=token)
        seen += [row.pk for row in page.rows]
        if not page.has_older:
            return seen, page
        token = page.older


@pytest.mark.parametrize("order", [["size", "id"], ["-size", "-id"], ["-size", "id"], ["size", "-id"]])
def test_pages_show_every_row_once_in_order(blobs, order):
    seen, _last = _walk(order)
    assert seen == list(Blob.objects.order_by(*order).values_list("pk", flat=True))


@pytest.mark.parametrize("order", [["size", "id"], ["-size", "id"]])
def test_the_way_back_shows_the_same_pages(blobs, order):
    expected = list(Blob.objects.order_by(*order).values_list("pk", flat=True))
    _seen, page = _walk(order)
    back = [row.pk for row in page.rows]
    while page.has_newer:
        page = read_page(Blob.objects.all(), order, size=2, token=page.newer)
        back = [row.pk for row in page.rows] + back
    assert back == expected


def test_a_row_that_comes_in_before_does_not_shift_the_next_page(blobs):
    first = read_page(Blob.objects.all(), ["-size", "-id"], size=2)
    Blob.objects.create(sha256="f" * 64, content=b"", size=100)
    second = read_page(Blob.objects.all(), ["-size", "-id"], size=2, token=first.older)
    assert [row.size for row in second.rows] == [3, 3]
    assert not {row.pk for row in first.rows} & {row.pk for row in second.rows}


@pytest.mark.parametrize("token", ["", "-1", "\0", "x" * 5000, "W10:abc", "WyI+IiwgWyJpZCJdLCBbMV1d:nonsense"])
def test_input_100_a_token_that_is_not_ours_is_the_first_page(blobs, token):
    page = read_page(Blob.objects.all(), ["size", "id"], size=2, token=token)
    assert [row.size for row in page.rows] == [1, 3]


def test_a_token_of_another_order_is_the_first_page(blobs):
    token = read_page(Blob.objects.all(), ["size", "id"], size=2).older
    assert not read_page(Blob.objects.all(), ["-size", "-id"], size=2, token=token).has_newer


def test_an_empty_list_is_one_empty_page(db):
    page = read_page(Blob.objects.all(), ["size", "id"], size=2)
    assert (list(page.rows), page.has_newer, page.has_older) == ([], False, False)


def test_reading_on_meets_every_row(blobs):
    seen, last = [], None
    while rows := read_on(Blob.objects.all(), ["-size", "id"], after=last, size=3):
        seen += [row.pk for row in rows]
        last = rows[-1]
    assert seen == list(Blob.objects.order_by("-size", "id").values_list("pk", flat=True))
