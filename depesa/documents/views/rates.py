"""Exchange rates, in the settings."""

from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from depesa.company.queries import current, home_currency, today
from depesa.documents import services
from depesa.documents.forms.rates import RateForm
from depesa.documents.models import ExchangeRate
from depesa.staff.policy import DeskRequest, asks
from depesa.staff.rules import Right
from depesa.ui.forms import Back, answer_form, posted, saved

SHOWN = 60


@asks(Right.SET_UP)
def rates(request: DeskRequest) -> HttpResponseBase:
    """The newest rates of the currency of our country; enter one, or take a list."""
    home = home_currency(current())
    form = RateForm(posted(request), request.FILES or None, home=home, initial={"valid_on": today()})

    def keep() -> None:
        given = form.cleaned_data["list"]
        if given:
            services.take_list(given, by=request.user)
        else:
            services.save_rate(form.quote, by=request.user)

    if saved(request, form, keep):
        return redirect("documents:rates")
    newest = ExchangeRate.objects.filter(home=home).order_by("-valid_on", "currency")[:SHOWN]
    back = Back(_("Settings"), "dashboard:settings")
    return answer_form(request, form, _("Exchange rates"), back, "documents/rates.html", rates=newest, home=home)
