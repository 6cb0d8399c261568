"""The crossed-document guard: the database refuses customer A's paper in a letter to customer B."""

import pytest
from django.db import IntegrityError, transaction

from depesa.core import blobs
from depesa.customers.models import Customer
from depesa.documents.models import Paper
from depesa.outbox.models import Enclosure


@pytest.fixture
def crossed(write, customer):
    """A letter to one customer and the paper of another."""
    message = write("a@sink.example")
    other = Customer.objects.create(code="C2", name="Tamsa UAB")
    return message, Paper.objects.create(customer=other, blob=blobs.keep(b"%PDF-1.7 other"), name="Other.pdf")


def _enclose(**fields):
    with transaction.atomic():
        Enclosure.objects.create(name="Other.pdf", media_type="application/pdf", **fields)


def test_paper_of_another_customer_is_refused(crossed, customer):
    message, paper = crossed
    with pytest.raises(IntegrityError):
        _enclose(message=message, customer=customer, paper=paper, blob=paper.blob)


def test_naming_the_other_customer_does_not_help(crossed):
    message, paper = crossed
    with pytest.raises(IntegrityError):
        _enclose(message=message, customer=paper.customer, paper=paper, blob=paper.blob)


def test_naming_no_customer_does_not_help(crossed):
    message, paper = crossed
    with pytest.raises(IntegrityError):
        _enclose(message=message, customer=None, paper=paper, blob=paper.blob)


def test_own_paper_and_a_file_for_anybody_are_taken(write, customer):
    message = write("a@sink.example")
    paper = Paper.objects.create(customer=customer, blob=blobs.keep(b"%PDF-1.7 mine"), name="Mine.pdf")
    _enclose(message=message, customer=customer, paper=paper, blob=paper.blob)
    _enclose(message=message, customer=None, paper=None, blob=blobs.keep(b"%PDF-1.7 terms"))
    assert message.enclosures.count() == 3
