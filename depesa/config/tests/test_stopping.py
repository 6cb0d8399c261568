"""Whoever is asked to stop ends what is on its way and takes nothing more."""

import datetime as dt
import os
import stat
import subprocess
import sys

import pytest

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
