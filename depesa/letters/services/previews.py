"""How a text would read, before it is saved: with samples or for a real customer."""

from dataclasses import dataclass, field
from typing import Any

from depesa.company.models import Company
from depesa.customers.models import Customer
from depesa.letters.models import SystemEmailText
from depesa.letters.placeholders import Context, context_of
from depesa.letters.services.filling import CannotFill, Filled, fill_text
from depesa.letters.services.problems import Problem, check
from depesa.letters.services.values import values_of_company, values_of_customer


@dataclass(frozen=True, slots=True)
class Preview:
    """The letter as it would be read, or what keeps it from being written."""

    letter: Filled | None = None
    problems: list[Problem] = field(default_factory=list)
    refusal: str = ""


def preview(
    text: SystemEmailText, *, company: Company, customer: Customer | None = None, is_revision: bool = False
) -> Preview:
    """The text filled with samples; the company is ours, and the customer a real one if given."""
    if problems := check(text.system_email.context, text.subject, text.body):
        return Preview(problems=problems)
    context = context_of(text.system_email.context)
    try:
        letter = fill_text(text, _values(context, text.language, company, customer, is_revision=is_revision))
    except CannotFill as refusal:
        return Preview(refusal=str(refusal))
    return Preview(letter)


def _values(
    context: Context, language: str, company: Company, customer: Customer | None, *, is_revision: bool
) -> dict[str, Any]:
    values = context.samples(language)
    values["company"] = values_of_company(company)
    if customer is not None:
        values["customer"] = values_of_customer(customer, language)
    if not is_revision and "revision" in values:
        values["revision"] = {"number": 1, "changes": []}
    return values
