"""The policy at the pages: a view names the right it needs; a view that names none is closed."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from django.views.decorators.http import require_http_methods
from django_htmx.middleware import HtmxDetails

from depesa.staff.models import User
from depesa.staff.rules import Right


class DeskRequest(HttpRequest):
    """A request of somebody who is signed in, as every view that names a right gets it."""

    user: User
    htmx: HtmxDetails


def allow[View: Callable[..., Any]](right: Right) -> Callable[[View], View]:
    """Open a view for users who have the right; readers see a sentence instead."""

    def mark(view: View) -> View:
        view.right = right  # type: ignore[attr-defined]
        return view

    return mark


def shows[View: Callable[..., Any]](right: Right) -> Callable[[View], View]:
    """Open a view that only shows something."""
    return lambda view: allow(right)(require_http_methods(["GET", "HEAD"])(view))


def asks[View: Callable[..., Any]](right: Right) -> Callable[[View], View]:
    """Open a view that asks for something and takes the answer."""
    return lambda view: allow(right)(require_http_methods(["GET", "HEAD", "POST"])(view))


def acts[View: Callable[..., Any]](right: Right) -> Callable[[View], View]:
    """Open a view that only does something."""
    return lambda view: allow(right)(require_http_methods(["POST"])(view))


def _is_sent(request: HttpRequest) -> bool:
    return request.method == "POST"


def takes_along(request: HttpRequest) -> bool:
    """Whether a list is asked for as a file."""
    return request.method == "GET" and "file" in request.GET


def grave[View: Callable[..., Any]](when: Callable[[HttpRequest], bool] = _is_sent) -> Callable[[View], View]:
    """Ask for the password once more where it was typed too long ago, before the view does what it does.

    `when` says of a request of a user whether it is grave; usually whatever is sent is.
    """

    def mark(view: View) -> View:
        view.is_grave = when  # type: ignore[attr-defined]
        return view

    return mark
