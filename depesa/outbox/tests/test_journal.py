"""The permit journal on a bad day: torn lines, a full disk, a deleted file, and what it proves about the dot."""

import errno
import os
from contextlib import contextmanager
from threading import Thread
from types import SimpleNamespace
from zlib import crc32

import pytest
from django.db import OperationalError, transaction

from depesa.core.processes import BOOT, me
from depesa.outbox import journal
from depesa.outbox.models import Delivery, Place, State
from depesa.outbox.services import deliver_due, deliveries, examine, ledger, reap
from depesa.outbox.services.places import journal_folder
from tests.processes import DEAD

pytestmark = pytest.mark.django_db
PERMIT = journal.Permit(1, 1, "t-1", 5, 1, "<a@vaivorykste.example>", "2011-07-05T12:00:00+00:00")
ANSWER = journal.Answer("t-1", 250, "2.0.0", "ok")


@pytest.fixture
def file(tmp_path):
    """A journal with one whole letter in it."""
    kept = journal.Journal(tmp_path, DEAD)
    kept.permits([PERMIT])
    assert kept.dot("t-1")
    assert kept.answer(ANSWER)
    kept.close()
    return kept.path


def test_what_was_written_is_read(file):
    book = journal.book_of(file)
    assert (book.boot, book.permits, book.dots, book.answers) == (BOOT, [PERMIT], {"t-1"}, {"t-1": ANSWER})
    assert not book.torn
    assert not file.read_bytes().endswith(b"\0"), "the room that was not needed is given back"
    assert journal.owner_of(file) == DEAD


@pytest.mark.parametrize(
    "torn",
    [
        b"P\t1\t44\tabcdR\tabcdef012345-7\t250\t2.0.0\tok\n",
        b"P\t1\tx\tt-2\t5\t1\t<b@x>\t2011\t00000000\n",
        b"R\tt-1\t550\t5.0.0\tno\t12345678\n",
        b"\xff\xfe\x00\x01\n",
        b"\0" * 5000,
        b"D\tt-9\t",
    ],
)
def test_a_line_that_was_torn_is_passed_over_and_what_follows_is_read(file, torn):
    whole = file.read_bytes()
    file.write_bytes(whole + torn + (b"" if torn.endswith(b"\n") else b"\n") + whole.splitlines(keepends=True)[1])
    book = journal.book_of(file)
    assert (book.permits, book.dots, book.answers) == ([PERMIT, PERMIT], {"t-1"}, {"t-1": ANSWER})
    assert len(book.torn) <= 1


def test_every_byte_that_is_changed_is_noticed(file):
    whole = file.read_bytes()
    for place in range(len(whole)):
        file.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        book = journal.book_of(file)
        assert set(book.permits) <= {PERMIT}
        assert set(book.answers.values()) <= {ANSWER}
        assert book.torn


def test_a_process_that_opens_its_journal_again_goes_on_behind_the_last_whole_line(tmp_path):
    first = journal.Journal(tmp_path, me())
    first.permits([PERMIT])
    with first.path.open("ab") as file:
        file.write(b"P\t1\t2\tt-2")  # killed in the middle: neither closed nor cut back
    second = journal.Journal(tmp_path, me())
    second.dot("t-1")
    second.close()
    book = journal.book_of(second.path)
    assert (book.permits, book.dots) == ([PERMIT], {"t-1"})
    assert not book.torn


def test_what_is_heard_is_written_down_while_the_disk_still_takes_permits(tmp_path, monkeypatch):
    kept = journal.Journal(tmp_path, DEAD)
    heard = []

    def slow(_file):
        note = Thread(target=lambda: heard.append(kept.answer(ANSWER)), daemon=True)
        note.start()
        note.join(10)
        heard.append("synced")

    monkeypatch.setattr(journal.os, "fdatasync", slow)
    kept.permits([PERMIT])
    assert heard == [True, "synced"]


def full(*_arguments, **_options):
    raise OSError(errno.ENOSPC, "No space left on device")


def test_half_a_line_on_a_full_disk_is_written_over(tmp_path, monkeypatch):
    kept = journal.Journal(tmp_path, DEAD)
    write, room = os.pwrite, iter([9])

    def until_full(file, data, at):
        bytes_left = next(room, None)
        return write(file, data[:bytes_left], at) if bytes_left else full()

    monkeypatch.setattr(os, "pwrite", until_full)
    with pytest.raises(OSError, match="No space"):
        kept.permits([PERMIT] * 3)
    monkeypatch.undo()
    kept.permits([PERMIT])
    kept.close()
    book = journal.book_of(kept.path)
    assert (book.permits, book.torn) == ([PERMIT], [])


def test_full_disk_at_a_permit_sends_nothing_and_makes_nothing_uncertain(write, sink, monkeypatch):
    messages = [write(f"c{number}@sink.example") for number in range(20)]
    monkeypatch.setattr(journal.Journal, "permits", full)

    deliver_due()

    assert not sink.taken
    states = Delivery.objects.filter(message__in=messages).values_list("state", "attempts").distinct()
    assert list(states) == [(State.QUEUED, 0)]
    assert "no space left for the permit journal" in Place.objects.get().trouble
    monkeypatch.undo()
    assert deliver_due() == 20
    assert Place.objects.get().trouble == ""


@pytest.mark.parametrize("call", ["posix_fallocate", "pwrite", "fsync"])
def test_a_disk_that_is_full_before_is_known_before_a_letter_is_leased(write, sink, monkeypatch, call):
    write("a@sink.example")
    monkeypatch.setattr(os, call, full)
    assert deliver_due() == 0
    assert Delivery.objects.get().state == State.QUEUED
    assert not sink.taken
    monkeypatch.undo()
    assert deliver_due() == 1


def test_the_notice_of_a_full_disk_goes_with_it_even_if_nothing_is_left_to_send(write, monkeypatch):
    write("a@sink.example")
    monkeypatch.setattr(os, "pwrite", full)
    deliver_due()
    Delivery.objects.update(state=State.CANCELLED)  # or another process of this place has sent it meanwhile
    deliver_due()
    assert Place.objects.get().trouble
    monkeypatch.undo()
    deliver_due()
    assert Place.objects.get().trouble == ""


def test_a_dot_that_cannot_be_journalled_is_not_sent(write, sink, monkeypatch):
    write("a@sink.example")
    monkeypatch.setattr(journal.Journal, "dot", lambda _self, _token: False)
    stops = iter([False, False, True])
    deliver_due(should_stop=lambda: next(stops, True))
    assert not sink.taken
    assert Delivery.objects.get().state == State.QUEUED


def test_a_deleted_journal_is_made_anew_with_what_is_under_way(tmp_path):
    kept = journal.Journal(tmp_path, DEAD)
    kept.permits([PERMIT])
    kept.dot("t-1")
    assert kept.is_there()
    kept.path.unlink()
    assert not kept.is_there()
    book = journal.book_of(kept.path)
    assert (book.permits, book.dots) == ([PERMIT], {"t-1"})
    kept.forget(["t-1"])
    kept.path.unlink()
    tmp_path.joinpath("other").mkdir()
    assert not kept.is_there()
    assert journal.book_of(kept.path).permits == []
    kept.close()


def left_by(owner, message, token="dead-1"):
    Delivery.objects.filter(message=message).update(
        state=State.HANDING_OVER, lease_token=token, held_by=owner, permit_seq=1, attempts=1
    )


@pytest.mark.parametrize(
    ("events", "state"),
    [([], State.QUEUED), (["dot"], State.UNKNOWN), (["dot", "answer"], State.ACCEPTED)],
)
@pytest.mark.parametrize("owner", [DEAD, "our own desk, closed"])
def test_who_is_gone_leaves_uncertain_only_what_the_server_had_the_dot_of(write, events, state, owner):
    message = write("a@sink.example")
    owner = owner if owner == DEAD else me()
    kept = journal.Journal(journal_folder(), owner)
    kept.permits([journal.Permit(1, 1, "dead-1", message.deliveries.get().pk, 1, message.message_id, "2011-07-05")])
    if "dot" in events:
        kept.dot("dead-1")
    if "answer" in events:
        kept.answer(journal.Answer("dead-1", 250, "", "ok"))
    kept.close()
    left_by(owner, message)
    assert reap() == 1
    assert message.deliveries.get().state == state


def test_after_a_power_cut_the_journal_proves_no_dot_that_it_lacks(write, monkeypatch):
    message = write("a@sink.example")
    monkeypatch.setattr(journal, "BOOT", "earlier")
    kept = journal.Journal(journal_folder(), DEAD)
    kept.permits([journal.Permit(1, 1, "dead-1", message.deliveries.get().pk, 1, message.message_id, "2011-07-05")])
    kept.close()
    monkeypatch.undo()
    left_by(DEAD, message)
    assert reap() == 1
    assert message.deliveries.get().state == State.UNKNOWN


def test_a_worker_that_hangs_is_believed_nothing(write):
    """Its lease is over, but it may still come to the dot."""
    message = write("a@sink.example")
    kept = journal.Journal(journal_folder(), "another/machine/boot/space/1/1/alive")
    left_by("another/machine/boot/space/1/1/alive", message)
    Delivery.objects.update(held_until="2011-07-05T12:00:00+00:00")
    assert reap() == 1
    assert message.deliveries.get().state == State.UNKNOWN
    kept.close()


def test_who_has_ended_in_another_namespace_sent_no_dot_that_its_journal_lacks(write):
    """As after a restart of a container: the lock is gone, although the number of the process says nothing here."""
    message = write("a@sink.example")
    journal.Journal(journal_folder(), "another/machine/boot/space/1/1/gone").close()
    left_by("another/machine/boot/space/1/1/gone", message)
    Delivery.objects.update(held_until="2011-07-05T12:00:00+00:00")
    assert reap() == 1
    assert message.deliveries.get().state == State.QUEUED


def test_while_a_desk_is_open_its_leases_are_left_alone(write):
    left_by(me(), write("a@sink.example"))
    with ledger.open_desk():
        assert reap() == 0


def test_an_answer_that_this_place_heard_settles_what_another_place_called_uncertain(write):
    message = write("a@sink.example")
    assert examine() == ""
    kept = journal.Journal(journal_folder(), DEAD)
    kept.dot("dead-1")
    kept.answer(journal.Answer("dead-1", 250, "", "ok"))
    kept.close()
    Delivery.objects.filter(message=message).update(state=State.UNKNOWN, lease_token="dead-1", permit_seq=1)
    assert examine() == ""
    assert message.deliveries.get().state == State.ACCEPTED


@pytest.fixture
def elsewhere(write):
    """Called with what a worker of this place writes: another place has called its letter uncertain meanwhile."""
    message = write("a@sink.example")
    assert examine() == ""

    def called_uncertain(*, dot=False):
        owner = "another/machine/boot/space/1/1/gone"  # nobody can tell from its name that it is dead
        kept = journal.Journal(journal_folder(), owner)
        kept.permits([journal.Permit(1, 0, "gone-1", message.deliveries.get().pk, 1, message.message_id, "2011-07-05")])
        if dot:
            kept.dot("gone-1")
        left_by(owner, message, "gone-1")
        Delivery.objects.update(held_until="2011-07-05T12:00:00+00:00")
        assert reap() == 1
        assert message.deliveries.get().state == State.UNKNOWN
        return kept, message

    return called_uncertain


def test_who_comes_back_and_surely_sent_no_dot_lets_the_letter_wait_again(elsewhere):
    kept, message = elsewhere()
    kept.close()
    assert examine() == ""
    row = message.deliveries.get()
    assert (row.state, row.lease_token, row.held_by) == (State.QUEUED, None, "")
    assert list(row.evidence.values_list("kind", "verdict")) == [("journal", "not-accepted")]
    assert list(row.tries.values_list("outcome", "phase")) == [("queued", "permit")]
    assert examine() == ""
    assert row.evidence.count() == 1


def test_a_dot_that_was_written_down_stays_uncertain(elsewhere):
    kept, message = elsewhere(dot=True)
    kept.close()
    assert examine() == ""
    assert message.deliveries.get().state == State.UNKNOWN


def test_while_somebody_may_still_send_the_dot_it_stays_uncertain(elsewhere):
    kept, message = elsewhere()
    assert examine() == ""
    assert message.deliveries.get().state == State.UNKNOWN
    kept.close()


def copied(path):
    content = path.read_bytes()
    path.rename(path.with_suffix(".old"))
    path.write_bytes(content)


def of_an_earlier_boot(path):
    content = path.read_bytes()
    head, rest = content.split(b"\n", 1)
    cells = head.split(b"\t")[:-1]
    text = b"\t".join([cells[0], b"earlier", *cells[2:]])
    path.write_bytes(text + f"\t{crc32(text):08x}\n".encode() + rest)


def damaged(path):
    path.write_bytes(path.read_bytes() + b"D\tgone-1\tffffffff\n")


@pytest.mark.parametrize("change", [copied, of_an_earlier_boot, damaged])
def test_a_journal_that_may_lack_a_line_proves_no_dot_unsent(elsewhere, change):
    kept, message = elsewhere()
    kept.close()
    change(kept.path)
    assert examine() == ""
    assert message.deliveries.get().state == State.UNKNOWN


def test_after_a_restore_an_attempt_that_nobody_knows_here_proves_nothing(elsewhere):
    kept, message = elsewhere()
    kept.close()
    message.deliveries.get().tries.all().delete()
    assert examine() == ""
    assert message.deliveries.get().state == State.UNKNOWN


def test_what_was_heard_waits_while_the_database_does_not_answer(write, sink, monkeypatch):
    for number in range(12):
        write(f"c{number}@sink.example")
    faults, atomic = iter(["before", "committed", "before", "committed", "committed", "before"]), transaction.atomic
    waits = []

    @contextmanager
    def cut():
        fault = next(faults, "")
        if fault == "before":
            raise OperationalError("the server is away")
        with atomic():
            yield
        if fault == "committed":  # it stands there, and nobody told us
            raise OperationalError("the connection was cut")

    monkeypatch.setattr(deliveries, "transaction", SimpleNamespace(atomic=cut))
    monkeypatch.setattr(deliveries, "connection", SimpleNamespace(close=lambda: waits.append("closed")))
    monkeypatch.setattr(deliveries.time, "sleep", lambda _seconds: None)

    deliver_due()

    assert len(waits) == 6
    assert list(Delivery.objects.values_list("state", flat=True).distinct()) == [State.ACCEPTED]
    assert len(sink.taken) == len({taken.recipient for taken in sink.taken}) == 12
    assert not Delivery.objects.exclude(tries__outcome=State.ACCEPTED).exists()
