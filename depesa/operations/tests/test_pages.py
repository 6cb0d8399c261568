"""One operation: its page, entering it, editing it, posting it."""

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from depesa.core.periods import Period
from depesa.history.models import Entry
from depesa.operations.models import Operation
from depesa.operations.services import edit, enter
from depesa.operations.services.requests import ask, post_due, post_or_ask, withdraw
from depesa.operations.tests.conftest import make_operations
from depesa.ui import marks

NEW = "/operations/new/"
FIELDS = {"operation_on": "2011-06-15", "text": "Ring them up", "task": "", "project": "", "manager": ""}


@pytest.fixture
def operation(company, ben):
    make_operations(1)
    return Operation.objects.get()


def page_of(operation, what="operation"):
    return reverse(f"operations:{what}", args=[operation.pk])


def test_entering_one_by_hand(desk, operation):
    answer = desk.post(NEW, FIELDS | {"customer": "C-0000"}, follow=True)
    made = Operation.objects.latest("id")
    assert answer.redirect_chain[-1][0] == made.get_absolute_url()
    assert (made.customer, made.text) == (operation.customer, "Ring them up")
    assert Entry.objects.filter(event="operations.entered", subject=f"operation:{made.pk}").exists()


def test_what_is_wrong_stands_at_its_field_and_nothing_typed_is_lost(desk):
    answer = desk.post(NEW, FIELDS | {"customer": "nobody", "addresses": "rasa(at)x", "subject": "Keep me"})
    assert answer.status_code == 422
    assert "No customer has this code or name." in answer.text
    assert "Keep me" in answer.text
    assert 'value="rasa(at)x"' in answer.text
    assert set(answer.context["form"].errors) == {"customer", "addresses"}


def test_choosing_a_task_brings_its_defaults_and_its_project(desk, call):
    answer = desk.post(NEW, {"task": call.pk, "act": "defaults", "subject": "Typed"})
    form = answer.context["form"]
    assert form["project"].value() == str(call.project_id)
    assert form["manager"].value() == str(call.manager_id)
    assert form["text"].value() == "Ask for more"
    assert form["subject"].value() == "Typed"
    assert "Visit" in str(form["next_task"])


def test_another_task_takes_its_own_defaults_back(desk, call):
    brought = {"task": "", "brought_by": call.pk, "text": "Ask for more", "manager": call.manager_id, "act": "defaults"}
    form = desk.post(NEW, brought).context["form"]
    assert form["text"].value() == ""
    assert form["manager"].value() == ""
    form = desk.post(NEW, brought | {"text": "My own"}).context["form"]
    assert form["text"].value() == "My own"


def test_editing_shows_who_was_faster(desk, operation, ada):
    stale = {**FIELDS, "version": operation.version, "text": "Mine"}
    edit(operation, {"subject": "Theirs"}, by=ada, version=operation.version)
    answer = desk.post(page_of(operation, "edit"), stale)
    assert answer.status_code == 422
    assert "Somebody else was faster: Ada changed this" in answer.text
    assert "Mine" in answer.text
    again = desk.post(page_of(operation, "edit"), stale | {"version": answer.context["form"]["version"].value()})
    assert again.status_code == 302
    operation.refresh_from_db()
    assert operation.text == "Mine"


def test_the_page_tells_what_happened(desk, operation, ben):
    edit(operation, {"subject": "June"}, by=ben, version=1)
    page = desk.get(page_of(operation)).text
    for words in ("Customer 0000", "Not posted", "changed the operation", "Subject", "<ins>June</ins>"):
        assert words in page


def test_posting_asks_first_and_says_the_number(desk, ben):
    rows = make_operations(3, posting="not-posted")
    Operation.objects.filter(pk=rows[2].pk).update(posting="posted")
    marks.add(ben.pk, "operations", [row.pk for row in rows])
    page = desk.get("/operations/posting/")
    assert "Post 2 operations" in page.text
    assert "is posted already" in page.text
    assert Operation.objects.filter(posting="posted").count() == 1
    answer = desk.post("/operations/posting/", {"expected": page.context["expected"]}, follow=True)
    assert "2 operations were posted." in answer.text
    assert Operation.objects.filter(posting="posted").count() == 3
    assert marks.count(ben.pk, "operations") == 0


def test_a_number_that_has_changed_is_asked_again(desk, ben):
    rows = make_operations(3)
    marks.add(ben.pk, "operations", [row.pk for row in rows])
    Operation.objects.filter(pk=rows[0].pk).update(posting="posted")
    answer = desk.post("/operations/posting/", {"expected": "3"})
    assert answer.status_code == 409
    assert "has changed since you looked" in answer.text
    assert Operation.objects.filter(posting="posted").count() == 1


def test_many_are_posted_by_the_worker_in_the_name_of_who_asked(ben):
    make_operations(5)
    report, asked = post_or_ask(Operation.objects.all(), by=ben, at_once=3)
    assert (report.posted, asked) == (0, 5)
    assert not Operation.objects.filter(posting="posted").exists()
    assert (post_due(limit=3), post_due(limit=3), post_due(limit=3)) == (3, 2, 0)
    assert Operation.objects.filter(posting="posted", posted_by=ben, asked_at=None).count() == 5


def test_a_wish_can_be_taken_back(ben):
    make_operations(3)
    ask(Operation.objects.all(), by=ben)
    post_due(limit=1)
    assert withdraw(Operation.objects.all(), by=ben) == 2
    assert post_due() == 0
    assert Operation.objects.filter(posting="posted").count() == 1


def test_removing_and_putting_back(desk, operation):
    desk.post(page_of(operation, "removal"), {"reason": "double"})
    page = desk.get(page_of(operation)).text
    assert "Put back" in page
    assert "double" in page
    desk.post(page_of(operation, "restoration"))
    operation.refresh_from_db()
    assert operation.removed_at is None


def test_files_and_links_on_an_operation(desk, operation):
    url = page_of(operation, "attachments")
    desk.post(url, {"file": SimpleUploadedFile("list.txt", b"one\n", "text/plain")})
    desk.post(url, {"link": "https://shop.example/a", "name": "Our offer"})
    file, link = operation.attachments.order_by("id")
    page = desk.get(page_of(operation)).text
    assert "list.txt" in page
    assert "Our offer" in page
    shown = desk.get(reverse("operations:attachment", args=[operation.pk, file.pk]))
    assert shown.content == b"one\n"
    assert shown.headers["Content-Security-Policy"].startswith("sandbox")
    desk.post(reverse("operations:attachment_removal", args=[operation.pk, link.pk]))
    assert list(operation.attachments.all()) == [file]
    answer = desk.post(url, {}, follow=True)
    assert "Choose a file or write a link." in answer.text


def test_suggestions_for_the_customer(desk, operation):
    assert 'value="C-0000 · Customer 0000"' in desk.get("/operations/customers/?customer=custo").text


def test_opening_the_record_of_the_marked_one(desk, ben, operation):
    Operation.objects.update(record_url="/documents/7/")
    marks.add(ben.pk, "operations", [operation.pk])
    assert desk.get("/operations/records/").headers["Location"] == "/documents/7/"


def test_the_reader_looks_and_changes_nothing(client, cleo, operation):
    client.force_login(cleo)
    page = client.get(page_of(operation))
    assert page.status_code == 200
    assert page_of(operation, "edit") not in page.text
    for what in ("edit", "posting", "removal", "restoration", "attachments"):
        assert client.post(page_of(operation, what)).status_code == 403


def test_tasks_and_projects(client, ada, call):
    client.force_login(ada)
    page = client.get("/operations/tasks/").text
    assert "Call the customer" in page
    assert "Season" in page
    client.post("/operations/tasks/new/", {"name": "Offer", "code": "offer", "text": "", "customer": ""})
    client.post(reverse("operations:project", args=[call.project_id]), {"name": "Autumn", "code": "season"})
    page = client.get("/operations/tasks/").text
    assert "Offer" in page
    assert "Autumn" in page


def test_the_page_takes_few_queries(desk, operation, ben, django_assert_max_num_queries):
    for number in range(20):
        edit(operation, {"subject": f"S{number}"}, by=ben, version=Operation.objects.get().version)
    with django_assert_max_num_queries(24):
        desk.get(page_of(operation))


def test_a_month_is_entered_for_its_day(desk):
    enter(operation_on=dt.date(2011, 6, 30), text="x", by=None)
    assert Operation.objects.get().period == Period.month(2011, 6)


def test_a_refusal_is_a_sentence_with_and_without_htmx(desk, operation):
    Operation.objects.update(posting="posted")
    page = desk.post(page_of(operation, "removal"))
    assert page.status_code == 409
    assert "1 of them are posted already." in page.text
    part = desk.post(page_of(operation, "removal"), headers={"HX-Request": "true"})
    assert part.headers["HX-Retarget"] == "#messages"
    assert "<html" not in part.text
