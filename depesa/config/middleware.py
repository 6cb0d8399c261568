"""Every request: the user's language, and no page without a right."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBadRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.views.csrf import csrf_failure
from django_htmx.http import reswap, retarget

from depesa.company.queries import current
from depesa.core.deadlocks import Occupied, is_occupied
from depesa.core.errors import DomainError, StaleState
from depesa.core.inputs import machine_of
from depesa.core.security import log_security
from depesa.staff.middleware import ask_for_proof
from depesa.staff.models import User
from depesa.staff.services import note_saved_list
from depesa.ui.answers import SavedList

_OPEN_TO_NEW_USERS = ("account_change_password", "account_logout", "ui:theme", "set_language")
# Views of parts that are not ours and that check by themselves.
_OPEN_MODULES = ("allauth.account.", "django.views.static", "django.contrib.staticfiles.")


class ProxyMiddleware:
    """From where a request comes: what our own proxies say of it, and nothing that anybody else says."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        said, peer = request.META, request.META.get("REMOTE_ADDR", "")
        forwarded = [part.strip() for part in said.pop("HTTP_X_FORWARDED_FOR", "").split(",") if part.strip()]
        if not settings.DEPESA_PROXIES or (peer and peer not in settings.DEPESA_PROXY_ADDRESSES):
            said.pop("HTTP_X_FORWARDED_PROTO", None)
        elif len(forwarded) >= settings.DEPESA_PROXIES:
            said["REMOTE_ADDR"] = forwarded[-settings.DEPESA_PROXIES]
        return self.get_response(request)


class DeskMiddleware:
    """Speak the user's language in the company's time zone; deny what the user's role may not do."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        company = current()
        chosen = request.user.language if isinstance(request.user, User) else ""
        language = chosen or _asked_for(request) or company.language
        with translation.override(language), timezone.override(company.time_zone):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
        _note(request, response)
        response.headers.setdefault("Content-Language", language)
        response.headers.setdefault("Cache-Control", "no-store")
        response.headers["X-DNS-Prefetch-Control"] = "off"  # no name in a link is looked up before it is clicked
        return response

    def admit(
        self, request: HttpRequest, view: Callable[..., Any], args: list[Any], kwargs: dict[str, Any]
    ) -> HttpResponseBase | None:
        """Raise PermissionDenied unless the view names a right and the user has it."""
        if _must_choose_a_password(request):
            return redirect("account_change_password")
        if view.__module__.startswith(_OPEN_MODULES) or not getattr(view, "login_required", True):
            return None
        right = getattr(view, "right", None)
        if isinstance(request.user, User) and (right is None or not request.user.may(right)):
            raise PermissionDenied
        return ask_for_proof(request, view)

    process_view = admit  # the name under which Django asks before it calls a view

    def explain(self, request: HttpRequest, exception: Exception) -> HttpResponseBase | None:
        """Answer what is refused with its sentence: a page of its own, or a note on the page that htmx asked from."""
        exception = Occupied() if is_occupied(exception) else exception
        if not isinstance(exception, DomainError):
            return None
        if getattr(request, "htmx", None):
            response = render(request, "ui/refused.html", {"exception": exception}, status=409)
            return retarget(reswap(response, "innerHTML"), "#messages")
        return render(
            request, "409.html", {"exception": exception, "is_stale": isinstance(exception, StaleState)}, status=409
        )

    process_exception = explain  # the name under which Django asks when a view raised


def _note(request: HttpRequest, response: HttpResponseBase) -> None:
    """What is refused stands in the log of security, and lists that were saved in the history."""
    user = request.user if isinstance(request.user, User) else None
    if isinstance(response, SavedList) and user:
        ending = request.GET.get("file", "")
        note_saved_list(user, response.name, ending=ending, query=request.META.get("QUERY_STRING", ""))
    is_for_programs = request.resolver_match and request.resolver_match.namespace == "api_v1"  # which says more
    if response.status_code == 403 and not is_for_programs:
        told = {"user": user.username if user else "-", "machine": machine_of(request), "path": request.path}
        log_security("page-refused", why=getattr(request, "forged", "right"), method=request.method, **told)


def refuse_forgery(request: HttpRequest, reason: str = "") -> HttpResponseBase:
    """The page for a form that did not come from here, or not any more; why stands in the log."""
    request.forged = reason  # type: ignore[attr-defined]
    return csrf_failure(request, reason)


def refuse_unreadable(_request: HttpRequest, exception: Exception) -> HttpResponseBase:
    """Say that the request cannot be read; unlike Django's own page without reading the form once more."""
    return HttpResponseBadRequest(render_to_string("400.html"))


def _must_choose_a_password(request: HttpRequest) -> bool:
    """Whether the user came in with a one-time password and wants to go on without choosing a new one."""
    name = request.resolver_match.view_name if request.resolver_match else ""
    is_new = isinstance(request.user, User) and request.user.has_one_time_password
    return is_new and name not in _OPEN_TO_NEW_USERS


def _asked_for(request: HttpRequest) -> str:
    return translation.get_language_from_request(request) if "HTTP_ACCEPT_LANGUAGE" in request.META else ""
