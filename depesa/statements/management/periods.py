"""What the commands about a period have in common: its argument, the two outputs, the exit codes."""

from argparse import ArgumentParser
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, override

from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from depesa.core.commands import WRONG_USAGE, AnsweringCommand
from depesa.core.errors import Refused
from depesa.core.money import to_stored
from depesa.core.periods import NotAPeriod, Period
from depesa.statements.models import StatementRun, StatementState
from depesa.statements.paper import money
from depesa.statements.queries import coverage, figures


class PeriodCommand(AnsweringCommand):
    """A command about the statements of one period."""

    @override
    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("period", help="for example 2011-06, 2011-Q2, 2011 or 2011-06-05..2011-06-20")
        super().add_arguments(parser)

    @override
    def answer(self, options: Mapping[str, Any]) -> None:
        try:
            period = Period.parse(options["period"])
        except NotAPeriod:
            expected = _("Write a period as 2011-06, 2011-Q2, 2011 or 2011-06-05..2011-06-20.")
            raise CommandError(expected, returncode=WRONG_USAGE) from None
        result = self.done(period, options)
        lines = [f"{name.replace('_', ' ')}: {_value_text(value)}" for name, value in result.items()]
        self.tell(result, options, "\n".join(lines))
        if problem := self.problem_of(period):
            raise Refused(problem)

    def done(self, period: Period, options: Mapping[str, Any]) -> dict[str, Any]:
        """Do what the command is for; return what is to be told."""
        raise NotImplementedError

    def problem_of(self, period: Period) -> str:
        """What is wrong although it was done."""
        return ""


def _value_text(value: Any) -> Any:
    return ", ".join(f"{key} {each}" for key, each in value.items()) if isinstance(value, dict) else value


def run_of(period: Period) -> StatementRun:
    """The run of the period; Refused if it was never formed."""
    run = StatementRun.objects.of(period)
    if run is None:
        raise Refused(_("%(period)s has not been formed. Form it first.") % {"period": period})
    return run


def summary(run: StatementRun, *, formed: int) -> dict[str, Any]:
    """What the period holds now."""
    now, proof, following = figures(run), coverage(run), str(run.period.next) if run.period.repeats else ""
    return {
        "month": str(run.period),
        "period": str(run.period),
        "formed": formed,
        "already": now.statements - formed,
        "left_out": run.statements.filter(state=StatementState.LEFT_OUT).count(),
        "refused": run.refused.count(),
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
