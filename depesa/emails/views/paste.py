"""A template from elsewhere is taken over."""

from django.http import HttpResponse
from django.shortcuts import render

from depesa.emails import services
from depesa.emails.forms import PasteForm
from depesa.staff.policy import DeskRequest, asks
from depesa.staff.rules import Right


@asks(Right.SET_UP)
def paste(request: DeskRequest) -> HttpResponse:
    """Paste it, get it with our placeholders, copy it into a system e-mail; nothing is saved."""
    form = PasteForm(request.POST or None, initial={"context": "order"})
    converted = None
    if request.method == "POST" and form.is_valid():
        converted = services.convert(form.cleaned_data["source"], form.cleaned_data["context"])
    shown = {"form": form, "converted": converted}
    return render(request, "emails/paste.html", shown, status=422 if form.errors else 200)
