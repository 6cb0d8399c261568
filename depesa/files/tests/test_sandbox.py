"""Files that hang, grow or crash end their process, and nobody else."""

import io
import os
import signal
import threading
import time
from pathlib import Path

import pytest
from PIL import Image

from depesa.files import pdfs, pictures, sandbox
from depesa.files.sandbox import NotOpened, open_apart
from depesa.files.tests import strangers
from depesa.files.tests.bombs import nested, png

HONEST = nested(1)


def test_an_honest_file_is_opened():
    assert open_apart(pdfs.count, HONEST).facts == 1
    (picture,) = open_apart(pdfs.draw, HONEST, 1.0, 1, 5).parts
    assert Image.open(io.BytesIO(picture)).size == (200, 200)


@pytest.mark.parametrize("function", [strangers.hang, strangers.grow, strangers.crash])
def test_what_hangs_grows_or_crashes_ends_its_process_and_the_next_file_is_opened(function):
    with pytest.raises(NotOpened):
        open_apart(function, b"%PDF-", seconds=1)
    assert open_apart(pdfs.count, HONEST).facts == 1


def test_such_a_file_is_not_tried_again():
    with pytest.raises(NotOpened):
        open_apart(strangers.hang, b"once", seconds=1)
    began = time.process_time()
    with pytest.raises(NotOpened) as again:
        open_apart(strangers.hang, b"once", seconds=60)
    assert again.value.__cause__ is None
    assert time.process_time() - began < 1


def test_what_a_library_says_is_the_reason():
    with pytest.raises(NotOpened) as refusal:
        open_apart(pdfs.count, b"%PDF-1.4 but no more")
    assert "PdfiumError" in str(refusal.value.__cause__)


def test_forms_that_draw_each_other_end_in_time_and_keep_nobody_waiting():
    bomb = nested(11)
    assert len(bomb) < 4000
    ended = threading.Event()

    def open_bomb():
        with pytest.raises(NotOpened):
            open_apart(pdfs.draw, bomb, 1.0, 1, 1, seconds=3)
        ended.set()

    thread = threading.Thread(target=open_bomb)
    thread.start()
    assert open_apart(pdfs.count, HONEST).facts == 1
    thread.join(60)
    assert ended.is_set()


def test_the_process_of_the_pages_grows_by_no_picture():
    honest = png(3000, 3000)
    before = _peak()
    (kept,) = open_apart(pictures.clean, honest, seconds=30).parts
    assert Image.open(io.BytesIO(kept)).size == (3000, 3000)
    with pytest.raises(NotOpened):
        open_apart(pictures.clean, png(20_000, 20_000, mode=0))
    assert _peak() - before < 20_000  # kB; the picture itself has 36,000


def test_a_path_is_opened_as_it_lies_there_now(tmp_path):
    file = tmp_path / "a.txt"
    file.write_text("one")
    assert open_apart(strangers.read, str(file)).facts == "one"
    file.write_text("another")
    assert open_apart(strangers.read, str(file)).facts == "another"


@pytest.fixture
def fresh(monkeypatch):
    """A sandbox of one process for this test."""
    own = sandbox.Sandbox(1)
    monkeypatch.setattr(sandbox, "_sandbox", lambda _pid: own)
    yield
    own.close()


def test_it_sees_no_secret_of_its_parent(monkeypatch, fresh):
    monkeypatch.setenv("DEPESA_SECRET_KEY", "hidden")
    assert "DEPESA_SECRET_KEY" not in open_apart(strangers.surroundings, b"").facts


def test_a_process_that_was_killed_from_outside_is_replaced_and_no_file_blamed(fresh):
    killed = open_apart(strangers.pid, b"a").facts
    os.kill(killed, signal.SIGKILL)
    os.waitid(os.P_PID, killed, os.WEXITED | os.WNOWAIT)
    assert open_apart(strangers.pid, b"b").facts != killed


def test_a_process_that_does_not_start_blames_no_file(fresh, monkeypatch):
    with monkeypatch.context() as broken:
        broken.setattr(sandbox, "WORKER", sandbox.WORKER.with_name("nobody.py"))
        with pytest.raises(NotOpened):
            open_apart(strangers.pid, b"c")
    assert open_apart(strangers.pid, b"c").facts


def test_a_process_is_replaced_after_many_files(monkeypatch, fresh):
    monkeypatch.setattr(sandbox, "MOST_SERVED", 2)
    pids = [open_apart(strangers.pid, str(number).encode()).facts for number in range(5)]
    assert len(set(pids)) == 3
    assert os.getpid() not in pids


def _peak() -> int:
    with Path("/proc/self/status").open() as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmHWM"))
