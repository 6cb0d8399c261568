"""A row at which memory or the database gives up is refused alone; a machine in need is the fault of no row."""

import gc
import logging
import sqlite3
import weakref

import pytest
from django.db import IntegrityError, OperationalError, connection, transaction

from depesa.catalog.models import Category
from depesa.core.batches import each_alone
from depesa.core.languages import speaking
from depesa.core.reasons import kept, said


def refused(failed):
    return f"{failed.row}: {failed.sentence}"


def test_a_row_that_takes_too_much_memory_is_refused_alone(caplog):
    def do(rows):
        if 3 in rows:
            raise MemoryError
        return rows

    with caplog.at_level(logging.ERROR, "depesa.batches"):
        done = each_alone(do, range(6), refused)
    assert [row for row in done if row != done[3]] == [0, 1, 2, 4, 5]
    assert done[3].startswith("3: This one takes more memory than there is here.")
    assert [record.getMessage() for record in caplog.records] == ["3 could not be done"]


def test_what_a_try_held_in_memory_is_given_back_before_the_next():
    held = []

    class Heap:
        pass

    def do(rows):
        gc.collect()
        assert not [each for each in held if each() is not None]
        heap = Heap()
        held.append(weakref.ref(heap))
        if len(rows) > 1:
            raise MemoryError
        return rows

    assert each_alone(do, range(4), refused) == [0, 1, 2, 3]


def test_a_reason_for_too_much_memory_is_read_by_each_in_his_language():
    def fail(_rows):
        raise MemoryError

    with speaking("lt"):
        (sentence,) = each_alone(fail, [1], lambda failed: kept(failed.sentence))
    with speaking("cs"):
        assert said(sentence).startswith("Toto zabere více paměti")


@pytest.fixture
def rows(db):
    return [Category.objects.create(code=f"c{number}", names={"en": "C"}).pk for number in range(8)]


def move(ids):
    with transaction.atomic():
        for pk in ids:
            Category.objects.filter(pk=pk).update(position=7)
    return ids


@pytest.mark.parametrize("gives_up", [True, False])
def test_a_row_at_which_the_database_gives_up_is_refused_alone(rows, poison, gives_up):
    poison("catalog_category", "UPDATE", f"NEW.id = {rows[5]}", gives_up=gives_up)
    with pytest.raises(OperationalError if gives_up else IntegrityError), transaction.atomic():
        move(rows[5:6])
    done = each_alone(move, rows, refused)
    assert [row for row in done if row in rows] == [*rows[:5], *rows[6:]]
    assert ("gave this one up twice (OperationalError)" in done[5]) == gives_up
    assert list(Category.objects.order_by("pk").values_list("position", flat=True)) == [7] * 5 + [0] + [7] * 2


def test_a_row_that_only_waited_for_another_is_done_at_its_second_try(rows, poison):
    cure = poison("catalog_category", "UPDATE", f"NEW.id = {rows[5]}", gives_up=True)

    def patient(ids):
        try:
            return move(ids)
        except OperationalError:
            if len(ids) == 1:
                cure()
            raise

    assert each_alone(patient, rows, refused) == rows


@pytest.fixture
def lost(transactional_db):
    """Lets the database be away, a server, or locked for all, a file, until the test is over."""
    others, port = [], connection.settings_dict["PORT"]

    def lose():
        if connection.vendor == "sqlite":
            others.append(sqlite3.connect(connection.settings_dict["NAME"], uri=True, isolation_level=None))
            others[0].execute("BEGIN IMMEDIATE")
        else:
            connection.close()
            connection.settings_dict["PORT"] = "1"

    yield lose
    for other in others:
        other.close()
    connection.settings_dict["PORT"] = port
    connection.close()


def test_a_database_that_is_away_stops_the_batch_and_blames_nobody(lost):
    pks = [Category.objects.create(code=f"c{number}", names={"en": "C"}).pk for number in range(4)]
    tried = []

    def do(ids):
        tried.append(ids)
        return move(ids)

    lost()
    with pytest.raises(OperationalError):
        each_alone(do, pks, lambda failed: pytest.fail(f"{failed.row} is to blame"))
    assert tried == [pks]
