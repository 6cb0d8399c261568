"""kill -9 at every point of a delivery: nothing lost, nothing doubled, what nobody can know is flagged."""

import time
from collections import Counter

import pytest

from tests.faults.database import python
from tests.faults.plans import Plan
from tests.faults.processes import Apart

LETTERS = 6

QUEUE = """
import datetime as dt
from django.utils import timezone
from depesa.outbox.services import Letter, prepare, queue
letters = [Letter(dedupe_key=f"v1:test:{n}", kind="test", customer_id=None, language="en", to=(f"c{n}@sink.example",),
    subject=f"Letter {n}", text="Good day.", useless_after=timezone.now() + dt.timedelta(days=2)) for n in range(%d)]
queue(prepare(letters).ready)
"""
DELIVER = """
from depesa.outbox.services import deliver_due, examine, reap
assert not examine()
reap()
deliver_due()
"""
COUNT = """
from collections import Counter
from depesa.outbox.models import Delivery
from depesa.outbox.queries import violations
assert not violations(), violations()
for recipient, state in Delivery.objects.values_list("recipient", "state"):
    print(recipient, state)
"""

# What must have become of the letters that the dead worker held, by the point at which it died.
SURELY_NOT_SENT = ["leased", "connected", "body-sent", "permit-committed", "permit-journalled", "before-dot"]
MAYBE_SENT = ["dot-journalled", "reply-read"]
KNOWN_FROM_JOURNAL = ["answer-journalled"]
KNOWN = ["outcome-committed"]


def _run_until_done(desk, sink, kill_at, letters):
    desk = {**desk, "DEPESA_SMTP_URL": f"smtp://127.0.0.1:{sink.port}"}
    killed = python({**desk, "DEPESA_KILL_AT": kill_at}, QUEUE % letters + DELIVER)
    assert killed.returncode == -9, (kill_at, killed.stderr)
    finished = python(desk, DELIVER + COUNT)
    assert finished.returncode == 0, finished.stderr
    return dict(line.split() for line in finished.stdout.splitlines())


@pytest.mark.slow
@pytest.mark.parametrize("point", [*SURELY_NOT_SENT, *MAYBE_SENT, *KNOWN_FROM_JOURNAL, *KNOWN])
def test_worker_killed_at(desk, sink, point):
    # With one letter alone, what the dead worker knew of the others cannot blur the picture.
    letters = 1 if point in KNOWN_FROM_JOURNAL + KNOWN else LETTERS

    states = _run_until_done(desk, sink, point, letters)

    arrived = Counter(taken.recipient for taken in sink.taken)
    assert len(states) == letters
    assert not [recipient for recipient, count in arrived.items() if count > 1], "doubled"
    lost = [r for r, state in states.items() if state == "accepted" and not arrived[r]]
    assert not lost
    unflagged = [r for r in arrived if states[r] not in {"accepted", "unknown"}]
    assert not unflagged
    uncertain = [r for r, state in states.items() if state == "unknown"]
    if point in MAYBE_SENT:
        assert uncertain
        assert set(states.values()) <= {"accepted", "unknown"}
    else:
        assert set(states.values()) == {"accepted"}
    if point in KNOWN_FROM_JOURNAL:
        assert not uncertain, "the journal knew the answer"


ONE_LINK = """
import datetime as dt
from django.utils import timezone
from depesa.outbox.rules import Policy
from depesa.outbox.services import Letter, prepare, queue
letters = [Letter(dedupe_key=f"v1:{policy}", kind="test", customer_id=None, language="en",
    to=(f"{policy}@sink.example",), subject="Letter", text="Good day.",
    useless_after=timezone.now() + dt.timedelta(hours=1), policy=policy)
    for policy in (Policy.SECURITY, Policy.LEGAL)]
queue(prepare(letters).ready)
"""
RESEND = """
from depesa.outbox.models import Evidence
from depesa.outbox.services import deliver_due, examine, reap, resend_due
assert not examine()
for _ in range(3):
    reap()
    resend_due()
    deliver_due()
assert list(Evidence.objects.values_list("delivery__recipient", "kind", "verdict")) == [
    ("security@sink.example", "rule", "resent")]
"""


@pytest.mark.slow
def test_postman_killed_between_dot_and_answer_resends_the_link_once_and_nothing_else(desk, sink):
    slow = Plan(delay=5)  # takes the letter at once and answers when nobody listens any more
    sink.script.letters.by_recipient |= {
        "security@sink.example": [slow, Plan()],
        "legal@sink.example": [slow, Plan()],
    }
    desk = {**desk, "DEPESA_SMTP_URL": f"smtp://127.0.0.1:{sink.port}"}
    assert python(desk, ONE_LINK).returncode == 0
    postman = Apart(desk, DELIVER)
    until = time.monotonic() + 60
    while len(sink.taken) < 2 and time.monotonic() < until:
        time.sleep(0.05)
    postman.kill()
    assert postman.ended(60).returncode == -9

    finished = python(desk, RESEND + COUNT)

    assert finished.returncode == 0, finished.stderr
    states = dict(line.split() for line in finished.stdout.splitlines())
    assert states == {"security@sink.example": "accepted", "legal@sink.example": "unknown"}
    assert Counter(taken.recipient for taken in sink.taken) == {"security@sink.example": 2, "legal@sink.example": 1}
    assert len({taken.message_id for taken in sink.taken if taken.recipient == "security@sink.example"}) == 1


@pytest.mark.slow
def test_d6_database_restored_from_a_backup_sends_nothing_twice(desk, sink):
    desk = {**desk, "DEPESA_SMTP_URL": f"smtp://127.0.0.1:{sink.port}"}
    assert python(desk, QUEUE % LETTERS + DELIVER).returncode == 0
    # What a restore from before the sending looks like to the database.
    restored = python(
        desk,
        "from depesa.outbox.models import *\n"
        "Attempt.objects.all().delete()\n"
        "Delivery.objects.update(state='queued', permit_seq=0, permit_at=None, accepted_at=None, attempts=0)\n"
        "Installation.objects.update(last_permit=0)\n",
    )
    assert restored.returncode == 0, restored.stderr

    done = python(
        desk,
        "from depesa.outbox.services import deliver_due, examine\n"
        "from depesa.outbox.models import Delivery, Installation\n"
        "assert 'older than its permit journal' in examine()\n"
        "assert deliver_due() == 0\n"
        "assert set(Delivery.objects.values_list('state', flat=True)) == {'accepted'}\n"
        f"assert Installation.objects.get().quarantine_report['corrected'] == {LETTERS}",
    )

    assert done.returncode == 0, done.stderr
    assert len(sink.taken) == LETTERS


@pytest.mark.slow
def test_d8_copied_database_sends_nothing(desk, sink, tmp_path):
    desk = {**desk, "DEPESA_SMTP_URL": f"smtp://127.0.0.1:{sink.port}"}
    later = QUEUE.replace("v1:test:", "v1:later:") % LETTERS
    assert python(desk, QUEUE % LETTERS + DELIVER + later).returncode == 0
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()

    copied = python(
        {**desk, "DEPESA_DATA_DIR": str(elsewhere)},
        "from depesa.outbox.services import deliver_due, examine\n"
        "assert 'another place' in examine()\n"
        "assert deliver_due() == 0\n",
    )

    assert copied.returncode == 0, copied.stderr
    assert len(sink.taken) == LETTERS
