"""What the commands about a month have in common: its argument, the two outputs, the exit codes."""

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, override

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from depesa.core.errors import DomainError, Refused
from depesa.core.money import to_stored
from depesa.core.month import Month, NotAMonth
from depesa.statements.models import StatementRun
from depesa.statements.queries import coverage, figures, left_out
from depesa.statements.rules.sheets import money


class MonthCommand(BaseCommand):
    """A command about the statements of one month. Exit codes: 0 done, 1 refused, 2 wrongly called."""

    @override
    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("month", help="the month, for example 2011-06")
        parser.add_argument("--json", action="store_true", help="print one JSON object and nothing else")

    @override
    def handle(self, *args: Any, **options: Any) -> None:
        try:
            month = Month.parse(options["month"])
        except NotAMonth:
            raise CommandError(_("A month is written as year and month, for example 2011-06."), returncode=2) from None
        try:
            self.answer(month, options)
        except DomainError as problem:
            raise CommandError(str(problem), returncode=1) from problem

    def answer(self, month: Month, options: Mapping[str, Any]) -> None:
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


def run_of(month: Month) -> StatementRun:
    """The run of the month; Refused if it was never formed."""
    run = StatementRun.objects.filter(month=month.number).first()
    if run is None:
        raise Refused(_("%(month)s has not been formed. Form it first.") % {"month": month})
    return run


def summary(run: StatementRun, *, formed: int) -> dict[str, Any]:
    """What the month holds now."""
    now, proof = figures(run), coverage(run)
    return {
        "month": str(Month.from_number(run.month)),
        "formed": formed,
        "already": now.statements - formed,
        "left_out": len(left_out(run)),
        "documents": now.documents,
        "totals": _plain(now.totals),
        "without_address": now.without_address,
        "coverage": {
            "ok": proof.is_ok,
            "documents": proof.documents,
            "in_statements": proof.in_statements,
            "excluded": proof.excluded,
        },
        "next_month": str(Month.from_number(run.month).next),
    }


def _plain(totals: Mapping[str, Decimal]) -> dict[str, str]:
    return {currency: str(money(to_stored(amount))) for currency, amount in totals.items()}
