"""The rows of a list's table, and filters that write amounts and plain numbers as the reader's language does."""

from decimal import Decimal, InvalidOperation
from typing import Any

from django import template
from django.template.loader import get_template
from django.utils.html import conditional_escape, escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from depesa.core.languages import period_in_words
from depesa.core.money import rounded
from depesa.core.periods import Period
from depesa.ui.listings import Listing
from depesa.ui.lists import Column
from depesa.ui.values import write_value

register = template.Library()


@register.simple_tag
def table_rows(listing: Listing[Any]) -> SafeString:
    """The rows of this page with their cells; not a template's work because a page has hundreds of cells."""
    columns = listing.columns
    links = [column for column in columns if column.is_link]
    mark = gettext("Mark %(name)s")
    lines = []
    for record in listing.page.rows:
        box = ""
        if listing.declared.has_marks:
            name = next((text for column in links if (text := _text(column, record))), "") or str(record)
            box = _mark_cell(record.pk, mark % {"name": name}, record.pk in listing.marked_here)
        lines.append(f"<tr>\n{box}{''.join(_cell(column, record) for column in columns)}</tr>\n")
    return mark_safe("".join(lines))  # noqa: S308  every value is escaped where its cell is written


def _mark_cell(pk: int, words: str, is_marked: bool) -> str:
    box = f'<input type="checkbox" id="mark-{pk:d}" name="mark" value="{pk:d}"{" checked" if is_marked else ""}>'
    label = f'<span class="for-readers">{escape(words)}</span>'
    return f'<td class="mark"><label class="mark-box">{box}{label}</label></td>\n'


def _cell(column: Column[Any], record: Any) -> str:
    if column.is_link:
        inside = f'<a class="opens" href="{escape(_address_of(record))}">{escape(_text(column, record))}</a>'
        return f'<th scope="row" class="{column.width}">{inside}</th>\n'
    return f'<td class="{column.width}">{_inside(column, record)}</td>\n'


def _inside(column: Column[Any], record: Any) -> str:
    if column.draw:
        return conditional_escape(column.draw(record))
    if column.template:
        words = {"row": record, "value": column.value(record), "text": _text(column, record)}
        return get_template(column.template).render(words)
    return escape(_text(column, record))


def _text(column: Column[Any], record: Any) -> str:
    value = column.value(record)
    unit = f" {column.unit(record)}" if column.unit else ""
    return f"{write_value(value)}{unit}" if value not in (None, "") else ""


def _address_of(record: Any) -> str:
    find_url = getattr(record, "get_absolute_url", None)
    return find_url() if find_url else ""


@register.filter
def money(amount: Any, currency: str = "") -> str:
    """An amount in the minor units of its currency, and the currency: "1,234.50 EUR"; no-break blanks."""
    value = _decimal(amount)
    if value is None:
        return ""
    written = write_value(rounded(value, currency or "EUR"))
    return f"{written}\N{NO-BREAK SPACE}{currency}" if currency else written


@register.filter
def plain(number: Any) -> str:
    """A number with as many decimals as it has."""
    value = _decimal(number)
    return "" if value is None else write_value(int(value)) if value == int(value) else write_value(value)


def _decimal(value: Any) -> Decimal | None:
    try:
        return Decimal(str(value))
    except InvalidOperation:
        return None


@register.filter
def in_words(period: Period) -> str:
    """A period as the reader's language names it in a sentence."""
    return period_in_words(period)
