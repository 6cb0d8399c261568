"""Tags of the shop: an amount with its currency, and the address of this page in another language."""

from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django import template
from django.urls import NoReverseMatch, reverse

from depesa.core.languages import Language, formatter, languages, spoken

register = template.Library()


@register.filter
def money(amount: Decimal | None, currency: str) -> str:
    """The amount as the language writes it, with its currency."""
    return "" if amount is None else formatter(spoken()).money_with_sign(Decimal(amount), currency)


@register.simple_tag(takes_context=True)
def page_in(context: Any, language: str) -> str:
    """This page in another language; where it has none, the catalogue."""
    request = context["request"]
    found = request.resolver_match
    if found is None or "language" not in found.kwargs:
        return reverse("shop:home", args=[language])
    try:
        address = reverse(found.view_name, kwargs=found.kwargs | {"language": language})
    except NoReverseMatch:
        return reverse("shop:home", args=[language])
    asked = {name: request.GET[name] for name in ("q", "category", "page", "order") if request.GET.get(name)}
    return f"{address}?{urlencode(asked)}" if asked else address


@register.simple_tag
def all_languages() -> list[Language]:
    return languages()
