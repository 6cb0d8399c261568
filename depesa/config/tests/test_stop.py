"""Whoever is asked to stop ends what is on its way and takes nothing more."""

import datetime as dt
import os
import stat
import subprocess
import sys
import threading

import pytest
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper

from depesa.config.schedule import SCHEDULE, Entry, work

pytestmark = pytest.mark.django_db


def test_a_long_verb_is_told_to_stop_while_it_works():
    asked = iter([False, False, False, True, True])
    heard = []

    def carry(should_stop):
        while not should_stop():
            heard.append("one more")
        return len(heard)

    entries = [Entry("carry", carry, dt.timedelta(seconds=1), is_long=True)]
    assert work(until_idle=False, should_stop=lambda: next(asked), entries=entries) == 1
    assert heard == ["one more"]


@pytest.mark.django_db(transaction=True)
def test_what_waits_for_the_computers_of_others_holds_up_no_other_verb():
    answered, rendered = threading.Event(), threading.Event()

    def call(should_stop):
        BaseDatabaseWrapper.close(connection)  # Django leaves those open that lead into memory
        return int(answered.wait(60))

    def render():
        rendered.set()
        return 0

    def is_over():
        if rendered.wait(60):  # while the call goes on
            answered.set()
        return answered.is_set()

    second = dt.timedelta(seconds=1)
    entries = [Entry("call", call, second, is_long=True, is_apart=True), Entry("render", render, second)]
    calls = iter([False] * 8)
    assert work(until_idle=False, should_stop=lambda: next(calls, None) is None and is_over(), entries=entries) == 1
    assert [entry.name for entry in SCHEDULE if entry.is_apart] == ["tell other programs"]


def test_handing_over_letters_is_such_a_verb():
    [deliver] = [entry for entry in SCHEDULE if entry.name == "deliver"]
    assert deliver.is_long
    assert deliver.run(lambda: True) == 0


def test_the_data_folder_is_made_for_its_owner_only_also_with_a_key_from_elsewhere(tmp_path):
    place = tmp_path / "new" / "depesa"
    env = {
        **os.environ,
        "DEPESA_DATA_DIR": str(place),
        "DEPESA_SECRET_KEY": "from elsewhere, and long enough so to be one",
    }
    subprocess.run([sys.executable, "-c", "import depesa.config.settings"], env=env, check=True)
    assert stat.S_IMODE(place.stat().st_mode) == 0o700
    assert list(place.iterdir()) == []


def test_what_is_written_is_for_its_owner_only_also_in_a_folder_that_was_there_before(tmp_path):
    tmp_path.chmod(0o755)
    write = "import depesa.config.settings, pathlib, sys; pathlib.Path(sys.argv[1], 'x').write_text('x')"
    env = {**os.environ, "DEPESA_DATA_DIR": str(tmp_path)}
    subprocess.run([sys.executable, "-c", write, str(tmp_path)], env=env, check=True, umask=0o022)
    assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()} == {0o600}
