"""Forming and proving a month while somebody takes its documents back and posts them again without a pause."""

import json

import pytest

from tests.faults.database import own_database, python
from tests.faults.processes import Apart

pytestmark = pytest.mark.slow

SALES = """
from depesa.company.models import Company
from depesa.statements.tests.conftest import make_customer, sell
Company.objects.create(pk=1, name="Vaivorykštė UAB", email="info@vaivorykste.example")
for number in range(40):
    sell(make_customer(f"C-{number}"))
"""
MOVE = """
import sys, time
from pathlib import Path
from depesa.documents.models import Document
from depesa.documents.services import change, post, take_back
from depesa.documents.rules import Line
from decimal import Decimal
folder, price = Path(sys.argv[1]), 1
while not (folder / "done").exists():
    for document in Document.objects.order_by("?")[:5]:
        price += 1
        take_back([document.pk], by=None)
        lines = [Line(text="x", quantity=Decimal(1), price=Decimal(price), vat_rate=Decimal(21))]
        document.refresh_from_db()
        change(document, {}, lines, version=document.version, by=None)
        post([document.pk], by=None)
        (folder / "moving").touch()
        time.sleep(0.002)
"""
FORM = """
import json, sys, time
from pathlib import Path
from depesa.core.periods import Period
from depesa.statements.queries import coverage
from depesa.statements.services.formation import form
folder = Path(sys.argv[1])
try:
    while not (folder / "moving").exists():
        time.sleep(0.01)
    run = form(Period.month(2011, 6), by=None).run
    proofs = [coverage(run) for _n in range(40)]
finally:
    (folder / "done").touch()
said = [run.coverage, *(proof.as_json() for proof in proofs)]
print(json.dumps([run.state, said, [proof.is_explained for proof in proofs]]))
"""


def test_a_month_whose_documents_move_is_formed_and_every_proof_of_it_adds_up(migrated_template, tmp_path):
    with own_database(migrated_template, tmp_path) as environment:
        assert python(environment, SALES).returncode == 0
        mover, former = (Apart(environment, code, str(tmp_path)) for code in (MOVE, FORM))
        end, moved = former.ended(), mover.ended()
    assert (end.returncode, moved.returncode) == (0, 0), end.stderr + moved.stderr
    state, proofs, explained = json.loads(end.stdout)
    assert state == "formed"
    for proof in proofs:
        named = proof["late"] + proof["changed"] + proof["refused"] + proof["left_out"]
        assert proof["documents"] == proof["in_statements"] + named
    assert all(explained)
