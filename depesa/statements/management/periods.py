"""What the commands about a period have in common: its argument, the two outputs, the exit codes."""

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, override

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from depesa.core.errors import DomainError, Refused
from depesa.core.money import to_stored
from depesa.core.periods import NotAPeriod, Period
from depesa.statements.models import StatementRun
from depesa.statements.paper import money
from depesa.statements.queries import coverage, figures, left_out


class PeriodCommand(BaseCommand):
    """A command about the statements of one period. Exit codes: 0 done, 1 refused, 2 wrongly called."""

    @override
    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("period", help="for example 2011-06, 2011-Q2, 2011 or 2011-06-05..2011-06-20")
        parser.add_argument("--json", action="store_true", help="print one JSON object and nothing else")

    @override
    def handle(self, *args: Any, **options: Any) -> None:
        try:
            period = Period.parse(options["period"])
        except NotAPeriod:
            expected = _("Write a period as 2011-06, 2011-Q2, 2011 or 2011-06-05..2011-06-20.")
            raise CommandError(expected, returncode=2) from None
        try:
            self.answer(period, options)
        except DomainError as problem:
            raise CommandError(str(problem), returncode=1) from problem

    def answer(self, period: Period, options: Mapping[str, Any]) -> None:
        """Do what the command is for."""
        raise NotImplementedError

    def tell(self, result: Mapping[str, Any], options: Mapping[str, Any]) -> None:
        """Print the result for programs or for people."""
        if options["json"]:
            self.stdout.write(json.dumps(result, ensure_ascii=False))
            return
        for name, value in result.items():
            text = ", ".join(f"{key} {each}" for key, each in value.items()) if isinstance(value, dict) else value
            self.stdout.write(f"{name.replace('_', ' ')}: {text}")


def run_of(period: Period) -> StatementRun:
    """The run of the period; Refused if it was never formed."""
    run = StatementRun.objects.of(period)
    if run is None:
        raise Refused(_("%(period)s has not been formed. Form it first.") % {"period": period})
    return run


def summary(run: StatementRun, *, formed: int) -> dict[str, Any]:
    """What the period holds now."""
    now, proof, following = figures(run), coverage(run), str(run.period.next) if run.period.repeats else ""
    without, refused = left_out(run), run.refused.count()
    return {
        "month": str(run.period),
        "period": str(run.period),
        "formed": formed,
        "already": now.statements - formed,
        "left_out": len(without) - refused,
        "refused": refused,
        "documents": now.documents,
        "totals": _totals_out(now.totals),
        "without_address": now.without_address,
        "coverage": {
            "ok": proof.is_ok,
            "documents": proof.documents,
            "in_statements": proof.in_statements,
            "excluded": proof.excluded,
        },
        "next_month": following,
        "next_period": following,
    }


def _totals_out(totals: Mapping[str, Decimal]) -> dict[str, str]:
    return {currency: str(money(to_stored(amount))) for currency, amount in totals.items()}
