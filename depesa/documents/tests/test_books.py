"""Closing the books while others post: whoever was first is done, and the other one sees it."""

import pytest

from tests.faults.database import own_database, python
from tests.faults.processes import Apart

pytestmark = pytest.mark.slow

SALES = """
from depesa.statements.tests.conftest import make_customer, sell
for number in range(3):
    sell(make_customer(f"C-{number}"), posting="not-posted")
"""
ACTS = """
import datetime as dt, sys, time
from pathlib import Path
from django.db import transaction
from depesa.documents.models import Document
from depesa.documents.services import post, save_books

act, place, folder = sys.argv[1], sys.argv[2], Path(sys.argv[3])

def do():
    if act == "close":
        save_books(dt.date(2011, 6, 30), by=None)
    else:
        post(Document.objects.values_list("pk", flat=True), by=None)

def wait(name, seconds):
    until = time.monotonic() + seconds
    while not (folder / name).exists() and time.monotonic() < until:
        time.sleep(0.01)

if place == "first":
    with transaction.atomic():
        do()
        (folder / "begun").touch()
        wait("ended", 1)  # in vain, for the other one waits
else:
    wait("begun", 60)
    do()
    print(Document.objects.posted().count())
    (folder / "ended").touch()
"""


@pytest.mark.parametrize(("acts", "seen"), [(("post", "close"), "3"), (("close", "post"), "0")])
def test_who_closes_waits_for_who_posts_and_the_other_way_round(migrated_template, tmp_path, acts, seen):
    with own_database(migrated_template, tmp_path) as environment:
        assert python(environment, SALES).returncode == 0
        first, second = (
            Apart(environment, ACTS, act, place, str(tmp_path))
            for act, place in zip(acts, ("first", "second"), strict=True)
        )
        ends = first.ended(), second.ended()
    assert [end.returncode for end in ends] == [0, 0], ends[0].stderr + ends[1].stderr
    assert ends[1].stdout.strip() == seen
