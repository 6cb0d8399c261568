"""How a text would read, before it is saved: with samples, for a real customer or for a real record."""

import base64
from dataclasses import dataclass, field
from typing import Any, Final

from depesa.company.models import Company
from depesa.customers.models import Customer
from depesa.emails.contributions import Record
from depesa.emails.models import SystemEmailText
from depesa.emails.placeholders import (
    COMPANY,
    FIRM,
    READER,
    About,
    AboutReader,
    AnyContext,
    Context,
    Reader,
    context_of,
)
from depesa.emails.services.content import CannotFill, Filled, fill_text
from depesa.emails.services.frame import frame
from depesa.emails.services.problems import Problem, check

FROM_US: Final = Context("company", "", (*COMPANY, *FIRM))
TO_THEM: Final = Context("customer", "", READER)
_DARK = "@media (prefers-color-scheme:dark)"
_SCHEMES = {"light": ("light", "not all"), "dark": ("dark", "all")}


@dataclass(frozen=True, slots=True)
class Preview:
    """The letter as it would be read, or what keeps it from being written."""

    letter: Filled | None = None
    problems: list[Problem] = field(default_factory=list)
    refusal: str = ""


def preview(
    text: SystemEmailText,
    *,
    company: Company,
    customer: Customer | None = None,
    record: Record | None = None,
    is_revision: bool = False,
) -> Preview:
    """The text filled with samples; the company is ours, the customer or the whole record a real one if given."""
    email = text.system_email
    if problems := check(email.context, text.subject, text.body, text.html):
        return Preview(problems=problems)
    context = context_of(email.context)
    try:
        if record is not None:
            return Preview(fill_text(text, record.values(text.language)))
        letter = fill_text(text, _values(context, text.language, company, customer, is_revision=is_revision))
    except CannotFill as refusal:
        return Preview(refusal=str(refusal))
    return Preview(letter)


def page_of(letter: Filled, company: Company, scheme: str = "") -> str:
    """The letter as a mail program shows it, pictures inside; `scheme`: "light" or "dark", else what the reader has."""
    page = frame(letter, company)
    html = page.html
    for picture in page.inline:
        inside = base64.b64encode(picture.content).decode()
        html = html.replace(f"cid:{picture.cid}", f"data:{picture.media_type};base64,{inside}")
    if chosen := _SCHEMES.get(scheme):
        only, media = chosen
        html = html.replace(_DARK, f"@media {media}").replace("color-scheme:light dark", f"color-scheme:{only}")
        html = html.replace('content="light dark"', f'content="{only}"')
    return html


def _values(
    context: AnyContext, language: str, company: Company, customer: Customer | None, *, is_revision: bool
) -> dict[str, Any]:
    values = context.samples(language, is_usual=not is_revision)
    values["company"] = FROM_US.values(About(company=company, language=language))["company"]
    if customer is not None:
        reader = AboutReader(company=company, language=language, reader=Reader.of(customer))
        values["customer"] = TO_THEM.values(reader)["customer"]
    return values
