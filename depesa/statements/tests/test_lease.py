"""Leases of rendering: what a dead process left is taken up at once, what a living one holds is left alone."""

import datetime as dt

import pytest
from django.utils import timezone

from depesa.core.periods import Period
from depesa.statements.models import Statement, StatementState
from depesa.statements.services import form, render_due
from depesa.statements.tests.conftest import make_customer, sell
from tests.processes import DEAD


class NoRenderer:
    """Renders nothing and remembers what it was asked for."""

    def __init__(self):
        self.keys = []

    def render_many(self, jobs):
        self.keys += [job.key for job in jobs]
        return iter(())


@pytest.fixture
def leased(company):
    """A statement that some process says it is rendering for five minutes more."""

    def leased(owner):
        sell(make_customer())
        form(Period.month(2011, 6), by=None)
        later = timezone.now() + dt.timedelta(minutes=5)
        Statement.objects.update(held_by=f"{owner}#1", held_until=later)
        return Statement.objects.get()

    return leased


def test_lease_of_a_dead_process_is_taken_up_at_once(leased):
    statement = leased(DEAD)
    renderer = NoRenderer()
    render_due(renderer)
    assert renderer.keys == [statement.pk]


def test_lease_of_a_process_elsewhere_is_left_alone(leased):
    leased("another-host/1/1/alive")
    renderer = NoRenderer()
    assert render_due(renderer) == 0
    assert renderer.keys == []
    assert Statement.objects.get().state == StatementState.FORMED
