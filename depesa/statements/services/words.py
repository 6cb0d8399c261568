"""The words of a statement's letter, filled once when it is formed."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from depesa.company.models import Company
from depesa.core.periods import Period
from depesa.customers.models import Customer
from depesa.emails.placeholders import Reader
from depesa.emails.services import CannotFill, Filled, fill_many
from depesa.statements.paper import Ledger, money
from depesa.statements.placeholders import MONTHLY_STATEMENT, AboutStatement
from depesa.statements.rules import LETTER


@dataclass(frozen=True, slots=True, kw_only=True)
class Occasion:
    """What one letter tells."""

    customer: Customer
    language: str
    period: Period
    ledger: Ledger
    contact: str = ""
    revision: int = 1
    changes: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Wording:
    """Subject and text as the customer will read them, or the problem that left them empty."""

    subject: str = ""
    text: str = ""
    problem: str = ""
    html: str = ""  # what stands in the frame, if the text has HTML of its own


def word_letters(occasions: Sequence[Occasion], company: Company) -> list[Wording]:
    """The letters in the order of the occasions; one that cannot be written stops nothing."""
    filled = fill_many(LETTER, [(each.language, _values(each, company)) for each in occasions])
    return [Wording(problem=str(letter)) if isinstance(letter, CannotFill) else _wording(letter) for letter in filled]


def _wording(letter: Filled) -> Wording:
    return Wording(letter.subject, letter.text, html=letter.html)


def _values(occasion: Occasion, company: Company) -> Callable[[str], dict[str, Any]]:
    return partial(_values_in, occasion, company)


def _values_in(occasion: Occasion, company: Company, language: str) -> dict[str, Any]:
    about = AboutStatement(
        company=company,
        language=language,
        contact=occasion.contact,
        reader=Reader.of(occasion.customer),
        period=occasion.period,
        document_count=len(occasion.ledger.rows),
        totals={currency: money(total[2]) for currency, total in occasion.ledger.totals.items()},
        revision=occasion.revision,
        changes=occasion.changes,
    )
    return MONTHLY_STATEMENT.values(about)
