"""Every request of a user: whether the session goes on, and whether the password is asked for once more."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django_htmx.http import HttpResponseClientRedirect

from depesa.core.links import page_back
from depesa.staff.forms import ConfirmForm
from depesa.staff.models import User
from depesa.staff.services import go_on, is_proved

PROOF = "proof"  # the prefix of the field for the password
POLL = "Depesa-Poll"  # a header of requests that a page makes by itself


class SessionsMiddleware:
    """A session of the desk ends when nobody has used it for a while, and after a week whatever happens."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        user = request.user
        if isinstance(user, User) and not go_on(request, user, is_used=POLL not in request.headers):
            logout(request)
        return self.get_response(request)


def ask_for_proof(request: HttpRequest, view: Callable[..., Any]) -> HttpResponseBase | None:
    """The page that asks for the password before a grave act, None where it may be done; nothing typed is lost."""
    is_grave = getattr(view, "is_grave", None)
    if is_grave is None or not is_grave(request) or is_proved(request):
        return None
    if request.method == "POST" and not request.FILES and not getattr(request, "htmx", None):
        return _ask_and_keep(request)
    here = page_back(request.headers.get("Referer")) if request.method == "POST" else request.get_full_path()
    address = f"{reverse('account_reauthenticate')}?{urlencode({'next': here})}"
    return HttpResponseClientRedirect(address) if getattr(request, "htmx", None) else redirect(address)


def _ask_and_keep(request: HttpRequest) -> HttpResponse | None:
    """What was sent travels along in the page, and is done when it comes again with the password."""
    is_answer = f"{PROOF}-password" in request.POST
    form = ConfirmForm(request.POST if is_answer else None, user=request.user, prefix=PROOF)
    if is_answer and form.is_valid():
        return None
    sent = [
        (name, value)
        for name, values in request.POST.lists()
        for value in values
        if name not in {f"{PROOF}-password", "csrfmiddlewaretoken"}
    ]
    shown = {"form": form, "sent": sent, "action": request.get_full_path()}
    return render(request, "account/reauthenticate.html", shown, status=422 if form.errors else 200)
