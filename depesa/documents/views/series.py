"""Number series and closed books, in the settings."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from depesa.documents import services
from depesa.documents.forms.series import BooksForm, SeriesForm
from depesa.documents.models import Books, NumberSeries
from depesa.documents.queries import check_series
from depesa.staff.policy import DeskRequest, asks
from depesa.staff.rules import Right
from depesa.ui.forms import Back, answer_form, saved


@asks(Right.SET_UP)
def series(request: DeskRequest) -> HttpResponse:
    """Every number series with its next number and whether one is missing; until when the books are closed."""
    form = BooksForm(request.POST or None, instance=Books.now())

    def keep() -> None:
        services.save_books(form.cleaned_data["closed_until"], version=form.seen, by=request.user)

    if saved(request, form, keep):
        return redirect("documents:series")
    checks = [check_series(each) for each in NumberSeries.objects.order_by("code")]
    shown = {"checks": checks, "form": form}
    return render(request, "documents/series.html", shown, status=422 if form.errors else 200)


@asks(Right.SET_UP)
def new_series(request: DeskRequest) -> HttpResponse:
    """Open a number series."""
    return _answer_form(request, NumberSeries(), _("New number series"))


@asks(Right.SET_UP)
def edit_series(request: DeskRequest, pk: int) -> HttpResponse:
    """Change a number series."""
    found = get_object_or_404(NumberSeries, pk=pk)
    return _answer_form(request, found, _("Number series %(code)s") % {"code": found.code})


def _answer_form(request: DeskRequest, found: NumberSeries, title: str) -> HttpResponse:
    form = SeriesForm(request.POST or None, instance=found)
    if saved(request, form, lambda: services.save_series(found, form.cleaned_data, version=form.seen, by=request.user)):
        return redirect("documents:series")
    return answer_form(request, form, title, Back(pgettext("several", "Number series"), "documents:series"))
