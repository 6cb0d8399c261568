"""Places that send: restores, copies and strangers are told apart, and each journal is read before letters leave."""

import datetime as dt
import shutil

import pytest
from django.urls import reverse
from django.utils import timezone

from depesa.core.errors import Refused
from depesa.outbox import journal
from depesa.outbox.models import Attempt, Delivery, Departed, Enclosure, Installation, Message, Place, State
from depesa.outbox.services import deliver_due, end_quarantine, examine, quarantine
from depesa.outbox.services.places import here, journal_folder
from depesa.outbox.services.quarantine import places_awaited
from tests.processes import DEAD

pytestmark = pytest.mark.django_db


@pytest.fixture
def at(settings, tmp_path):
    """Go to a place: a computer with a data folder of its own, on the same database."""

    def go(name):
        settings.DEPESA_DATA_DIR = tmp_path / name
        settings.DEPESA_DATA_DIR.mkdir(exist_ok=True)
        quarantine._sound.clear()
        return settings.DEPESA_DATA_DIR

    return go


def permits(*numbers, message=None, delivery=999):
    """What the journal of this place holds beyond what was sent here."""
    kept = journal.Journal(journal_folder(), DEAD)
    kept.permits(
        journal.Permit(
            1,
            number,
            f"t-{number}",
            delivery,
            1,
            message or f"<event{number}.1@x.example>",
            "2011-07-05T12:00:00+00:00",
        )
        for number in numbers
    )
    kept.close()


def restored(last_permit):
    """The database as an earlier backup has it."""
    Installation.objects.update(last_permit=last_permit)
    Place.objects.update(last_permit=last_permit, seen_at=timezone.now() - dt.timedelta(hours=1))


@pytest.fixture
def two_hosts(at, settings, write, monkeypatch):
    """Letters have left from a and from b, and the database was restored from before b's last ones and a's last one."""
    monkeypatch.setattr(quarantine, "is_shared", lambda: True)
    settings.DEPESA_INSTALLATION = str(Installation.objects.get().identity)
    at("a")
    assert examine() == ""
    permits(1, 2, 5)
    at("b")
    assert examine() == ""
    permits(3, 4, 6)
    restored(last_permit=4)
    return at


def test_every_journal_of_a_restored_database_is_read_before_letters_leave(two_hosts, ada):
    two_hosts("a")
    assert "older than its permit journal" in examine()
    assert [each["message_id"] for each in report()] == ["<event5.1@x.example>"]
    with pytest.raises(Refused, match="journals there have not been read"):
        end_quarantine(by=ada)
    two_hosts("b")
    assert deliver_due() == 0
    assert [each["message_id"] for each in report()] == ["<event5.1@x.example>", "<event6.1@x.example>"]
    assert deliver_due() == 0
    assert len(report()) == 2, "once a quarantine"
    end_quarantine(by=ada)
    assert Installation.objects.get().last_permit == 6
    for place in ("a", "b"):
        two_hosts(place)
        assert examine() == ""


def report():
    return Installation.objects.get().quarantine_report["unrecorded"]


def test_a_place_whose_journal_is_lost_is_said_to_be_so_by_a_person(two_hosts, ada, client):
    two_hosts("a")
    assert examine()
    client.force_login(ada)
    page = client.get(reverse("outbox:quarantine")).text
    (other,) = places_awaited()
    assert f'name="lost" value="{other.pk}"' in page
    client.post(reverse("outbox:quarantine_end"))
    assert Installation.objects.get().quarantined_at
    client.post(reverse("outbox:quarantine_end"), {"lost": ["x", other.pk]})
    assert not Installation.objects.get().quarantined_at


def test_a_page_host_without_journals_ends_it_for_good(two_hosts, ada):
    for place in ("a", "b"):
        two_hosts(place)
        examine()
    two_hosts("pages")
    end_quarantine(by=ada)
    for place in ("a", "b", "a"):
        two_hosts(place)
        assert examine() == ""


def test_with_a_setting_the_identity_stays_what_the_setting_says(two_hosts, ada, settings):
    settings.DEPESA_INSTALLATION = "0c0ffee0-0000-4000-8000-000000000000"
    Place.objects.update(last_permit=0)
    two_hosts("a")
    assert "another installation" in examine()
    end_quarantine(by=ada, lost=[place.pk for place in places_awaited()])
    assert str(Installation.objects.get().identity) == settings.DEPESA_INSTALLATION
    assert examine() == ""


def sent(at, write):
    """A letter has left from a."""
    folder = at("a")
    write("a@sink.example")
    assert deliver_due() == 1
    return folder


def test_a_copy_of_the_whole_folder_sends_nothing(at, write, sink):
    folder = sent(at, write)
    write("b@sink.example")
    shutil.copytree(folder, folder.with_name("copy"))
    at("copy")
    assert "a copy or a restore of everything" in examine()
    assert deliver_due() == 0
    assert len(sink.taken) == 1


def test_a_folder_that_was_put_back_as_a_whole_sends_nothing(at, write, sink):
    folder = sent(at, write)
    write("b@sink.example")
    shutil.copytree(folder, folder.with_name("backup"))
    shutil.rmtree(folder)
    for number in range(50):  # take the numbers that the file system gives again
        folder.with_name(f"between{number}").mkdir()
    shutil.copytree(folder.with_name("backup"), folder)
    at("a")
    assert "a copy or a restore of everything" in examine()
    assert deliver_due() == 0


def test_a_database_and_its_identity_without_the_journal_send_nothing(at, write, sink):
    folder = sent(at, write)
    write("b@sink.example")
    Place.objects.update(seen_at=timezone.now() - dt.timedelta(hours=1))
    elsewhere = at("elsewhere")
    shutil.copy(folder / "installation.id", elsewhere)
    assert "a copy or a restore of everything" in examine()
    assert deliver_due() == 0


@pytest.mark.parametrize("is_emptied", [True, False])
def test_a_journal_that_is_gone_is_noticed_at_the_start(at, write, is_emptied, ada):
    sent(at, write)
    Place.objects.update(last_permit=1)
    shutil.rmtree(journal_folder())
    if is_emptied:
        journal_folder().mkdir()
    at("a")
    assert "journal of this place is gone" in examine()
    end_quarantine(by=ada)
    at("a")
    assert examine() == ""


def test_a_place_says_what_its_journal_holds_only_when_it_does(at, write):
    at("a")
    for number in range(3):
        write(f"c{number}@sink.example")
    deliver_due()
    place = Place.objects.get(key=here())
    assert 0 < place.last_permit <= journal.highest(journal.books(journal_folder()).values()) == 3


def test_a_stranger_beside_a_place_at_work_sends_nothing_and_stops_nobody(at, write, sink, client, cleo):
    sent(at, write)
    write("b@sink.example")
    stranger = at("stranger")
    assert "leave from another place" in examine()
    assert deliver_due() == 0
    client.force_login(cleo)
    assert str(stranger) in client.get(reverse("customers:customers")).text, "whatever page is open"
    at("a")
    assert examine() == ""
    assert deliver_due() == 1
    assert len(sink.taken) == 2


def test_what_left_before_the_restore_is_held_when_it_is_posted_again(at, write, sink, ada):
    at("a")
    message = write("a@sink.example")
    key = message.dedupe_key
    assert deliver_due() == 1
    message_id = message.message_id
    for model in (Attempt, Delivery, Enclosure, Message):
        model.objects.all().delete()
    Installation.objects.update(last_permit=0)
    Place.objects.update(last_permit=0)
    at("a")
    assert examine()
    assert [each["message_id"] for each in report()] == [message_id]
    end_quarantine(by=ada)
    again = write("a@sink.example", dedupe_key=key)
    assert again.message_id.partition(".")[0] == message_id.partition(".")[0]
    delivery = again.deliveries.get()
    assert delivery.state == State.HELD
    assert "before the database was restored" in delivery.reason
    assert deliver_due() == 0
    assert len(sink.taken) == 1
    other = write("b@sink.example")
    assert other.deliveries.get().state == State.QUEUED
    assert Departed.objects.count() == 1


@pytest.mark.parametrize("is_journal_first", [True, False])
def test_a_permit_that_is_given_while_a_worker_starts_is_no_restore(at, write, monkeypatch, is_journal_first):
    """What is written last is read first: the place, then its journals, then the installation."""
    sent(at, write)
    books = journal.books

    def meanwhile(folder):
        found = books(folder) if is_journal_first else {}
        permits(2)
        Installation.objects.update(last_permit=2)
        Place.objects.update(last_permit=2)
        return found or books(folder)

    monkeypatch.setattr(journal, "books", meanwhile)
    at("a")
    assert examine() == ""
    assert not Delivery.objects.exclude(state=State.ACCEPTED).exists()
