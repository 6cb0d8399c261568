"""A button is pressed once, by however many hands at once."""

import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from depesa.core.errors import Refused
from depesa.core.models import Blob, Press
from depesa.core.presses import forget_presses, once


def made(name="a"):
    return Blob.objects.create(sha256=name, content=b"", size=0)


@pytest.mark.django_db
def test_pressed_again_what_it_made_comes_back():
    first = once("k", made)
    assert once("k", lambda: made("b")) == first
    assert Blob.objects.count() == 1


@pytest.mark.django_db
def test_what_was_made_may_be_gone_or_no_row():
    once("k", made).delete()
    assert once("k", made) is None
    assert once("other", lambda: 5) == 5
    assert once("other", made) is None
    assert not Blob.objects.exists()


@pytest.mark.django_db
def test_a_refused_press_is_good_for_another_try():
    def refuse():
        made()
        raise Refused

    with pytest.raises(Refused):
        once("k", refuse)
    assert not Blob.objects.exists()
    assert once("k", made).pk


@pytest.mark.django_db(transaction=True)
def test_of_many_at_once_one_makes():
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer")
    barrier, found = threading.Barrier(4), []

    def press():
        barrier.wait()
        found.append(once("k", made).pk)
        connection.close()

    threads = [threading.Thread(target=press) for _hand in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(found), len(set(found)), Blob.objects.count()) == (4, 1, 1)


@pytest.mark.django_db
def test_old_presses_are_forgotten():
    once("k", made)
    Press.objects.update(at=timezone.now() - timedelta(days=8))
    assert forget_presses() == 0
    assert not Press.objects.exists()
