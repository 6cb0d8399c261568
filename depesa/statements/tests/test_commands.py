"""The commands of the monthly run."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from depesa.core.periods import Period
from depesa.operations.models import Operation
from depesa.outbox.models import Message
from depesa.statements.models import Statement
from depesa.statements.services.formation import form
from depesa.statements.services.pdfs import render_due
from depesa.statements.tests.conftest import make_customer, sell


def call(*words):
    out = StringIO()
    call_command(*words, "--json", stdout=out)
    return json.loads(out.getvalue())


def test_form_status_post_and_pdf(novak, tmp_path, settings):
    settings.DEPESA_RENDERERS = 1
    sell(novak, net="100.00")
    sell(novak, net="8.16", vat="0.00", currency="GBP")
    sell(make_customer("MUTE", email=""), net="50.50", vat="0.00")
    formed = call("statements_form", "2011-06")
    assert formed == {
        "month": "2011-06",
        "period": "2011-06",
        "formed": 2,
        "already": 0,
        "left_out": 0,
        "refused": 0,
        "documents": 3,
        "totals": {"EUR": "171.50", "GBP": "8.16"},
        "without_address": 1,
        "coverage": {"ok": True, "documents": 3, "in_statements": 3, "excluded": 0},
        "next_month": "2011-07",
        "next_period": "2011-07",
    }
    posted = call("statements_post", "2011-06")
    assert posted == {
        "posted": 1,
        "refused": 1,
        "refused_reasons": {"There is no e-mail address. Fill one in.": 1},
    }
    assert call("statements_status", "2011-06") == formed | {"deliveries": {"queued": 1}}
    call("statements_pdf", "2011-06", "NOVAK", "--output", str(tmp_path / "novak.pdf"))
    assert (tmp_path / "novak.pdf").read_bytes().startswith(b"%PDF")
    assert Message.objects.count() == 1
    again = call("statements_form", "2011-06")
    assert (again["formed"], again["already"]) == (0, 2)


@pytest.mark.parametrize(
    ("words", "code", "sentence"),
    [
        (["statements_form", "june"], 2, "2011-06"),
        (["statements_status", "2011-06"], 1, "has not been formed"),
        (["statements_post", "2011-06"], 1, "has not been formed"),
        (["statements_pdf", "2011-06", "NOBODY", "--output", "x"], 1, "has not been formed"),
    ],
)
def test_refusals(company, words, code, sentence):
    with pytest.raises(CommandError, match=sentence) as refusal:
        call(*words)
    assert refusal.value.returncode == code


def test_no_pdf_for_strangers_and_before_it_is_made(novak):
    sell(novak)
    form(Period.month(2011, 6), by=None)
    with pytest.raises(CommandError, match="no statement"):
        call("statements_pdf", "2011-06", "NOBODY", "--output", "x")
    with pytest.raises(CommandError, match="waiting for its PDF"):
        call("statements_pdf", "2011-06", "NOVAK", "--output", "x")


def test_a_removed_forming_operation_is_refused(novak):
    run = form(Period.month(2011, 6), by=None).run
    Operation.objects.filter(pk=run.operation_id).update(removed_at="2011-07-01T00:00Z")
    with pytest.raises(CommandError, match="was removed"):
        call("statements_form", "2011-06")


def test_status_for_people(novak, renderer):
    sell(novak)
    form(Period.month(2011, 6), by=None)
    render_due(renderer)
    out = StringIO()
    call_command("statements_status", "2011-06", stdout=out)
    assert "totals: EUR 121.00" in out.getvalue()
    assert Statement.objects.get().state == "ready"
