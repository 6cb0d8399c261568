"""The page of our own firm."""

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from depesa.company.forms import CompanyForm
from depesa.company.queries import current
from depesa.company.services import save
from depesa.staff.policy import DeskRequest, asks, shows
from depesa.staff.rules import Right
from depesa.ui.forms import Back, answer_form, saved

_PNG = b"\x89PNG"


@asks(Right.SET_UP)
def company(request: DeskRequest) -> HttpResponse:
    """Who we are: shown on every letter and paper."""
    form = CompanyForm(request.POST or None, request.FILES or None, instance=current())

    def keep() -> None:
        given = form.cleaned_data
        logo, is_logo_dropped = given["new_logo"], given["drop_logo"]
        save(given, logo=logo, is_logo_dropped=is_logo_dropped, version=form.seen, by=request.user)

    if saved(request, form, keep):
        return redirect("company:company")
    back = Back(_("Settings"), "dashboard:settings")
    return answer_form(request, form, _("Company"), back, "company/company.html", company=current())


@shows(Right.SEE)
def logo(request: DeskRequest) -> HttpResponse:
    """The logo as it is printed."""
    found = current().logo
    if found is None:
        raise Http404
    content = bytes(found.content)
    response = HttpResponse(content, content_type="image/png" if content.startswith(_PNG) else "image/jpeg")
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
