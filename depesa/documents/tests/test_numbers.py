"""C10: numbers without gap and without double while several processes post and every third rolls back."""

import contextlib
import sqlite3
from urllib.parse import quote

import pytest
from django.db import connection

from depesa.customers.models import Customer
from depesa.documents.models import NumberSeries
from tests.faults.database import environment
from tests.faults.processes import Apart

WORKER = """
import random, sys, datetime as dt
from django.db import transaction
from depesa.customers.models import Customer
from depesa.documents import services
from depesa.documents.models import Document, NumberSeries
from depesa.documents.rules import Line
from decimal import Decimal

dice = random.Random(int(sys.argv[1]))
series = NumberSeries.objects.get(code="C10")
customer = Customer.objects.get(code="C10")
header = dict(type="invoice", customer=customer, series=series, currency="EUR", document_on=dt.date(2011, 6, 1))
lines = [Line(text="x", quantity=Decimal(1), price=Decimal(1), vat_rate=Decimal(0))]
for _round in range(8):
    ids = [services.enter(header, lines, by=None).pk for _n in range(dice.randint(1, 3))]
    try:
        with transaction.atomic():
            assert not services.post(ids, by=None).refused
            if dice.random() < 0.3:
                raise KeyError("rolled back")
    except KeyError:
        Document.objects.filter(pk__in=ids).delete()
"""

COUNT = """
from depesa.documents.models import Document, NumberSeries
from depesa.documents.queries import check_series
from depesa.history.services import link_due, verify
series = NumberSeries.objects.get(code="C10")
serials = list(Document.objects.filter(series=series).order_by("serial").values_list("serial", flat=True))
assert serials == list(range(1, series.last + 1)), serials
while link_due():
    pass
assert check_series(series).is_whole and verify().is_whole and not verify().waiting
print(len(serials))
"""


def _finish(process):
    end = process.ended()
    assert end.returncode == 0, end.stderr
    return end.stdout


def _place(tmp_path):
    """Where other processes find this test's database: a copy in a file, or the database of the server itself."""
    if connection.vendor == "sqlite":
        path = tmp_path / "c10.sqlite3"
        with contextlib.closing(sqlite3.connect(path)) as copy:
            connection.connection.backup(copy)
        return f"sqlite:///{path}"
    parts = {name: quote(str(connection.settings_dict[name]), safe="") for name in ("USER", "PASSWORD", "HOST", "NAME")}
    return "postgres://{USER}:{PASSWORD}@{HOST}:{port}/{NAME}".format(
        **parts, port=connection.settings_dict["PORT"] or 5432
    )


@pytest.mark.slow
def test_c10_no_gap_and_no_double_under_rollbacks(tmp_path, transactional_db):
    Customer.objects.create(code="C10", name="C10")
    NumberSeries.objects.create(code="C10", prefix="C10-", digits=6)
    home = environment(tmp_path, _place(tmp_path))
    for process in [Apart(home, WORKER, str(seed)) for seed in range(4)]:
        _finish(process)
    assert int(_finish(Apart(home, COUNT))) > 20
