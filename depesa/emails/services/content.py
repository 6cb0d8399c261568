"""Fill a system e-mail with values: what a customer will read."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Final

from liquid.exceptions import LiquidError, ResourceLimitError, UndefinedError

from depesa.company.queries import current
from depesa.core.errors import DomainError
from depesa.core.languages import ENGLISH, speaking
from depesa.core.links import is_web_address, unbroken
from depesa.core.reasons import gettext as _
from depesa.emails.contributions import Values, ValuesIn
from depesa.emails.models import SystemEmail, SystemEmailText
from depesa.emails.placeholders import AnyContext, AnyPlaceholder, Kind, Row, Table, context_of
from depesa.emails.services.dialect import LONGEST_LIST, EmptyValue, Parts, compiled

LONGEST_SUBJECT: Final = 250


class CannotFill(DomainError):
    """The letter cannot be written."""


class NoText(CannotFill):
    """This system e-mail has no text in any language."""


class MissingValue(CannotFill):
    """A placeholder of the text has no value."""


class NotALink(CannotFill):
    """A link in the text does not begin with https:// or http://."""


class SubjectNotUsable(CannotFill):
    """The subject is empty or too long."""


class TooMuch(CannotFill):
    """The letter is too long or takes too long to write."""


@dataclass(frozen=True, slots=True)
class Filled:
    """A letter as it will be read; `is_fallback`: there is no text in the language that was asked for.

    `html` is what stands inside the frame; it is empty where the text has no HTML of its own.
    """

    subject: str
    text: str
    language: str
    is_fallback: bool = False
    html: str = ""


@dataclass(frozen=True, slots=True)
class Chosen:
    """The text that serves a language."""

    text: SystemEmailText
    is_fallback: bool


def fill(code: str, language: str, values: Values | ValuesIn) -> Filled:
    """The system e-mail in the language, with the values filled in; CannotFill names what is wrong.

    Without a text in the language the company's language serves, then English, then any. Give a function to get values
    in the language that is used at last.
    """
    [letter] = fill_many(code, [(language, values)])
    if isinstance(letter, CannotFill):
        raise letter
    return letter


def fill_many(code: str, items: Iterable[tuple[str, Values | ValuesIn]]) -> list[Filled | CannotFill]:
    """Each (language, values) as a letter, or as the error that says why it cannot be written; in the same order."""
    email = SystemEmail.objects.get(code=code)
    context, choose = context_of(email.context), _chooser(email)
    return [_filled(context, choose(language), values) for language, values in items]


def fill_text(text: SystemEmailText, values: Values) -> Filled:
    """This very text with the values, saved or not; for previews."""
    context = context_of(text.system_email.context)
    return fill_parts(context, Parts(text.subject, text.body, text.html), values, text.language)


def fill_parts(context: AnyContext, parts: Parts, values: Values, language: str) -> Filled:
    """Parts made ready beforehand, with the values; CannotFill names what is wrong."""
    subject, body, html = _filled_parts(context, parts, values, language)
    return Filled(subject, body, language, html=html)


def _chooser(email: SystemEmail) -> Callable[[str], Chosen | NoText]:
    texts = {text.language: text for text in email.texts.all()}
    order = [current().language, ENGLISH, *texts]

    def choose(language: str) -> Chosen | NoText:
        for candidate in (language, *order):
            if candidate in texts:
                return Chosen(texts[candidate], is_fallback=candidate != language)
        return NoText()

    return choose


def _filled(context: AnyContext, chosen: Chosen | NoText, values: Values | ValuesIn) -> Filled | CannotFill:
    if isinstance(chosen, CannotFill):
        return chosen
    text = chosen.text
    try:
        given = values(text.language) if callable(values) else values
        parts = compiled(text.pk, text.version, text.subject, text.body, text.html)
        subject, body, html = _filled_parts(context, parts, given, text.language)
    except CannotFill as problem:
        return problem
    except LiquidError as problem:  # a text that came past the check on saving
        return CannotFill(_("The letter cannot be written: %(what)s.") % {"what": problem.message})
    return Filled(subject, body, text.language, chosen.is_fallback, html)


def _filled_parts(context: AnyContext, parts: Parts, values: Values, language: str) -> tuple[str, str, str]:
    try:
        subject, body, html = parts.filled(plain(context, values, language, parts.source))
    except EmptyValue as problem:
        raise MissingValue(
            _("“%(name)s” is empty. Fill it in, or say in the text what to write instead: %(example)s")
            % {"name": problem.message, "example": f'{{{{ {problem.message} | default: "…" }}}}'}
        ) from problem
    except UndefinedError as problem:
        raise MissingValue(_("The placeholder has no value: %(what)s.") % {"what": problem.message}) from problem
    except ResourceLimitError as problem:
        raise TooMuch from problem
    except LiquidError as problem:
        raise CannotFill(_("The letter cannot be written: %(what)s.") % {"what": problem.message}) from problem
    if not subject:
        raise SubjectNotUsable(_("The subject is empty."))
    if len(subject) > LONGEST_SUBJECT:
        raise SubjectNotUsable(_("The subject is longer than %(n)d characters.") % {"n": LONGEST_SUBJECT})
    return subject, body, html


def plain(context: AnyContext, values: Values, language: str, source: str) -> dict[str, Any]:
    """The values of the context as plain data, checked by kind; everything else stays outside.

    A link that leads nowhere matters only to the source that names it.
    """
    result: dict[str, Any] = {}
    for placeholder, folders, last in context.places:
        found: Any = values
        place = result
        for folder in folders:
            found = found.get(folder, {})
            place = place.setdefault(folder, {})
        if last in found:
            try:
                place[last] = _checked(placeholder, found[last], language)
            except NotALink:
                if placeholder.name in source:
                    raise
                place[last] = None
    return result


_ONE_BY_ONE: Final = (Kind.LIST, Kind.ROWS, Kind.TABLE)


def _checked(placeholder: AnyPlaceholder, value: Any, language: str) -> Any:
    match value:
        case None | "":
            return None
        case str() if placeholder.kind is Kind.LINK and not is_web_address(value):
            raise NotALink(
                _("Link is not http(s): %(name)s is “%(value)s”.") % {"name": placeholder.name, "value": value}
            )
        case str() if placeholder.kind is Kind.LINK:
            return unbroken(value)
        case bool() | int() | str() if placeholder.kind not in _ONE_BY_ONE:
            return value
        case list() if placeholder.kind is Kind.LIST and all(isinstance(item, str) for item in value):
            return value if len(value) <= LONGEST_LIST else [*value[:LONGEST_LIST], _note(len(value), language)]
        case list() if placeholder.kind is Kind.ROWS:
            rows = [_row(placeholder, row) for row in value[:LONGEST_LIST]]
            return rows if len(value) <= LONGEST_LIST else [*rows, _last_row(placeholder, _cut(len(value), language))]
        case Table() if placeholder.kind is Kind.TABLE:
            return (
                value if len(value.rows) <= LONGEST_LIST else value.cut(LONGEST_LIST, _cut(len(value.rows), language))
            )
    raise TypeError(f"{placeholder.name} is {type(value).__name__}; a letter takes plain text and whole numbers only")


def _row(placeholder: AnyPlaceholder, row: Any) -> Row:
    """The columns of a row that a text may name, as plain text; an empty one counts as no value."""
    cells = {column.name: row.get(column.name) or None for column in placeholder.columns}
    if all(value is None or isinstance(value, str) for value in cells.values()):
        return cells
    raise TypeError(f"{placeholder.name} has a row with something else than plain text")


def _last_row(placeholder: AnyPlaceholder, note: str) -> Row:
    """A row that says in words that there were more."""
    words = next((each.name for each in placeholder.columns if each.name == "text"), placeholder.columns[0].name)
    return {column.name: note if column.name == words else "" for column in placeholder.columns}


def _cut(count: int, language: str) -> str:
    with speaking(language):
        note = _("Only the first %(shown)d of %(all)d are shown.")
    return note % {"shown": LONGEST_LIST, "all": count}


def _note(count: int, language: str) -> str:
    with speaking(language):
        note = _("Only the first %(shown)d of %(all)d are shown; the attachment has them all.")
    return note % {"shown": LONGEST_LIST, "all": count}
