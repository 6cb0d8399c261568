"""Pages of the frame itself: the theme, and the parts as they stand."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from depesa.core.links import page_back
from depesa.ui import samples

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


@login_not_required
def parts(request: HttpRequest) -> HttpResponse:
    """Every shared part with sample data, while developing."""
    if not settings.DEBUG:
        raise Http404
    return render(request, "ui/parts.html", samples.everything())
