"""Every text is tried with real records: what would fail, what is empty, what would be cut."""

import json

import pytest
from django.core.management import CommandError, call_command

from depesa.emails.contributions import RECORDS, Record, Records
from depesa.emails.models import SystemEmail, SystemEmailText
from depesa.emails.services import examine
from depesa.orders.placeholders import ORDER
from tests.plugs import brought

pytestmark = pytest.mark.django_db


def record_of(number, **changes):
    def values(language):
        found = ORDER.samples(language)
        found["order"].update(number=number, **changes)
        return found

    return Record(name=f"order {number}", values=values, url=f"/orders/{number}/", language="cs")


@pytest.fixture
def orders():
    """Three orders: one with everything, one without note, one that was never sent."""
    records = [record_of("1"), record_of("2", note=""), record_of("3", tracking_link="", note="")]
    by_number = {record.name.split()[1]: record for record in records}
    source = Records(context="order", recent=lambda limit: records[:limit], find=by_number.get)
    with brought(RECORDS, source, instead=True):
        yield records


def typed(body, html=""):
    email = SystemEmail.objects.get(code="order-sent")
    return SystemEmailText(system_email=email, language="en", subject="Order {{ order.number }}", body=body, html=html)


def test_records_that_fail_are_named_with_the_reason(company, orders):
    trial = examine(typed("Follow it: {{ order.tracking_link }}"), company)
    assert trial.tried == 3
    [failure] = trial.failures
    assert (failure.record, failure.url) == ("order 3", "/orders/3/")
    assert "“order.tracking_link” is empty" in failure.reason
    assert "“order.tracking_link” is empty" in trial.risk


def test_values_that_are_empty_are_counted(company, orders):
    trial = examine(typed("{% if order.note %}{{ order.note }}{% endif %}{{ order.number }}"), company)
    assert [(each.name, each.count) for each in trial.empty] == [("order.note", 2)]
    assert (trial.failures, trial.risk) == ([], "")


def test_a_letter_that_gmail_would_cut_is_named(company, orders):
    trial = examine(typed("Hello", html=f"<p>{'x' * 103 * 1024}</p>"), company)
    assert len(trial.failures) == 3
    assert "Gmail shows 102 kB and hides the rest" in trial.failures[0].reason


def test_without_records_the_samples_tell_what_could_fail(company):
    with brought(RECORDS, instead=True):
        trial = examine(typed("{{ order.note }}"), company)
    assert (trial.tried, trial.failures) == (0, [])
    assert "“order.note” is empty" in trial.risk


def test_the_texts_that_depesa_brings_are_clean(company, orders):
    for text in SystemEmailText.objects.select_related("system_email"):
        trial = examine(text, company)
        assert (trial.failures, trial.risk) == ([], ""), (text.system_email.code, text.language)


# From the command line


def answer(capsys, *words):
    call_command(*words, "--json")
    return json.loads(capsys.readouterr().out)


def test_check_names_template_language_line_and_column(company, capsys):
    assert answer(capsys, "letters_check") == {"templates": 13, "languages": ["cs", "en", "lt"], "errors": []}
    SystemEmailText.objects.filter(system_email__code="registration", language="lt").update(body="a\n {{ lnik }}")
    with pytest.raises(CommandError) as refusal:
        call_command("letters_check", "--json")
    assert refusal.value.returncode == 1
    [error] = json.loads(capsys.readouterr().out)["errors"]
    assert error == {
        "template": "registration",
        "language": "lt",
        "line": 2,
        "column": 5,
        "message": "Unknown placeholder “lnik”. Did you mean “link”?",
    }


def test_render_writes_the_letter_of_an_order(company, orders, capsys):
    letter = answer(capsys, "letters_render", "order-received", "--language", "lt", "--order", "2")
    assert letter["subject"] == "Užsakymas Nr. 2 gautas"
    assert letter["html"].startswith("<!DOCTYPE html>")
    assert "Jūsų pastaba" not in letter["text"]
    assert answer(capsys, "letters_render", "order-sent", "--order", "1")["subject"] == "Objednávka 1 je na cestě"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["nothing", "--sample"], "There is no system e-mail “nothing”"),
        (["order-sent"], "Name an order"),
        (["order-sent", "--order", "9"], "There is no record “9”"),
    ],
)
def test_render_says_what_is_missing(company, orders, words, said):
    with pytest.raises(CommandError, match=said):
        call_command("letters_render", *words)
