"""kill -9 while letters of changes are written, and two workers at once: each change has one letter, none has two."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.faults.database import python

PARCELS = 520  # three chunks

SOURCE = """
from hashlib import sha256
from depesa.core import blobs
from depesa.customers.models import Customer
from depesa.documents.models import Paper
from depesa.emails.models import SystemEmail, SystemEmailText
from depesa.outbox.models import Enclosure, Message
from depesa.outbox.services import EnclosureDraft
from depesa.triggers.contributions import Draft, Source
from depesa.triggers.models import Transition
from depesa.triggers.services import Change, fire_due, note

def draft(transitions):
    return {row.pk: drafted(row) for row in transitions}

def drafted(row):
    content = b"%PDF-1.7 " + row.subject.encode()
    def keep():
        blob = blobs.keep(content)
        paper = Paper.objects.create(customer_id=row.customer_id, blob=blob, name="Parcel.pdf")
        return (EnclosureDraft(blob_id=blob.pk, paper_id=paper.pk, content=content, name="Parcel.pdf"),)
    return Draft(
        to=(f"{row.subject.replace(':', '')}@sink.example",),
        values={"company": {"name": "Vaivorykste"}},
        enclosures=(EnclosureDraft(blob_id=0, content=content, name="Parcel.pdf"),),
        keep=keep,
    )

Source(kind="parcel", draft=draft).claim("a test")
"""
NOTE = """
email = SystemEmail.objects.create(code="sent", name="Sent", context="monthly-statement")
SystemEmailText.objects.create(system_email=email, language="en", subject="Sent", body="{{ company.name }}")
customer = Customer.objects.create(code="C1", name="Sviesa UAB")
note([Change(key=f"parcel:{n}:state:1", event="state-changed", subject=f"parcel:{n}", customer_id=customer.pk,
    before="new", after="sent", system_email="sent") for n in range(%d)])
"""
FIRE = """
while fire_due():
    pass
"""
COUNT = """
for status, message, subject, enclosures in Transition.objects.values_list(
        "status", "message", "subject", "message__enclosures__paper"):
    print(status, message, subject, enclosures)
print("all", Message.objects.count(), Paper.objects.count(), Enclosure.objects.count())
"""


def counted(desk):
    done = python(desk, SOURCE + COUNT)
    assert done.returncode == 0, done.stderr
    *lines, total = done.stdout.splitlines()
    rows = [line.split() for line in lines]
    return rows, [int(number) for number in total.split()[1:]]


def assert_each_once(desk, count):
    rows, totals = counted(desk)
    assert Counter(status for status, *_rest in rows) == {"queued": count}, "lost"
    assert len({message for _status, message, *_rest in rows}) == count, "shared"
    assert totals == [count] * 3, "doubled"


@pytest.mark.slow
@pytest.mark.parametrize("point", ["letters-written:2", "letters-queued:2", "letters-stored:1"])
def test_worker_killed_while_writing(desk, point):
    killed = python({**desk, "DEPESA_KILL_AT": point}, SOURCE + NOTE % PARCELS + FIRE)
    assert killed.returncode == -9, (point, killed.stderr)

    finished = python(desk, SOURCE + FIRE)

    assert finished.returncode == 0, finished.stderr
    assert_each_once(desk, PARCELS)


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2])
def test_two_workers_at_once_and_one_dies_again_and_again(desk, seed):
    assert python(desk, SOURCE + NOTE % PARCELS).returncode == 0

    with ThreadPoolExecutor(2) as pool:
        steady = pool.submit(python, desk, SOURCE + FIRE)
        dying = [python({**desk, "DEPESA_KILL_AT": f"*:0.2:{seed + n}"}, SOURCE + FIRE) for n in range(3)]
    assert steady.result().returncode == 0, steady.result().stderr
    assert {each.returncode for each in dying} <= {0, -9}, [each.stderr for each in dying]
    finished = python(desk, SOURCE + FIRE)

    assert finished.returncode == 0, finished.stderr
    assert_each_once(desk, PARCELS)
