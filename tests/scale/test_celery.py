"""At scale the same verbs run as Celery tasks: letters leave once each, with two workers and a beat."""

import os
import subprocess
import sys
import time
from collections import Counter

import pytest

from depesa.config.celery import app
from depesa.config.schedule import SCHEDULE
from tests.faults.conftest import desk, sink  # noqa: F401
from tests.faults.database import ROOT, python
from tests.faults.test_kill import QUEUE

BROKER = os.environ.get("DEPESA_TEST_BROKER", "amqp://guest:guest@127.0.0.1:5672//")
LETTERS = 40


def test_every_recurring_verb_is_a_task_and_is_scheduled():
    assert {f"depesa.{entry.name}" for entry in SCHEDULE} <= set(app.tasks)
    assert {row["task"] for row in app.conf.beat_schedule.values()} == {f"depesa.{entry.name}" for entry in SCHEDULE}
    for entry in SCHEDULE:
        app.tasks[f"depesa.{entry.name}"].__header__()  # as beat asks for it: with no argument at all


@pytest.mark.broker
def test_letters_leave_once_each_through_rabbitmq(desk, sink, tmp_path):  # noqa: F811
    desk = {**desk, "DEPESA_SMTP_URL": f"smtp://127.0.0.1:{sink.port}", "DEPESA_CELERY_BROKER": BROKER}
    assert python(desk, QUEUE % LETTERS).returncode == 0
    celery = [sys.executable, "-m", "celery", "-A", "depesa.config.celery", "worker", "--loglevel=ERROR", "-c", "1"]
    beat = ["--beat", "--schedule", str(tmp_path / "beat")]
    workers = [
        subprocess.Popen([*celery, "-n", f"one{os.getpid()}@%h", *beat], env=desk, cwd=ROOT),
        subprocess.Popen([*celery, "-n", f"two{os.getpid()}@%h"], env=desk, cwd=ROOT),
    ]
    try:
        limit = time.monotonic() + 240
        while len(sink.taken) < LETTERS and time.monotonic() < limit:
            time.sleep(0.2)
        time.sleep(2)  # what would be doubled would come now
    finally:
        for worker in workers:
            worker.terminate()
        for worker in workers:
            worker.wait(120)
    assert Counter(taken.recipient for taken in sink.taken) == {f"c{n}@sink.example": 1 for n in range(LETTERS)}
