"""What letters may name: kinds of values and where they come from. Apps above bring an occasion each in their plug."""

from depesa.emails.placeholders.kinds import (
    CONTEXTS,
    AnyContext,
    AnyPlaceholder,
    Column,
    Context,
    Kind,
    Placeholder,
    Row,
    maybe,
)
from depesa.emails.placeholders.shared import (
    COMPANY,
    CUSTOMER,
    FIRM,
    GREETING,
    READER,
    VOCATIVE,
    About,
    AboutReader,
    Reader,
)
from depesa.emails.placeholders.tables import Table, TableRow


class UnknownContext(LookupError):
    """No letters are written on this occasion."""


def context_of(code: str) -> AnyContext:
    """The context with this code; UnknownContext if there is none."""
    try:
        return CONTEXTS[code]
    except KeyError:
        raise UnknownContext(code) from None


def contexts() -> tuple[AnyContext, ...]:
    """Every occasion on which letters are written."""
    return tuple(CONTEXTS.values())
