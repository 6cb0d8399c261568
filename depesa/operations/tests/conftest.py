"""Operations of a trader, as short as they can be said."""

import datetime as dt

import pytest

from depesa.core.models import columns_of
from depesa.core.periods import Period
from depesa.customers.models import Customer
from depesa.operations.models import Operation, Project, Task


def make_operations(count, **fields):
    """So many free operations, not posted, one a customer."""
    cards = Customer.objects.bulk_create(
        [Customer(code=f"C-{n:04}", name=f"Customer {n:04}", email=f"c{n}@shop.example") for n in range(count)]
    )
    fields = {"operation_on": dt.date(2011, 6, 30), "text": "Call"} | fields
    fields |= columns_of(Period.of(fields["operation_on"]))
    return Operation.objects.bulk_create([Operation(customer=card, **fields) for card in cards])


@pytest.fixture
def call(company, ada):
    """A task that brings its project, its manager and what follows it."""
    project = Project.objects.create(code="season", name="Season")
    visit = Task.objects.create(code="visit", name="Visit")
    task = Task.objects.create(code="call", name="Call the customer", project=project, manager=ada, text="Ask for more")
    task.successors.add(visit)
    return task


@pytest.fixture
def desk(client, ben, company):
    """The clerk's browser."""
    client.force_login(ben)
    return client
