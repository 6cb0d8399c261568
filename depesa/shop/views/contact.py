"""Newsletter and contact form."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from depesa.shop.forms.accounts import ContactForm
from depesa.shop.models import LinkKind
from depesa.shop.services import contact as messages_of_visitors
from depesa.shop.services import links, newsletter
from depesa.shop.views.visitors import ShopRequest, ask_by_email, public
from depesa.ui.forms import refusals_shown


@public
def newsletter_form(request: ShopRequest) -> HttpResponse:
    """Ask for the newsletter; the answer is the same for whoever has it."""
    return ask_by_email(request, newsletter.ask, what="newsletter", template="shop/newsletter.html")


@public
def newsletter_link(request: ShopRequest, token: str) -> HttpResponse:
    """The link of the letter: one more click, so that no mail scanner subscribes anybody."""
    if request.method == "POST":
        newsletter.confirm(token)
        messages.success(request, _("You will get our newsletter."))
        return redirect("shop:home", request.visitor.language)
    link = links.found(LinkKind.NEWSLETTER, token)
    return render(request, "shop/newsletter_link.html", {"link": link})


@public
def contact(request: ShopRequest) -> HttpResponse:
    """Write to us."""
    visitor = request.visitor
    known = {"name": visitor.account.customer.name, "email": visitor.account.email} if visitor.account else {}
    form = ContactForm(request.POST or None, initial={**known, "order": request.GET.get("order", "")[:40]})
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        written = {name: values[name] for name in ("email", "text", "name")} | {"order_number": values["order"]}
        where = {"language": visitor.language, "machine": visitor.machine}
        with refusals_shown(form):
            if not form.is_trapped:
                messages_of_visitors.write(**written, **where, account=visitor.account)
            return render(request, "shop/letter_sent.html", {"email": values["email"], "what": "message"})
    return render(request, "shop/contact.html", {"form": form}, status=422 if form.errors else 200)
