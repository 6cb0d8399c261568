"""Letters, a channel that leads to the sink, and the sink itself."""

import datetime as dt
import itertools

import pytest
from django.utils import timezone

from depesa.core import blobs
from depesa.customers.models import Customer
from depesa.documents.models import Paper
from depesa.outbox.models import Channel
from depesa.outbox.rules import Policy
from depesa.outbox.services import EnclosureDraft, Letter, prepare, queue
from tests.faults.sink import Script, Sink, serving

PDF = b"%PDF-1.7\n" + bytes(range(256)) * 40
_numbers = itertools.count(1)


@pytest.fixture
def sink():
    """A mail server that takes every letter, unless its script says otherwise."""
    server = Sink(Script())
    with serving(server):
        yield server


@pytest.fixture
def channel(company, sink):
    """The default channel, leading to the sink."""
    Channel.objects.filter(is_default=True).update(
        host="127.0.0.1", port=sink.port, from_address="desk@vaivorykste.example"
    )
    return Channel.objects.get(is_default=True)


@pytest.fixture
def customer(company):
    return Customer.objects.create(code="C1", name="Šviesa UAB", email="cleo@sviesa.example")


@pytest.fixture
def write(channel, customer):
    """Queue a letter with the customer's paper to these addresses; returns the message."""

    def write(*to: str, **more):
        number = next(_numbers)
        blob = blobs.keep(PDF)
        paper = Paper.objects.create(customer=customer, blob=blob, name="Statement.pdf")
        letter = Letter(
            dedupe_key=more.get("dedupe_key", f"v1:test:{number}"),
            kind="statement",
            customer_id=customer.pk,
            language="en",
            to=to,
            subject=f"Žemės {number}",
            text="Dear customer,\n\nplease find the statement attached.\n",
            useless_after=more.get("useless_after", timezone.now() + dt.timedelta(days=30)),
            policy=more.get("policy", Policy.LEGAL),
            is_of_run=more.get("is_of_run", False),
            enclosures=(EnclosureDraft(blob_id=blob.pk, content=PDF, name="Statement.pdf", paper_id=paper.pk),),
        )
        sealing = prepare([letter])
        assert not sealing.refused
        return queue(sealing.ready)[letter.dedupe_key]

    return write
