"""What the frame itself answers: the theme."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from depesa.core.links import page_back

A_YEAR = 365 * 24 * 3600


@login_not_required
@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    """Remember light, dark or auto on this machine and return to where the person was."""
    response = redirect(page_back(request.POST.get("next")))
    chosen = request.POST.get("theme", "auto")
    if chosen in ("light", "dark", "auto"):
        response.set_cookie("theme", chosen, max_age=A_YEAR, samesite="Lax", secure=request.is_secure())
    return response
