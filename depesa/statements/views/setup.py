"""What the trader chooses about statements."""

from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from depesa.staff.policy import DeskRequest, asks
from depesa.staff.rules import Right
from depesa.statements.forms import SettingsForm
from depesa.statements.models import Settings
from depesa.statements.services.settings import save_settings
from depesa.ui.forms import Back, answer_form, saved


@asks(Right.SET_UP)
def settings(request: DeskRequest) -> HttpResponseBase:
    """How statements are formed, and what makes one odd."""
    form = SettingsForm(request.POST or None, instance=Settings.now())
    if saved(request, form, lambda: save_settings(form.cleaned_data, by=request.user, version=form.seen)):
        return redirect("statements:settings")
    return answer_form(request, form, _("Monthly statements"), Back(_("Settings"), "dashboard:settings"))
