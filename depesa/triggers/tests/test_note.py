"""A change is noted with what it may cause."""

import datetime as dt

import pytest

from depesa.orders.rules.presets import order_preset
from depesa.triggers.contributions import preset_of
from depesa.triggers.models import Settings, Status, Transition
from depesa.triggers.rules import Reason
from depesa.triggers.services import Change, note


def told(key, **more):
    usual = {"event": "state-changed", "subject": "parcel:1", "customer_id": None, "language": "lt"}
    return Change(key=key, **usual | more)


@pytest.mark.usefixtures("company", "clock")
def test_a_change_on_a_page_is_held_and_others_are_due_at_once(ada, sent):
    [page] = note([told("a", system_email=sent.pk, after="sent")], by=ada)
    [api] = note([told("b", subject="parcel:2", system_email="sent", after="sent")], origin="api")
    assert (page.status, page.origin, page.due_at - page.at) == (Status.HELD, "staff", dt.timedelta(seconds=30))
    assert (api.status, api.origin, api.due_at - api.at) == (Status.HELD, "api", dt.timedelta())
    assert (page.language, page.system_email, page.by) == ("lt", sent, ada)


def test_the_hold_time_is_a_setting_and_the_change_may_beat_it(ada, sent):
    Settings.objects.create(pk=1, hold=5)
    [usual] = note([told("a", system_email=sent.pk)], by=ada)
    [own] = note([told("b", subject="parcel:2", system_email=sent.pk, hold=dt.timedelta())], by=ada)
    assert usual.due_at - usual.at == dt.timedelta(seconds=5)
    assert own.due_at == own.at


def test_a_known_key_is_not_noted_twice(sent):
    [first] = note([told("a", system_email=sent.pk)])
    again, other = note([told("a", after="other"), told("b", subject="parcel:2")])
    assert (again.pk, again.after) == (first.pk, None)
    assert other.pk != first.pk
    assert Transition.objects.count() == 2
    assert [row.pk for row in note([told("c", subject="parcel:3"), told("c", subject="parcel:3")])][:1] * 2 == [
        Transition.objects.get(key="c").pk
    ] * 2


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ({}, Reason.NOT_CHOSEN),
        ({"system_email": "sent", "send_emails": False}, Reason.SWITCHED_OFF),
        ({"system_email": "quiet"}, Reason.INACTIVE),
        ({"system_email": "nothing-of-this-name"}, Reason.NO_SUCH_EMAIL),
        ({"system_email": "sent", "reason": Reason.PREDEFINED, "detail": "order-placed"}, Reason.PREDEFINED),
        ({"system_email": "sent", "before": "sent", "after": "sent"}, Reason.NO_CHANGE),
    ],
)
def test_why_no_letter_is_meant(sent, more, reason):
    type(sent).objects.create(code="quiet", name="Quiet", context="monthly-statement", is_active=False)
    [row] = note([told("a", **more)])
    assert (row.status, row.reason) == (Status.NONE, reason)


def test_a_change_without_language_is_in_the_companys(company):
    company.language = "cs"
    company.save()
    [row] = note([told("a", language="")])
    assert row.language == "cs"


def test_a_preset_is_found_by_its_event(company):
    assert preset_of("password-forgotten") == "forgotten-password"
    assert preset_of("state-changed") == preset_of("unheard-of") == ""


def test_an_order_has_its_preset_by_account_and_payment():
    assert order_preset(has_account=True, is_transfer=False) == "order-received"
    assert order_preset(has_account=False, is_transfer=True) == "order-received-guest-transfer"
    assert order_preset(has_account=False, is_transfer=True, is_individual=True) == "order-summary"


def test_ten_thousand_changes_are_few_questions(django_assert_max_num_queries, sent):
    many = [told(f"k{n}", subject=f"parcel:{n}", system_email=sent.pk, before="a", after="b") for n in range(1000)]
    with django_assert_max_num_queries(30):
        assert len(note(many)) == 1000


def statuses():
    return list(Transition.objects.order_by("pk").values_list("status", "reason"))


def test_there_and_back_within_the_hold_is_no_change(clock, ada, sent, paid, change):
    change(1, "sent", sent, before="paid", by=ada)
    clock.shift(20)
    back = change(1, "paid", paid, before="sent", by=ada)
    assert statuses() == [(Status.COALESCED, Reason.FOLLOWED), (Status.NONE, Reason.BACK_AGAIN)]
    assert Transition.objects.get(into=back).after == "sent"


def test_of_three_within_the_hold_the_last_counts(clock, ada, sent, paid, change):
    change(1, "sent", sent, before="new", by=ada)
    clock.shift(29)
    last = change(1, "paid", paid, before="sent", by=ada)
    assert statuses() == [(Status.COALESCED, Reason.FOLLOWED), (Status.HELD, "")]
    assert last.base == "new"
    clock.shift(29)  # the hold of the second one still runs
    change(1, "new", sent, before="paid", by=ada)
    assert statuses()[1:] == [(Status.COALESCED, Reason.FOLLOWED), (Status.NONE, Reason.BACK_AGAIN)]


def test_there_and_back_over_a_state_without_letter(clock, ada, sent, change):
    change(1, "silent", None, before="sent", by=ada)
    clock.shift(5)
    change(1, "sent", sent, before="silent", by=ada)
    assert statuses() == [(Status.NONE, Reason.NOT_CHOSEN), (Status.NONE, Reason.BACK_AGAIN)]


@pytest.mark.parametrize("more", [{"email": None}, {"send_emails": False}])
def test_only_a_letter_takes_the_place_of_a_letter(clock, ada, sent, paid, change, more):
    change(1, "sent", sent, before="new", by=ada)
    clock.shift(5)
    change(1, "silent", **{"email": paid, **more}, before="sent", by=ada)
    assert statuses()[0] == (Status.HELD, "")
    clock.shift(5)
    last = change(1, "paid", paid, before="silent", by=ada)
    assert [status for status, _reason in statuses()] == [Status.COALESCED, Status.NONE, Status.HELD]
    assert Transition.objects.get(into=last).after == "sent"


def test_going_back_over_a_state_without_letter_takes_the_letter_back(clock, ada, sent, paid, change):
    change(1, "sent", sent, before="new", by=ada)
    change(1, "silent", None, before="sent", by=ada)
    change(1, "new", paid, before="silent", by=ada)
    assert [status for status, _reason in statuses()] == [Status.COALESCED, Status.NONE, Status.NONE]


def test_after_the_hold_each_change_has_its_letter(clock, ada, sent, paid, change):
    change(1, "sent", sent, before="paid", by=ada)
    clock.shift(31)
    change(1, "paid", paid, before="sent", by=ada)
    change(2, "paid", paid, before="sent", by=ada)
    assert statuses() == [(Status.HELD, "")] * 3


def test_changes_of_one_batch_follow_each_other(ada, sent, paid):
    chain = [
        told("a", system_email=sent.pk, before="new", after="sent"),
        told("b", system_email=paid.pk, before="sent", after="paid"),
    ]
    first, second = note(chain, by=ada)
    assert (first.status, first.into_id, second.status) == (Status.COALESCED, second.pk, Status.HELD)
