"""Pages that ask before something is done to many rows, and do it only to as many as the person saw."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from depesa.ui.parts import Text


def odd(*counted: tuple[int, Text, str]) -> list[dict[str, Any]]:
    """What a person should look at first: how many, in words, and where they are; nothing of what there is none."""
    return [{"count": count, "text": text, "url": url} for count, text, url in counted if count]


def is_confirmed(request: HttpRequest, expected: int) -> bool:
    """Whether the person has seen this number and said yes."""
    return request.method == "POST" and request.POST.get("expected") == str(expected)


def ask(
    request: HttpRequest, expected: int, shown: Mapping[str, Any], template: str = "ui/confirm.html"
) -> HttpResponse:
    """The page that asks; after a yes to another number it says that things have changed, and asks again."""
    is_changed = request.method == "POST"
    context = {**shown, "expected": expected, "is_changed": is_changed}
    return render(request, template, context, status=409 if is_changed else 200)
