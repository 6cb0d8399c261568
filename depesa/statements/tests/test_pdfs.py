"""PDFs of formed statements."""

import pytest

from depesa.core.models import Blob
from depesa.core.periods import Period
from depesa.pdf import count_pages
from depesa.pdf.tests.texts import page_texts
from depesa.statements.models import Statement, StatementRun
from depesa.statements.services.formation import form
from depesa.statements.services.pdfs import render_again, render_due
from depesa.statements.tests.conftest import Refusing, make_customer, sell

JUNE = Period.month(2011, 6)


def pdf_of(statement):
    return bytes(Blob.objects.get(pk=statement.paper.blob_id).content)


def test_accents_long_name_and_more_pages(company, renderer):
    name = "ĄČĘĖĮŠŲŪŽ ąčęėįšųūž " + "ilgas pavadinimas " * 3
    customer = make_customer("LONG", name=name[:60], language="lt", copy_format="csv")
    for number in range(60):
        sell(customer, number=f"SF-{number:03}")
    form(JUNE, by=None)
    assert render_due(renderer) == 1
    statement = Statement.objects.get()
    assert (statement.state, statement.paper.name, statement.paper.customer) == (
        "ready",
        "Saskaitu-sarasas-2011-06-LONG.pdf",
        customer,
    )
    pages = page_texts(pdf_of(statement))
    assert count_pages(pdf_of(statement)) == len(pages) == 2
    assert "ĄČĘĖĮŠŲŪŽ ąčęėįšųūž" in pages[0]
    assert "2011 m. birželis" in pages[0]
    assert "SF-000" in pages[0]
    assert "SF-059" in pages[1]
    for heading in ("2011-06-15", "21\N{NO-BREAK SPACE}%"):
        assert heading in pages[1].replace(" %", "\N{NO-BREAK SPACE}%")
    machine_copy = bytes(statement.machine_copy.blob.content).decode("utf-8-sig").splitlines()
    assert machine_copy[0] == "date;type;number;currency;net;vat;gross"
    assert machine_copy[1] == "2011-06-15;waybill;SF-000;EUR;100.00;21.00;121.00"
    assert len(machine_copy) == 61


def test_one_that_cannot_be_rendered_stops_no_other(novak, jonas):
    sell(novak)
    sell(jonas)
    form(JUNE, by=None)
    guilty = Statement.objects.get(customer=novak)
    assert render_due(Refusing(guilty.pk)) == 2
    guilty.refresh_from_db()
    assert (guilty.state, guilty.problem, guilty.paper) == ("failed", "a loop", None)
    assert Statement.objects.get(customer=jonas).state == "ready"
    assert render_due(Refusing()) == 0
    assert render_again([guilty.pk]) == 1
    assert render_due(Refusing()) == 1
    guilty.refresh_from_db()
    assert (guilty.state, guilty.problem) == ("ready", "")


def test_the_same_statement_is_not_rendered_by_two(novak, jonas):
    sell(novak)
    sell(jonas)
    form(JUNE, by=None)
    other = Refusing()

    class Interrupted(Refusing):
        def render_many(self, jobs):
            waiting = list(jobs)
            render_due(other)
            return super().render_many(waiting)

    assert render_due(Interrupted(), limit=1) == 1
    assert len(other.seen) == 1


def test_a_paused_run_is_not_rendered(novak):
    sell(novak)
    form(JUNE, by=None)
    StatementRun.objects.update(is_rendering_paused=True)
    assert render_due(Refusing()) == 0


def test_a_renderer_that_dies_gives_the_work_back(novak):
    sell(novak)
    form(JUNE, by=None)

    class Dead:
        def render_many(self, jobs):
            raise RuntimeError("no engine")

    with pytest.raises(RuntimeError, match="no engine"):
        render_due(Dead())
    assert render_due(Refusing()) == 1
