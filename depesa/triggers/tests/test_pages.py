"""Pages of transitions: why, list, rules, hold time."""

import pytest
from django.urls import reverse

from depesa.core.records import KINDS, Kind
from depesa.emails.models import SystemEmailText
from depesa.outbox.models import Message
from depesa.triggers.contributions import RULES, SOURCES, Rule, Rules, Skipped, Source
from depesa.triggers.models import Settings, Status, Transition
from depesa.triggers.queries import reason_words
from depesa.triggers.rules import Reason
from depesa.triggers.services import fire_due
from depesa.ui import marks
from tests.plugs import brought

WHY = "/triggers/of/parcel:1/"


@pytest.fixture
def clerk(client, ben):
    client.force_login(ben)
    return client


@pytest.fixture
def reader(client, cleo):
    client.force_login(cleo)
    return client


def test_why_a_letter_left(clerk, ada, sent, parcels, change):
    parcels.odd["parcel:1"] = {"skipped": (Skipped("Invoice", "There is none."),)}
    change(1, "sent", sent, before="new", name="2011-0012", origin="api")
    fire_due()
    page = clerk.get(WHY).text
    for words in ("2011-0012", "new", "Letter written", "cleo@sviesa.example", "Left without Invoice", "API", "Sent"):
        assert words in page, words
    assert "Try again" not in page


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({}, "No system e-mail is chosen for this change."),
        ({"email": "sent", "send_emails": False}, "was switched off."),
        ({"reason": Reason.PREDEFINED, "detail": "order-placed"}, "A fixed rule writes this letter: a new order."),
        ({"email": "none-such"}, "There is no system e-mail “none-such”."),
    ],
)
def test_why_none_left(clerk, sent, change, more, words):
    change(1, "sent", **more)
    assert words in clerk.get(WHY).text


def test_every_reason_has_its_sentence():
    assert [reason for reason in Reason if not reason_words(Transition(status=Status.FAILED, reason=reason))] == []


def test_the_owner_says_before_and_after(clerk, sent, change):
    def tell(rows):
        return {row.pk: ("Freshly made", "On its way") for row in rows}

    source = Source(kind="parcel", draft=dict, tell=tell)
    with (
        brought(SOURCES, source, instead=True),
        brought(KINDS, Kind("parcel", "parcel", "customers:customer"), instead=True),
    ):
        change(1, "sent", sent, before="new")
        page = clerk.get(WHY).text
    assert "Freshly made" in page
    assert "On its way" in page
    assert reverse("customers:customer", args=[1]) in page


def test_a_held_letter_is_taken_back_on_the_page(clerk, clock, ben, sent, change):
    row = change(1, "sent", sent, by=ben)
    assert "Do not send" in clerk.get(WHY).text
    answer = clerk.post(reverse("triggers:undo", args=[row.pk]), follow=True)
    assert "The letter does not leave." in answer.text
    assert "Send after all" in answer.text
    answer = clerk.post(reverse("triggers:undo", args=[row.pk]), follow=True)
    assert "It is too late" in answer.text
    clerk.post(reverse("triggers:retry", args=[row.pk]))
    assert fire_due() == 1
    assert Message.objects.count() == 1


def test_inside_another_page_the_part_is_the_answer(clerk, clock, ben, sent, change):
    row = change(1, "sent", sent, by=ben)
    part = clerk.get(WHY, headers={"HX-Request": "true"}).text
    assert part.lstrip().startswith("<section")
    assert 'hx-trigger="every 3s"' in part
    part = clerk.post(reverse("triggers:undo", args=[row.pk]), headers={"HX-Request": "true"}).text
    assert part.lstrip().startswith("<section")
    assert "Undone" in part
    assert "hx-trigger" not in part


def test_a_reader_sees_and_does_nothing(reader, clock, ben, sent, change):
    row = change(1, "sent", sent, by=ben)
    assert "Do not send" not in reader.get(WHY).text
    assert reader.post(reverse("triggers:undo", args=[row.pk])).status_code == 403


def test_a_record_without_changes_says_so(clerk):
    assert "Nothing has happened yet" in clerk.get("/triggers/of/order:99/").text


def test_the_list_and_its_filters(clerk, sent, paid, parcels, change):
    parcels.odd["parcel:2"] = {"to": ()}
    change(1, "sent", sent, name="2011-0012")
    change(2, "paid", paid, name="2011-0013")
    fire_due()
    page = clerk.get("/triggers/").text
    assert "1 letter waits for a person" in page
    assert "There is no e-mail address." in page
    assert "2011-0012" in page
    failed = clerk.get("/triggers/?status=failed", headers={"HX-Request": "true", "HX-Target": "list"}).text
    assert "2011-0013" in failed
    assert "2011-0012" not in failed
    for query in (f"email={paid.pk}", "q=2011-0013", "event=state-changed&status=failed"):
        found = clerk.get(f"/triggers/?{query}", headers={"HX-Request": "true", "HX-Target": "list"}).text
        assert ("2011-0013" in found, "2011-0012" in found) == (True, False), query


def test_the_list_asks_few_questions(clerk, sent, change, django_assert_max_num_queries):
    for parcel in range(12):
        change(parcel, "sent", sent)
    fire_due()
    with django_assert_max_num_queries(20):
        clerk.get("/triggers/")


def test_marked_ones_are_tried_again(clerk, ben, sent, change):
    SystemEmailText.objects.update(subject="{{ nonsense }}", version=9)
    rows = [change(parcel, "sent", sent) for parcel in range(3)]
    fire_due()
    marks.add(ben.pk, "transitions", [row.pk for row in rows[:2]])
    assert "Write 2 letters again?" in clerk.get("/triggers/marked/trying-again/").text
    SystemEmailText.objects.update(subject="Mended", version=10)
    answer = clerk.post("/triggers/marked/trying-again/", follow=True)
    assert "2 letters are being written." in answer.text
    fire_due()
    assert Message.objects.count() == 2
    assert "None of the marked rows" in clerk.get("/triggers/marked/trying-again/").text


def test_failed_letters_stand_on_the_start_page(clerk, sent, parcels, change):
    parcels.odd["parcel:1"] = {"to": ()}
    change(1, "sent", sent)
    fire_due()
    page = clerk.get("/").text
    assert "letter could not be written" in page
    assert "/triggers/?status=failed" in page


def test_the_rules_are_told(clerk, sent):
    lost = Rule(when="A parcel is lost", whom="nobody", email="sent", note="Sorry")
    with brought(RULES, Rules(lambda: [lost])):
        page = clerk.get("/triggers/rules/").text
    for words in (
        "An order is placed without an account, paid by bank transfer",
        "A parcel is lost",
        "Sorry",
        "30 seconds",
    ):
        assert words in page, words
    assert "Missing" not in page  # every preset is there


def test_the_hold_time_is_saved(client, ada):
    client.force_login(ada)
    answer = client.post("/triggers/settings/", {"hold": "90"}, follow=True)
    assert "Saved." in answer.text
    assert Settings.objects.get().hold == 90
    answer = client.post("/triggers/settings/", {"hold": "99999"})
    assert answer.status_code == 422
    assert "more than an hour" in answer.text
    assert 'value="99999"' in answer.text


@pytest.mark.parametrize("name", ["x%00y", "parcel:x%00y", ":1"])
def test_what_names_no_record_is_not_found(reader, name):
    assert reader.get(f"/triggers/of/{name}/").status_code == 404
