"""Two who record at the same time wait for nobody; what one of them shows late is linked nevertheless."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.faults.database import POSTGRESQL, python

pytestmark = [pytest.mark.slow, pytest.mark.skipif(not POSTGRESQL, reason="SQLite has one writer")]

BESIDE = """
import time
from concurrent.futures import ThreadPoolExecutor
from django.db import connection, transaction
from depesa.core.records import Ref
from depesa.history.models import Entry, Head, Link
from depesa.history.services import Fact, link_due, record, verify

def tell(who):
    record([Fact(event="customers.changed", subject=Ref("customer", who), customer_id=1)])

def without_waiting(verb):
    # In a thread, and so over a connection of its own, that waits for no lock longer than a millisecond.
    def run():
        try:
            with transaction.atomic():
                connection.cursor().execute("SET LOCAL lock_timeout = '1ms'")
                return verb()
        finally:
            connection.close()
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(run).result()

def waiting():
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
        return cursor.fetchone()[0]

def subjects():
    return " ".join(Link.objects.order_by("pk").values_list("entry__subject", flat=True))
"""
LATE = """
with transaction.atomic():
    tell("1")  # takes the lower id, and is seen last
    without_waiting(lambda: tell("2"))
    without_waiting(lambda: [tell("3"), tell("4")])
    assert waiting() == 0
    print(without_waiting(link_due), without_waiting(link_due))
print(link_due(), subjects())
tell("5")
print(link_due(), link_due(), subjects())
print(verify().is_whole, verify().length, verify().waiting)
limit = time.monotonic() + 60
while Head.objects.get().settled < Entry.objects.latest("pk").pk:
    link_due()  # settled once every other transaction has ended that runs on the server, in other databases, too
    assert time.monotonic() < limit
"""
FIRST_NUMBER_THEN_ROW = """
with transaction.atomic():
    # Numbers are given out one by one, and the row stands there only later.
    from depesa.core.tables import next_keys
    [key] = next_keys("history_entry", 1)
    without_waiting(lambda: tell("2"))
    for _turn in range(3):
        without_waiting(link_due)
    last = Entry.objects.get()
    last.pk, last.subject = key, "customer:1"
    last.save(force_insert=True)
print(link_due(), subjects(), verify().is_whole)
"""
TWO_LINKING = """
link_due()
tell("1")
with transaction.atomic():
    list(Head.objects.select_for_update(no_key=True).filter(pk=1))  # another process links
    print(without_waiting(link_due))
print(link_due(), subjects())
"""


@pytest.mark.parametrize(
    ("story", "told"),
    [
        (
            LATE,
            [
                "3 0",
                "1 customer:2 customer:3 customer:4 customer:1",
                "1 0 customer:2 customer:3 customer:4 customer:1 customer:5",
                "True 5 0",
            ],
        ),
        (FIRST_NUMBER_THEN_ROW, ["1 customer:2 customer:1 True"]),
        (TWO_LINKING, ["0", "1 customer:1"]),
    ],
    ids=["one who ends late", "a number long before its row", "two who link"],
)
def test_nobody_waits_and_nothing_is_passed_over(desk, story, told):
    done = python(desk, BESIDE + story)

    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == told


MANY = """
for turn in range(40):
    with transaction.atomic():
        tell(str(turn))
    link_due()
"""


def test_four_processes_record_and_link_and_the_chain_is_whole(desk):
    with ThreadPoolExecutor(4) as pool:
        done = list(pool.map(lambda _number: python(desk, BESIDE + MANY), range(4)))
    assert [each.returncode for each in done] == [0] * 4, done[0].stderr
    ended = python(desk, BESIDE + "link_due(); link_due(); print(verify().is_whole, verify().length, verify().waiting)")
    assert ended.stdout.split() == ["True", "160", "0"]
