"""What a list reads from a query string, says as sentences and marks."""

import pytest
from django.http import QueryDict

from depesa.core.models import Blob
from depesa.ui import marks
from depesa.ui.filters import Choice, Day, InPeriod, Text, Yes
from depesa.ui.listings import read_list
from depesa.ui.lists import Column, List, Sort

pytestmark = pytest.mark.django_db

BLOBS = List(
    name="blobs",
    title="Blobs",
    columns=[
        Column("sha", "hash", lambda row: row.sha256),
        Column("size", "size", len),
    ],
    sorts=[Sort("size", ["size", "id"]), Sort("sha", ["sha256"])],
    filters=[
        Choice("size", "size", choices=[("3", "three"), ("9", "nine")], where="size"),
        Day("from", "from", where="created_at__date__gte"),
        InPeriod("month", "month", where="created_at"),
        Yes("big", "big", where=lambda rows, _yes: rows.filter(size__gte=5)),
        Text("sha", "hash", where="sha256__startswith"),
    ],
    search=lambda rows, text: rows.filter(sha256__contains=text),
    page_size=2,
)


@pytest.fixture
def blobs():
    return [Blob.objects.create(sha256=f"{n:064}", content=b"", size=size) for n, size in enumerate([5, 3, 3, 3, 9])]


def _read(query, user_id=1):
    return read_list(BLOBS, Blob.objects.all(), QueryDict(query), user_id=user_id)


def test_filters_are_sentences_that_can_be_taken_away(blobs):
    listing = _read("size=3&month=2011-06&q=7")
    assert [chip.text for chip in listing.asked.chips] == ["size is three", "month is June 2011", "found by “7”"]
    assert listing.asked.chips[0].remove_url == "?month=2011-06&q=7"


def test_a_filter_narrows_and_counts(blobs):
    listing = _read("size=3")
    assert {row.size for row in listing.page.rows} == {3}
    assert listing.count_text == "3 rows"


@pytest.mark.parametrize(
    "query",
    [
        "page=-1",
        "page=1000000000",
        "sort=password",
        "sort=-password&at=nonsense",
        "size=4",
        "size__gt=1",
        "from=2011-02-31",
        "from=20226-01-01",
        "month=0",
        "big=no",
        "file=exe",
        "size=%00",
    ],
)
def test_input_100_unknown_words_change_nothing(blobs, query):
    listing = _read(query)
    assert [row.size for row in listing.page.rows] == [3, 3]
    assert not listing.asked.is_narrowing


@pytest.mark.parametrize("query", ["q=" + "x" * 1_000_000, "q=a%00b", "q=%ff", "sha=%00%00", "q=%F0%9F%98%80"])
def test_input_100_a_search_of_any_length_or_letters_is_answered(blobs, query):
    listing = _read(query)
    assert len(listing.page.rows) <= 2
    assert len(listing.asked.words.get("q", "")) <= 200


def test_a_second_click_on_a_heading_turns_the_order_around(blobs):
    heading = next(each for each in _read("").headings if each.column.key == "size")
    assert (heading.sorted, heading.url) == ("ascending", "?sort=-size")
    assert [row.size for row in _read("sort=-size").page.rows] == [9, 5]


def test_marks_of_everything_that_matches(blobs, ada):
    marks.add_all(ada.pk, "blobs", _read("size=3").rows)
    listing = _read("", user_id=ada.pk)
    assert listing.marked_count == 3
    assert {row.size for row in _read("marked=yes", user_id=ada.pk).page.rows} == {3}


def test_marks_of_nothing_are_none(blobs, ada):
    marks.add_all(ada.pk, "blobs", Blob.objects.none())
    assert marks.count(ada.pk, "blobs") == 0


def test_ticks_of_one_page_leave_the_marks_of_others(blobs, ada):
    first, second, third = (blob.pk for blob in blobs[:3])
    marks.add(ada.pk, "blobs", [first, second])
    marks.take_over(ada.pk, "blobs", shown=[second, third], ticked=[third])
    assert set(marks.marked(ada.pk, "blobs")) == {first, third}


def test_marks_are_of_one_person(blobs, ada, ben):
    marks.add_all(ada.pk, "blobs", Blob.objects.all())
    assert marks.count(ben.pk, "blobs") == 0
