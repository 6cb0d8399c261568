"""Leases: who holds a row, who steps over it, and what becomes of the rows of the dead."""

import datetime as dt
import os
import subprocess
import threading
from pathlib import Path

import pytest
from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone

from depesa.core.leases import claim, claimed, free, free_of_the_dead
from depesa.core.processes import is_dead, me
from depesa.imports.models import ImportBatch
from tests import processes

HOLD = dt.timedelta(minutes=5)
DEAD = f"{processes.DEAD}#1"
ELSEWHERE = "another-host/1/1/alive#1"


def rows(count):
    return [ImportBatch.objects.create(file_name=f"{number}.csv", sha256="").pk for number in range(count)]


def held(owner, until=HOLD):
    ImportBatch.objects.update(held_by=owner, held_until=timezone.now() + until)


def waiting():
    return ImportBatch.objects.filter(problem="")


@pytest.mark.django_db
def test_two_turns_of_one_process_never_take_the_same_row():
    first, second, third = rows(3)
    mine, other = claim(waiting(), 2, HOLD), claim(waiting(), 2, HOLD)
    assert (mine.keys, other.keys) == ([first, second], [third])
    assert mine.token != other.token
    row = ImportBatch.objects.get(pk=first)
    assert (row.held_by, row.holder, row.is_abandoned) == (mine.token, me(), False)


@pytest.mark.django_db
def test_rows_are_taken_in_the_order_that_was_asked_for_and_changed_at_once():
    first, second, third = rows(3)
    ImportBatch.objects.filter(pk=first).update(progress=9)
    mine = claim(waiting(), 2, HOLD, order=("progress", "-pk"), progress=F("progress") + 1)
    assert list(mine.keys) == [third, second]
    assert list(waiting().order_by("pk").values_list("progress", flat=True)) == [9, 1, 1]


@pytest.mark.django_db
def test_what_is_let_go_is_free_at_once_and_only_that():
    first, second = rows(2)
    mine, other = claim(waiting(), 1, HOLD), claim(waiting(), 1, HOLD)
    free(ImportBatch, mine.token)
    assert claim(waiting(), 5, HOLD).keys == [first]
    assert ImportBatch.objects.get(pk=second).held_by == other.token


@pytest.mark.django_db
def test_a_block_lets_go_even_if_it_fails():
    (only,) = rows(1)

    def fail():
        with claimed(waiting(), 1, HOLD) as mine:
            assert mine.keys == [only]
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert ImportBatch.objects.get().held_by == ""


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("owner", "until", "is_taken"),
    [(DEAD, HOLD, True), (ELSEWHERE, HOLD, False), (ELSEWHERE, -HOLD, True)],
    ids=["the dead", "somebody elsewhere", "somebody silent for too long"],
)
def test_the_rows_of_others(owner, until, is_taken):
    keys = rows(1)
    held(owner, until)
    assert ImportBatch.objects.get().is_abandoned == is_taken
    with claimed(waiting(), 1, HOLD) as mine:
        assert mine.keys == (keys if is_taken else [])


def test_who_was_killed_is_dead_even_if_nobody_asks_what_became_of_it():
    with subprocess.Popen(["sleep", "60"]) as child:
        started = Path(f"/proc/{child.pid}/stat").read_text().rpartition(")")[2].split()[19]
        owner = processes.DEAD.replace("/99999999/1/", f"/{child.pid}/{started}/")
        assert not is_dead(owner)
        child.kill()
        os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
        assert is_dead(owner)


@pytest.mark.django_db
def test_only_the_rows_of_the_dead_are_let_go():
    first, second = rows(2)
    held(DEAD)
    ImportBatch.objects.filter(pk=second).update(held_by=ELSEWHERE)
    free_of_the_dead(ImportBatch)
    assert dict(ImportBatch.objects.values_list("pk", "held_by")) == {first: "", second: ELSEWHERE}


@pytest.mark.django_db(transaction=True)
def test_others_step_over_locked_rows_instead_of_waiting():
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer")
    first, second = rows(2)
    taken = []

    def elsewhere():
        taken.extend(claim(waiting(), 2, HOLD).keys)
        connection.close()

    with transaction.atomic():
        ImportBatch.objects.select_for_update(no_key=True).get(pk=first)
        thread = threading.Thread(target=elsewhere)
        thread.start()
        thread.join(20)
    assert taken == [second]
