"""Entering, editing, removing and posting operations."""

import datetime as dt

import pytest

from depesa.core.errors import Refused, StaleState
from depesa.core.models import Blob
from depesa.customers.models import Customer
from depesa.documents.models import Paper
from depesa.history.models import Entry
from depesa.operations.models import Operation, Project, Task
from depesa.operations.rules import chosen
from depesa.operations.services import attach_file, attach_link, detach, edit, enter, post, prefilled, put_back, remove

DAY = dt.date(2011, 6, 15)


@pytest.fixture
def customer(company):
    return Customer.objects.create(code="C-1", name="Novák")


@pytest.fixture
def calling(ada):
    project = Project.objects.create(code="debts", name="Debts", manager=ada, text="From the project")
    return Task.objects.create(code="call", name="Call", project=project)


def test_task_beats_project_and_the_user_beats_both(calling, ada, ben, cleo):
    assert prefilled({"task": calling}) == {
        "task": calling,
        "project": calling.project,
        "manager": ada,
        "customer": None,
        "text": "From the project",
    }
    calling.manager = ben
    assert enter(task=calling, operation_on=DAY, by=ada).manager == ben
    mine = enter(task=calling, operation_on=DAY, manager=cleo, text="Mine", by=ada)
    assert (mine.manager, mine.text, mine.project) == (cleo, "Mine", calling.project)
    other = Project.objects.create(code="other", text="Other")
    assert enter(task=calling, operation_on=DAY, project=other, by=ada).text == "Other"


def test_what_is_left_empty_is_filled():
    assert chosen({"text": "", "manager": None}, {"text": "", "manager": 2}, {"text": "p", "manager": 1}) == {
        "text": "p",
        "manager": 2,
    }


def test_free_text_changes_its_state_only(company, ada):
    operation = enter(operation_on=DAY, text="Ring them up", by=ada)
    assert post([operation.pk], by=ada).posted == 1
    operation.refresh_from_db()
    assert (operation.posting, operation.posted_by, operation.message) == ("posted", ada, None)
    assert Operation.objects.count() == 1
    assert post([operation.pk], by=ada).refused == ((operation.pk, "Ada has posted it already."),)
    assert list(Entry.objects.values_list("event", flat=True)) == ["operations.entered", "operations.posted"]


def test_neither_task_nor_text_is_refused(company, ada):
    with pytest.raises(Refused, match="Choose a task or write a text"):
        enter(operation_on=DAY, by=ada)


def test_an_end_before_the_start_is_refused(company, ada):
    with pytest.raises(Refused, match="before the planned start"):
        enter(operation_on=DAY, text="x", planned_start_on=DAY, planned_end_on=DAY - dt.timedelta(1), by=ada)


def test_a_posted_operation_that_is_edited_is_corrected_and_can_be_posted_again(company, ada):
    operation = enter(operation_on=DAY, text="One", by=ada)
    post([operation.pk], by=ada)
    operation.refresh_from_db()
    edited = edit(operation, {"text": "Two"}, by=ada, version=operation.version)
    assert edited.posting == "corrected"
    assert Entry.objects.get(event="operations.edited").before == {"text": "One"}
    assert post([operation.pk], by=ada).posted == 1


def test_two_users_edit_at_the_same_time(company, ada, ben):
    operation = enter(operation_on=DAY, text="One", by=ada)
    edit(operation, {"text": "Two"}, by=ada, version=1)
    with pytest.raises(StaleState):
        edit(operation, {"text": "Three"}, by=ben, version=1)
    operation.refresh_from_db()
    assert (operation.text, operation.version) == ("Two", 2)
    with pytest.raises(TypeError, match="posting"):
        edit(operation, {"posting": "posted"}, by=ben, version=2)


def test_an_edit_that_changes_nothing_leaves_no_trace(company, ada):
    operation = enter(operation_on=DAY, text="One", by=ada)
    post([operation.pk], by=ada)
    operation.refresh_from_db()
    assert edit(operation, {"text": "One"}, by=ada, version=2).posting == "posted"


def test_the_chosen_task_follows_once(calling, customer, ada):
    visit = Task.objects.create(code="visit", name="Visit", text="Bring samples")
    with pytest.raises(Refused, match="may not follow"):
        enter(task=calling, operation_on=DAY, next_task=visit, by=ada)
    calling.successors.add(visit)
    operation = enter(task=calling, operation_on=DAY, customer=customer, next_task=visit, by=ada)
    post([operation.pk], by=ada)
    follower = Operation.objects.get(task=visit)
    assert (follower.customer, follower.text, follower.posting) == (customer, "Bring samples", "not-posted")
    operation.refresh_from_db()
    edit(operation, {"text": "Edited"}, by=ada, version=operation.version)
    assert post([operation.pk], by=ada).posted == 1
    assert Operation.objects.filter(task=visit).count() == 1


def test_removed_operations_are_kept_and_can_be_put_back(company, ada):
    operation = enter(operation_on=DAY, text="One", by=ada)
    assert remove([operation.pk], by=ada, reason="mistake") == 1
    operation.refresh_from_db()
    assert operation.removed_by == ada
    assert "removed" in post([operation.pk], by=ada).refused[0][1]
    assert remove([operation.pk], by=ada) == 0
    assert put_back([operation.pk], by=ada) == 1
    assert post([operation.pk], by=ada).posted == 1
    with pytest.raises(Refused, match="posted already"):
        remove([operation.pk], by=ada)


def test_a_task_that_nobody_knows_is_refused(company, ada):
    task = Task.objects.create(code="odd", name="Odd", runs="fly")
    operation = enter(task=task, operation_on=DAY, by=ada)
    assert "fly" in post([operation.pk], by=ada).refused[0][1]


def test_files_belong_to_the_customer_and_change_the_operation(customer, ada):
    operation = enter(operation_on=DAY, text="One", customer=customer, by=ada)
    post([operation.pk], by=ada)
    attachment = attach_file(operation, file_name="a.txt", content=b"text", by=ada)
    operation.refresh_from_db()
    assert (operation.posting, operation.version) == ("corrected", 3)
    assert attachment.paper.customer == customer
    detach(attachment, by=ada)
    assert operation.attachments.count() == 0
    assert Paper.objects.count() == Blob.objects.count() == 1
    with pytest.raises(Refused, match="empty"):
        attach_file(operation, file_name="a.txt", content=b"", by=ada)
    with pytest.raises(Refused, match="https"):
        attach_link(operation, name="x", link="javascript:alert(1)", by=ada)


def test_delayed_is_planned_past_and_not_posted(company, ada):
    late = enter(operation_on=DAY, text="Late", planned_end_on=DAY, by=ada)
    done = enter(operation_on=DAY, text="Done", planned_end_on=DAY, by=ada)
    post([done.pk], by=ada)
    assert list(Operation.objects.delayed(DAY + dt.timedelta(1))) == [late]
    assert not Operation.objects.delayed(DAY).exists()
