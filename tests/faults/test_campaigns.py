"""The campaigns of `make faults`, each so small that it takes seconds: the promise holds, and the controls break it."""

import pytest

from tests.faults.campaigns import changes, clocks, disks, hosts, kills, outages, restores, servers, visitors
from tests.faults.campaigns.room import NotPermittedError
from tests.faults.campaigns.stage import DATABASE, Row, stage

# Whoever is killed when is chance: a second try, as in the browser.
pytestmark = [pytest.mark.slow, pytest.mark.flaky(reruns=1)]


@pytest.fixture
def desk(migrated_template, tmp_path):
    with stage(migrated_template, tmp_path) as desk:
        yield desk


def test_killed_at_random_nothing_is_lost_or_doubled_and_uncertain_only_what_nobody_can_know(desk):
    row = kills.kills(desk, letters=400, seed=11)
    assert row.problems() == []
    assert len(desk.sink.taken) == 400


def test_who_sends_and_then_marks_doubles_under_the_same_kills(desk):
    assert kills.sends_then_marks(desk, letters=400, seed=11).doubled


@pytest.mark.parametrize("name", changes.CHANGES)
def test_work_that_is_killed_at_random_is_done_once_and_whole_by_the_next_call(desk, name):
    assert changes.CHANGES[name](desk, letters=24, seed=11).problems() == []


@pytest.mark.parametrize("point", ["before-dot", "answer-journalled"])
def test_without_a_journal_it_is_not_known_what_left(desk, point):
    desk.post(20)
    desk.ended(desk.start(kills.WITHOUT_JOURNAL, DEPESA_KILL_AT=point))
    desk.start(kills.WITHOUT_JOURNAL)
    desk.settled()
    row = desk.judged(Row("control", 20, "1 kill"))
    assert (row.lost, row.doubled, row.unflagged) == (0, 0, 0)
    assert row.not_sent + row.read


@pytest.mark.parametrize("outage", [outages.away, outages.cut, outages.locked, outages.idle])
def test_while_the_database_does_not_answer_nothing_becomes_uncertain(desk, outage):
    if DATABASE == "SQLite" and outage is not outages.locked:
        pytest.skip("SQLite has no sessions")
    assert outage(desk, letters=150, seconds=3).problems() == []


@pytest.mark.parametrize(
    ("fault", "disk", "count"),
    [(disks.journal, 0, 250), (disks.data, 32, 150), (disks.posting, 32, 50), (disks.importing, 32, 300)],
)
def test_on_a_full_disk_nothing_becomes_uncertain_and_all_goes_on_by_itself(
    migrated_template, tmp_path, fault, disk, count
):
    if DATABASE == "PostgreSQL" and disk:
        pytest.skip("the disk of PostgreSQL is not ours to fill")
    try:
        with stage(migrated_template, tmp_path, disk=disk) as desk:
            assert fault(desk, letters=count, seconds=3).problems() == []
    except NotPermittedError as reason:
        pytest.skip(str(reason))


@pytest.mark.parametrize("fault", [servers.hangs_up, servers.few_connections, servers.bad_ones])
def test_what_is_wrong_with_a_server_or_a_letter_keeps_to_itself(desk, fault):
    assert fault(desk, letters=60).problems() == []


@pytest.mark.skipif(DATABASE == "PostgreSQL", reason="a file is copied and put back")
@pytest.mark.parametrize("restore", restores.RESTORES)
def test_after_a_restore_and_in_a_copy_nothing_leaves_before_a_person_has_read_why(desk, restore):
    assert restore(desk, letters=40).problems() == []


@pytest.mark.skipif(DATABASE == "SQLite", reason="one computer alone has its database")
@pytest.mark.parametrize("name", hosts.HOSTS)
def test_several_computers_send_each_letter_once(desk, name):
    try:
        assert hosts.HOSTS[name](desk, letters=40).problems() == []
    except NotPermittedError as reason:
        pytest.skip(str(reason))


@pytest.mark.parametrize("name", clocks.JUMPS)
def test_a_clock_that_jumps_makes_nothing_uncertain(desk, name, monkeypatch):
    monkeypatch.setattr(clocks, "REAPED", 1)
    assert clocks.JUMPS[name](desk, letters=60).problems() == []


@pytest.mark.skipif(DATABASE == "PostgreSQL", reason="the files of PostgreSQL are not ours")
@pytest.mark.parametrize("table", ["outbox_delivery", "outbox_message", "outbox_channel", "django_migrations"])
def test_on_a_damaged_file_nobody_works_and_check_says_so(desk, table):
    assert outages.damaged(desk, letters=30, table=table).problems() == []


def test_while_visitors_look_at_the_shop_pages_answer_and_letters_go_on(desk):
    assert visitors.visitors(desk, letters=600, count=30).problems() == []
