"""The letters that are due are written: once, each alone."""

import datetime as dt
from dataclasses import replace

import pytest
from django.utils import timezone

from depesa.core import blobs
from depesa.core.edits import raise_version
from depesa.core.errors import Refused, StaleState
from depesa.documents.models import Paper
from depesa.emails.models import SystemEmailFile, SystemEmailText
from depesa.history.models import Entry
from depesa.history.queries import in_words
from depesa.mail.letter import read_letter
from depesa.outbox.models import Message
from depesa.outbox.queries import sealed_bytes
from depesa.outbox.services import EnclosureDraft
from depesa.triggers.contributions import Skipped
from depesa.triggers.models import Status, Transition
from depesa.triggers.rules import Reason
from depesa.triggers.services import fire_due, mend, try_again, undo


def test_what_is_held_waits_and_leaves_when_due(clock, ada, sent, change):
    row = change(1, "sent", sent, by=ada)
    assert fire_due() == 0
    clock.shift(31)
    assert fire_due() == 1
    row.refresh_from_db()
    assert (row.status, row.reason, row.attempts, row.held_by) == (Status.QUEUED, "", 1, "")
    assert row.message.subject == "en: sent June 2011"
    assert row.message.dedupe_key == f"v1:trigger:{row.key}"
    assert [each.recipient for each in row.message.deliveries.all()] == ["cleo@sviesa.example"]
    assert Entry.objects.get(event="triggers.queued").subject == "parcel:1"
    assert fire_due() == 0


def test_many_are_drafted_together(sent, parcels, change):
    for parcel in range(5):
        change(parcel, "sent", sent)
    assert fire_due() == 5
    assert parcels.asked == [5]
    assert Message.objects.count() == 5


def test_only_these(sent, change):
    first, _second = change(1, "sent", sent), change(2, "sent", sent)
    assert fire_due(only=[first.pk]) == 1
    assert Message.objects.count() == 1


def test_opencart_2576_no_letter_when_notify_is_off(sent, change):
    change(1, "sent", sent, send_emails=False)
    assert fire_due() == 0
    assert not Message.objects.exists()
    assert Transition.objects.get().reason == Reason.SWITCHED_OFF


def test_isotope_1805_never_twice_at_ordering(sent, change):
    """Told twice, fired twice, and bound to the state as well: one letter."""
    row = change(1, "sent", sent)
    change(1, "received", sent, reason=Reason.PREDEFINED, detail="order-placed")
    fire_due()
    Transition.objects.filter(pk=row.pk).update(status=Status.HELD, message=None)  # as if the database forgot
    fire_due()
    assert Message.objects.count() == 1


def test_woocommerce_35875_language_of_the_order(sent, parcels, change):
    parcels.odd["parcel:2"] = {"language": "en"}
    change(1, "sent", sent, language="lt")
    change(2, "sent", sent, language="lt")
    fire_due()
    assert [each.subject[:8] for each in Message.objects.order_by("pk")] == ["lt: sent", "en: sent"]


def test_a_missing_translation_falls_back_and_says_so(sent, change):
    row = change(1, "sent", sent, language="cs")
    fire_due()
    row.refresh_from_db()
    assert (row.status, row.reason, row.detail) == (Status.QUEUED, Reason.FALLBACK, "en")


@pytest.mark.parametrize(
    ("odd", "status", "reason", "detail"),
    [
        ({"to": ()}, Status.FAILED, Reason.NO_ADDRESS, ""),
        ("The order is no longer sent.", Status.SKIPPED, Reason.NOT_NEEDED, "The order is no longer sent."),
        (Refused("No invoice."), Status.FAILED, Reason.NOT_READY, "No invoice."),
        ({"values": lambda _language: {}}, Status.FAILED, Reason.CANNOT_FILL, None),
        ({"values": lambda _language: 1 / 0}, Status.FAILED, Reason.UNEXPECTED, "ZeroDivisionError"),
        ({"to": ("nobody",)}, Status.FAILED, Reason.NOT_SEALED, None),
        (KeyError("x"), Status.FAILED, Reason.UNEXPECTED, "KeyError"),
    ],
)
def test_shopware5_1496_one_broken_letter_stops_nothing(sent, parcels, change, odd, status, reason, detail):
    parcels.odd["parcel:2"] = odd
    rows = [change(parcel, "sent", sent) for parcel in (1, 2, 3)]
    assert fire_due() == 3
    for row in rows:
        row.refresh_from_db()
    assert [row.status for row in rows] == [Status.QUEUED, status, Status.QUEUED]
    assert rows[1].reason == reason
    assert detail is None or rows[1].detail == detail
    assert rows[1].message is None
    assert Message.objects.count() == 2


def break_text(text="{{ month.name | nonsense }}"):
    SystemEmailText.objects.filter(system_email__code="sent").update(subject=text, version=7)


def test_virtocommerce_48_broken_template_never_breaks_ordering(sent, change):
    break_text()
    row = change(1, "sent", sent)
    assert row.status == Status.HELD  # the change stands, whatever the text says
    assert fire_due() == 1
    row.refresh_from_db()
    assert (row.status, row.reason) == (Status.FAILED, Reason.CANNOT_FILL)
    assert row.detail


def test_craftcms_1379_failed_letters_are_visible_and_repeatable(ada, sent, change):
    break_text()
    row = change(1, "sent", sent)
    fire_due()
    assert Entry.objects.get(event="triggers.failed").note
    try_again([row.pk])
    fire_due()
    row.refresh_from_db()
    assert (row.status, row.attempts) == (Status.FAILED, 2)
    assert Entry.objects.filter(event="triggers.failed").count() == 1  # the same failure again is no news
    SystemEmailText.objects.filter(system_email=sent).update(subject="Mended", version=8)
    assert try_again([row.pk], by=ada) == 1
    fire_due()
    row.refresh_from_db()
    assert (row.status, row.message.subject, row.reason, row.detail) == (Status.QUEUED, "Mended", "", "")


def test_the_history_says_in_words_why_a_letter_failed(sent, parcels, change):
    parcels.odd["parcel:1"] = {"to": ()}
    row = change(1, "sent", sent)
    fire_due()
    line = next(each for each in in_words(Entry.objects.filter(subject=row.subject)) if "could not" in str(each.what))
    assert "There is no e-mail address. Enter one and try again." in [each.after for each in line.changes]


def test_a_repaired_text_sends_what_waited_for_it(clock, sent, change):
    break_text()
    row = change(1, "sent", sent)
    fire_due()
    clock.shift(10)
    assert mend() == 0
    text = sent.texts.get(language="en")
    text.subject = "Mended"
    raise_version(text, None)
    text.save()
    assert mend() == 1
    assert fire_due() == 1
    row.refresh_from_db()
    assert row.message.subject == "Mended"


def test_what_left_is_not_tried_again(sent, change):
    row = change(1, "sent", sent)
    fire_due()
    with pytest.raises(Refused):
        try_again([row.pk])


def test_undone_while_held(clock, ada, sent, change):
    row = change(1, "sent", sent, by=ada)
    undo(row, by=ada)
    clock.shift(60)
    assert fire_due() == 0
    assert (row.status, row.reason) == (Status.UNDONE, Reason.UNDONE)
    assert Entry.objects.get(event="triggers.undone").actor == ada
    with pytest.raises(StaleState):
        undo(row, by=ada)


def test_undone_while_it_was_being_written(ada, sent, parcels, change):
    row = change(1, "sent", sent)

    def values(language):
        undo(Transition.objects.get(pk=row.pk), by=ada)
        return parcels.values(language)

    parcels.odd["parcel:1"] = {"values": values}
    fire_due()
    row.refresh_from_db()
    assert row.status == Status.UNDONE
    assert not Message.objects.exists()


def test_an_inactive_or_removed_system_email_leaves_it_out(sent, paid, change):
    change(1, "sent", sent)
    change(2, "paid", paid)
    type(sent).objects.filter(pk=sent.pk).update(is_active=False)
    paid.texts.all().delete()
    paid.delete()
    fire_due()
    assert list(Transition.objects.order_by("pk").values_list("status", "reason")) == [
        (Status.SKIPPED, Reason.INACTIVE),
        (Status.SKIPPED, Reason.REMOVED),
    ]


def test_a_letter_is_of_use_for_two_weeks_from_the_event(clock, sent, change):
    row = change(1, "sent", sent)
    clock.shift(dt.timedelta(days=13))
    fire_due()
    row.refresh_from_db()
    assert row.message.useless_after == row.at + dt.timedelta(days=14)


def test_a_letter_that_was_not_written_for_two_weeks_waits_for_a_person(clock, ada, sent, change):
    row = change(1, "sent", sent)
    clock.shift(dt.timedelta(days=15))
    fire_due()
    row.refresh_from_db()
    assert (row.status, row.reason, Message.objects.count()) == (Status.FAILED, Reason.TOO_OLD, 0)

    try_again([row.pk], by=ada)
    fire_due()
    row.refresh_from_db()
    assert (row.status, row.message.useless_after) == (Status.QUEUED, timezone.now() + dt.timedelta(days=14))


def test_a_mended_text_sends_what_is_young_and_leaves_what_is_old_to_a_person(clock, ada, sent, change):
    texts = SystemEmailText.objects.filter(system_email=sent)
    texts.update(subject="{{ nonsense }}")
    old, asked = change(1, "sent", sent), change(2, "sent", sent)
    fire_due()
    clock.shift(dt.timedelta(days=200))
    young = change(3, "sent", sent)
    try_again([asked.pk], by=ada)
    fire_due()

    clock.shift(60)
    texts.update(subject="Mended", version=2, changed_at=timezone.now())
    assert mend() == 2
    fire_due()

    rows = Transition.objects.in_bulk([old.pk, asked.pk, young.pk])
    assert [rows[row.pk].status for row in (old, asked, young)] == [Status.FAILED, Status.QUEUED, Status.QUEUED]


def test_nobody_knows_the_subject(sent, change):
    row = change(1, "sent", sent)
    Transition.objects.update(subject="stranger:1")
    fire_due()
    row.refresh_from_db()
    assert (row.status, row.reason, row.detail) == (Status.FAILED, Reason.NOBODY_KNOWS, "stranger")


def test_documents_that_are_missing_are_told(sent, parcels, change):
    parcels.odd["parcel:1"] = {"skipped": (Skipped("Invoice", "There is none."),)}
    row = change(1, "sent", sent)
    fire_due()
    row.refresh_from_db()
    assert row.missing == [["Invoice", "There is none."]]
    assert Entry.objects.get(event="triggers.queued").note == "Invoice: There is none."


def test_what_is_kept_with_the_letter(sent, parcels, change, customer):
    def keep():
        type(customer).objects.filter(pk=customer.pk).update(note="kept")

    parcels.odd["parcel:1"] = {"keep": keep}
    change(1, "sent", sent)
    fire_due()
    customer.refresh_from_db()
    assert customer.note == "kept"


def test_somebody_was_faster_with_the_papers(clock, sent, parcels, change, customer):
    def keep():
        type(customer).objects.filter(pk=customer.pk).update(note="half kept")
        raise StaleState

    parcels.odd["parcel:1"] = {"keep": keep}
    row, other = change(1, "sent", sent), change(2, "sent", sent)
    fire_due()
    row.refresh_from_db()
    other.refresh_from_db()
    customer.refresh_from_db()
    assert (row.status, row.attempts, other.status, customer.note) == (Status.HELD, 1, Status.QUEUED, "")
    assert fire_due() == 0
    for _ in range(9):
        clock.shift(3)
        fire_due()
    row.refresh_from_db()
    assert (row.status, row.reason) == (Status.FAILED, Reason.TOO_OFTEN)


def test_papers_that_cannot_be_kept_fail_alone(sent, parcels, change):
    def keep():
        raise Refused("The number is taken.")

    parcels.odd["parcel:1"] = {"keep": keep}
    row, other = change(1, "sent", sent), change(2, "sent", sent)
    fire_due()
    row.refresh_from_db()
    other.refresh_from_db()
    assert (row.reason, row.detail, other.status) == (Reason.NOT_READY, "The number is taken.", Status.QUEUED)


def test_a_letter_leaves_as_its_system_email_says(sent, parcels, change, customer):
    """Hidden copy, files of the system e-mail after those of the source, HTML of its own in the frame."""
    terms, parcel = blobs.keep(b"%PDF-1.7 terms"), blobs.keep(b"%PDF-1.7 parcel")
    SystemEmailFile.objects.create(system_email=sent, blob=terms, name="Terms.pdf", media_type="application/pdf")
    type(sent).objects.filter(pk=sent.pk).update(hidden_copy="copy@vaivorykste.example")
    SystemEmailText.objects.filter(language="en").update(html="<p>From <b>{{ company.name }}</b></p>", version=5)
    mine = EnclosureDraft(blob_id=0, content=b"%PDF-1.7 parcel", name="Parcel.pdf")

    def keep():
        paper = Paper.objects.create(customer=customer, blob=parcel, name="Parcel.pdf")
        return [replace(mine, blob_id=parcel.pk, paper_id=paper.pk)]

    parcels.odd["parcel:1"] = {"enclosures": (mine,), "keep": keep}
    row = change(1, "sent", sent)
    fire_due()
    row.refresh_from_db()
    letter = row.message
    assert [(each.recipient, each.role) for each in letter.deliveries.order_by("pk")] == [
        ("cleo@sviesa.example", "to"),
        ("copy@vaivorykste.example", "bcc"),
    ]
    assert [(each.name, each.paper is None) for each in letter.enclosures.order_by("position")] == [
        ("Parcel.pdf", False),
        ("Terms.pdf", True),
    ]
    assert (letter.concerns, letter.kind) == ("parcel:1", "event")
    assert "<b>Vaivorykštė UAB</b>" in (read_letter(sealed_bytes(letter)).html or "")
