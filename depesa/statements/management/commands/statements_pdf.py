"""depesa statements pdf 2011-06 CODE --output FILE: one customer's PDF as it was or will be sent."""

from argparse import ArgumentParser
from collections.abc import Mapping
from pathlib import Path
from typing import Any, override

from django.utils.translation import gettext as _

from depesa.core.errors import Refused
from depesa.core.periods import Period
from depesa.statements.management.periods import PeriodCommand, run_of
from depesa.statements.queries import going


class Command(PeriodCommand):
    """Write the PDF of one customer's statement to a file."""

    @override
    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("customer", help="code of the customer")
        parser.add_argument("--output", required=True, metavar="FILE", help="where to write the PDF")

    @override
    def done(self, period: Period, options: Mapping[str, Any]) -> dict[str, Any]:
        statement = (
            going(run_of(period)).filter(customer__code=options["customer"]).select_related("paper__blob").first()
        )
        if statement is None:
            raise Refused(_("%(customer)s has no statement for %(period)s.") % {**options, "period": period})
        if statement.paper is None:
            raise Refused(_("The PDF is not ready: %(why)s.") % {"why": statement.get_state_display()})
        content = bytes(statement.paper.blob.content)
        Path(options["output"]).write_bytes(content)
        return {"file": options["output"], "name": statement.paper.name, "bytes": len(content)}
