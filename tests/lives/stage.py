"""What every life stands on: a database that forgets it afterwards, a clock that is moved, and the number of steps."""

import datetime as dt
import os
from decimal import Decimal

import time_machine
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import RuleBasedStateMachine, run_state_machine_as_test

from depesa.company.models import Company
from depesa.core.errors import DomainError

STEPS, FEW = 50, 150  # of one life, of all in the suite
ASKED = "DEPESA_LIVES_STEPS"
DAY = dt.datetime(2011, 7, 5, 8, tzinfo=dt.UTC)


class Life(RuleBasedStateMachine):
    """One life in a transaction that is taken back at its end."""

    def __init__(self):
        super().__init__()
        self.clock = time_machine.travel(DAY, tick=False)
        self.now = self.clock.start()
        self.block = transaction.atomic()
        self.block._from_testcase = True  # it does not count where work must run outside a transaction
        self.block.__enter__()
        values = {"name": "Vaivorykštė UAB", "email": "info@vaivorykste.example", "currency": "EUR", "language": "en"}
        account = {"bank_account": "LT12 1000 0111 0100 1000", "time_zone": "Europe/Vilnius", "country": "LT"}
        Company.objects.update_or_create(pk=1, defaults=values | account)

    def teardown(self):
        transaction.set_rollback(True)
        self.block.__exit__(None, None, None)
        self.clock.stop()


def euros(cents):
    return Decimal(cents) / 100


def cents(amount):
    """Whole cents; an amount with a part of one is a difference to the model by itself."""
    found = Decimal(amount) * 100
    assert found == int(found), amount
    return int(found)


def refused(act):
    """What the desk says against it; nothing of a refused act stays."""
    try:
        with transaction.atomic():
            act()
    except DomainError as problem:
        return str(problem) or type(problem).__name__
    return ""


def live(life):
    """Take some steps, always the same ones, or as many as the command asks for; a difference is told as a story."""
    steps = int(os.environ.get(ASKED, FEW))
    options = settings(
        max_examples=max(steps // STEPS, 1),
        stateful_step_count=STEPS,
        derandomize=ASKED not in os.environ,
        database=None,
        deadline=None,
        report_multiple_bugs=False,
        phases=[Phase.explicit, Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(life, settings=options)
