"""The list of operations: filters as sentences, marks over pages, who may do what."""

import datetime as dt

import pytest
from django.urls import reverse

from depesa.operations.models import Operation
from depesa.operations.tests.conftest import make_operations
from depesa.ui import marks
from depesa.ui.models import Mark

LIST = "/operations/"


def test_the_list_shows_where_each_operation_stands(desk, call, clock):
    make_operations(1, task=call, planned_end_on=dt.date(2011, 7, 3), subject="Hello")
    page = desk.get(LIST).text
    for words in ("Customer 0000", "Call the customer", "Hello", "Not posted", "2 days late", "1 row"):
        assert words in page


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("state=posted", "state is posted"),
        ("late=yes", "late"),
        ("month=2011-07", "month is July 2011"),
        ("customer=zzz", "customer begins with “zzz”"),
        ("since=2012-01-01", "date since"),
        ("q=nobody", "found by “nobody”"),
    ],
)
def test_a_filter_says_itself_as_a_sentence(desk, query, sentence):
    make_operations(2)
    page = desk.get(f"{LIST}?{query}").text
    assert sentence in page
    assert "Nothing matches" in page


def test_filters_by_task_manager_and_project(desk, call, ada):
    make_operations(1, task=call, project=call.project, manager=ada)
    Operation.objects.create(operation_on=dt.date(2011, 6, 1), text="Another one")
    for query in (f"task={call.pk}", f"project={call.project_id}", f"manager={ada.pk}"):
        page = desk.get(f"{LIST}?{query}").text
        assert "Customer 0000" in page
        assert "Another one" not in page


def test_marks_survive_pages_and_all_means_all_that_match(desk, ben):
    make_operations(120)
    first = desk.get(LIST)
    shown = first.context["listing"].page.rows
    here = ",".join(str(row.pk) for row in shown)
    desk.post(LIST, {"here": here, "mark": [shown[0].pk, shown[1].pk], "act": "tick"})
    older = first.context["listing"].older_url
    second = desk.get(older).context["listing"].page.rows
    desk.post(older, {"here": ",".join(str(row.pk) for row in second), "mark": [second[0].pk], "act": "tick"})
    assert marks.count(ben.pk, "operations") == 3
    answer = desk.post(LIST, {"here": here, "act": "all"}, follow=True)
    assert "120 rows are marked." in answer.text
    assert "Mark all 120 that match" in answer.text
    assert marks.count(ben.pk, "operations") == 120


def test_marking_with_htmx_answers_with_the_table_alone(desk):
    rows = make_operations(2)
    answer = desk.post(
        LIST,
        {"here": f"{rows[0].pk},{rows[1].pk}", "mark": [rows[0].pk]},
        headers={"HX-Request": "true", "HX-Target": "list"},
    )
    assert "<html" not in answer.text
    assert "<b>1</b> marked" in answer.text


def test_removed_operations_stand_in_the_list_only_when_asked_for(desk):
    make_operations(1, removed_at=dt.datetime(2011, 7, 1, tzinfo=dt.UTC))
    assert "Customer 0000" not in desk.get(LIST).text
    assert "Customer 0000" in desk.get(f"{LIST}?removed=yes").text


def test_an_empty_list_teaches_the_first_step(desk):
    page = desk.get(LIST).text
    assert "No operation yet" in page
    assert reverse("operations:new") in page


def test_a_page_of_rows_takes_a_fixed_number_of_queries(desk, call, django_assert_max_num_queries):
    make_operations(50, task=call, project=call.project, manager=call.manager)
    with django_assert_max_num_queries(20):
        desk.get(LIST)


def test_the_reader_sees_the_list_and_no_act(client, cleo, dan, company):
    make_operations(1)
    client.force_login(cleo)
    page = client.get(LIST).text
    assert "Customer 0000" in page
    assert 'value="post"' not in page
    assert client.get("/operations/posting/").status_code == 403
    client.force_login(dan)
    assert client.get(LIST).status_code == 403
    assert Mark.objects.count() == 0


def test_search_finds_the_subject_where_no_customer_is_called_so(desk):
    make_operations(2)
    Operation.objects.filter(customer__code="C-0001").update(subject="Žádost o platbu", subject_key="zadost o platbu")
    page = desk.get("/operations/?q=zadost").text
    assert "Customer 0001" in page
    assert "Customer 0000" not in page
    assert "Customer 0000" in desk.get("/operations/?q=c0@shop").text
