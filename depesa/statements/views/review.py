"""Look at the period before it leaves: against the period before, and whether everything is in it."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from depesa.core.inputs import read_number
from depesa.core.languages import period_in_words
from depesa.staff.policy import DeskRequest, shows
from depesa.staff.rules import Right
from depesa.statements import queries
from depesa.statements.queries.review import PAGE, Position
from depesa.statements.rules.anomalies import Anomaly
from depesa.statements.templatetags.statements import ANOMALY_WORDS
from depesa.statements.views.periods import page_context, run_of
from depesa.ui.values import write_value


@shows(Right.SEE)
def difference(request: DeskRequest, period: str) -> HttpResponse:
    """This period against the one before, the odd ones first."""
    run = run_of(request, period)
    rows = queries.review(run, after=_position(request.GET.get("after", "")))
    previous = queries.previous_run(run)
    last = rows[-1].statement if len(rows) == PAGE else None
    shown = {
        **page_context(run, "difference"),
        "previous": previous and period_in_words(previous.period),
        "rows": [_bar_of(each) for each in rows],
        "gone": queries.gone(run) if "after" not in request.GET else [],
        "older_url": f"?after={last.anomalies}-{last.pk}" if last else "",
    }
    return render(request, "statements/difference.html", shown)


def _position(text: str) -> Position | None:
    anomalies, _dash, pk = text.partition("-")
    at, key = read_number(anomalies, most=2**31), read_number(pk)
    return None if at is None or key is None else Position(at, key)


def _bar_of(each: queries.Reviewed) -> dict[str, Any]:
    statement = each.statement
    now, before = statement.main_total, each.before.get(statement.main_currency)
    return {
        "label": statement.customer.name,
        "url": reverse("operations:operation", args=[statement.operation_id]),
        "before": _money(before, statement.main_currency),
        "after": _money(now, statement.main_currency),
        "change": _change(before, now),
        "why": [ANOMALY_WORDS[reason] for reason in each.reasons],
        "kind": "new" if Anomaly.NEW in each.reasons else "same" if before == now else "changed",
        "is_odd": bool({Anomaly.SUM_DIFFERS, Anomaly.CURRENCY_CHANGED, Anomaly.NEGATIVE} & set(each.reasons)),
    }


def _money(amount: Decimal | None, currency: str) -> str:
    return "" if amount is None else f"{write_value(amount)} {currency}"


def _change(before: Decimal | None, now: Decimal) -> str:
    if before is None or not before:
        return ""
    percent = round((now - before) / abs(before) * 100)
    return f"{percent:+d} %".replace("-", "−") if percent else ""


@shows(Right.SEE)
def coverage(request: DeskRequest, period: str) -> HttpResponse:
    """The proof that every posted document of the period stands in exactly one statement, as it is now."""
    run = run_of(request, period)
    proof = queries.coverage(run)
    shown = {
        **page_context(run, "coverage"),
        "proof": proof,
        "sums": list(_sums(proof)),
        "groups": _groups(proof.named),
    }
    return render(request, "statements/coverage.html", shown)


def _sums(proof: queries.Coverage) -> Iterator[dict[str, Any]]:
    """Per currency: posted, shown in statements, left out, and what is missing."""
    for currency in sorted({*proof.sums, *proof.shown, *proof.left_out_sums}):
        posted, shown, out = (side.get(currency, Decimal(0)) for side in (proof.sums, proof.shown, proof.left_out_sums))
        missing = posted - shown - out
        yield {
            "currency": currency,
            "posted": write_value(posted),
            "shown": write_value(shown),
            "left_out": write_value(out),
            "missing": write_value(missing) if missing else "",
        }


def _groups(named: Sequence[queries.Exclusion]) -> list[tuple[str, list[queries.Exclusion]]]:
    words = {
        "refused": _("No statement could be formed"),
        "late": _("Posted after their statement was formed"),
        "changed": _("Changed after their statement was formed"),
        "corrected": _("Edited after posting and not posted again"),
        "left-out": _("Left out by a person"),
    }
    return [(words[kind], found) for kind in words if (found := [each for each in named if each.kind == kind])]
