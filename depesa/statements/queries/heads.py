"""The top of a period's page: key figures, the next likely action, how the sums are spread."""

from collections import Counter
from collections.abc import Sequence
from decimal import Decimal
from typing import Any, Final

from django.db.models import Case, Count, Max, When
from django.urls import reverse

from depesa.core.periods import Period
from depesa.core.reasons import gettext as _
from depesa.core.reasons import ngettext
from depesa.operations.models import Operation
from depesa.staff.models import User
from depesa.staff.rules import Right
from depesa.statements.models import RunState, StatementRun
from depesa.statements.queries.counts import RunFigures, going
from depesa.statements.queries.foresight import may_leave
from depesa.statements.rules.anomalies import Anomaly
from depesa.ui.parts import Action, Figure
from depesa.ui.values import write_value

STEPS: Final = (1, 2, 5)
FEW: Final = 0.01  # a bar with less than one hundredth of all statements at the far end is odd
ENOUGH: Final = 8  # statements: fewer are read, not plotted


def head_figures(run: StatementRun, held: RunFigures) -> list[Figure]:
    """How many statements and documents, the sums, and whether everything is covered."""
    period = run.period
    url = reverse("statements:run", args=[period])
    found = [
        Figure(_("Statements"), write_value(held.statements)),
        Figure(_("Documents"), write_value(held.documents)),
        *(Figure(_("Sum in %(currency)s") % {"currency": c}, write_value(total)) for c, total in held.totals.items()),
    ]
    if held.without_address:
        found.append(
            Figure(_("Without an address"), write_value(held.without_address), f"{url}?odd=32#list", tone="doubt")
        )
    return [*found, _covered(run, period)]


def _covered(run: StatementRun, period: Period) -> Figure:
    """The coverage as it was kept when the period was formed."""
    kept: dict[str, Any] = run.coverage
    url = reverse("statements:coverage", args=[period])
    value = _("%(shown)s of %(all)s") % {
        "shown": write_value(kept.get("in_statements", 0)),
        "all": write_value(kept.get("documents", 0)),
    }
    if kept.get("ok"):
        return Figure(_("Covered"), value, url, _("every posted document"))
    return Figure(_("Covered"), value, url, _("see what is missing"), "doubt")


def next_action(run: StatementRun, user: User) -> Action | None:
    """What a person most likely does next with the period."""
    period = run.period
    ready = may_leave(Operation.objects.filter(statement__in=going(run), asked_at__isnull=True)).count()
    if run.state == RunState.FORMED and ready and user.may(Right.SEND):
        label = ngettext("Send %(n)s letter", "Send %(n)s letters", ready) % {"n": write_value(ready)}
        return Action(label, reverse("statements:posting", args=[period]), "send", key="p", is_primary=True)
    return None


def spread(run: StatementRun) -> dict[str, Any] | None:
    """How many statements have a sum of which size, in the currency that most have; the far ends are odd."""
    held = going(run).order_by().values_list("main_currency")
    kinds = list(held.annotate(n=Count("id"), largest=Max("main_total")).order_by("-n", "main_currency"))
    if sum(count for _currency, count, _largest in kinds) < ENOUGH:
        return None
    currency, _count, largest = kinds[0]
    edges = _edges(float(largest))
    bars = Case(
        *(When(main_total__lt=Decimal(int(edge)), then=number) for number, edge in enumerate(edges)),
        default=len(edges),
    )
    found = dict(going(run).filter(main_currency=currency).order_by().values_list(bars).annotate(n=Count("id")))
    counts = [found.get(number, 0) for number in range(len(edges) + 1)]
    first = 0 if counts[0] else 1
    labels = [_("below 0"), *(write_value(int(edge)) for edge in edges)]
    return {
        "values": counts[first:],
        "labels": labels[first:],
        "odd": [index - first for index in _far_ends(counts) if index >= first],
        "unit": currency,
    }


def _edges(largest: float) -> list[float]:
    """0, 10, 20, 50, 100 … up to the largest sum: where each bar begins."""
    edges, power = [0.0], 10
    while edges[-1] < largest:
        edges += [float(step * power) for step in STEPS if step * power <= largest or edges[-1] < largest / 10]
        power *= 10
        if power > largest * 10:
            break
    return [edge for edge in edges if edge <= largest] or [0.0]


def _far_ends(counts: Sequence[int]) -> list[int]:
    """Negative sums, and the few that are far larger than all others."""
    odd, total, tail = [0] if counts[0] else [], sum(counts), 0
    for index in range(len(counts) - 1, 1, -1):
        tail += counts[index]
        if tail > max(total * FEW, 1):
            break
        if counts[index]:
            odd.append(index)
    return odd


def count_anomalies(run: StatementRun) -> list[tuple[int, int]]:
    """How many statements are odd for which reason (its number), the weightiest first."""
    rows: Any = going(run).filter(anomalies__gt=0).order_by().values_list("anomalies")
    found: Counter[Anomaly] = Counter()
    for value, count in rows.annotate(n=Count("id")):
        for reason in Anomaly(value):
            found[reason] += count
    return [(count, int(reason)) for reason, count in sorted(found.items(), reverse=True)]
