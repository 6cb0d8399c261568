"""A template of documents as it would print a real order; the editor of templates asks for it by its address."""

from typing import Final

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from depesa.company.queries import current
from depesa.core.inputs import read_lines, read_text
from depesa.core.languages import codes
from depesa.documents.models import DocumentType
from depesa.orders.models import Order
from depesa.orders.paper import order_job
from depesa.orders.services.documents.issue import foreseen_paper
from depesa.orders.services.documents.pdfs import logo_of
from depesa.pdf import Preview, Problem, preview_of
from depesa.staff.policy import DeskRequest, acts
from depesa.staff.rules import Right

ALL: Final = "all"  # as in the addresses of templates: every language, here that of the order


@acts(Right.SET_UP)
def template_preview(request: DeskRequest, pk: int, language: str) -> HttpResponse:
    """The pages of an order's document with the source as it is typed now."""
    if language not in {*codes(), ALL}:
        raise Http404
    kind = get_object_or_404(DocumentType.objects.select_related("series"), pk=pk)
    number = read_text(request.POST.get("order"), most=60)
    order = Order.objects.visible_to(request.user).filter(number=number).first()
    if order is None:
        shown = Preview(problem=Problem(_("There is no order %(number)s.") % {"number": number or "…"}))
    else:
        paper = foreseen_paper(order, kind, language="" if language == ALL else language)
        shown = preview_of(
            order_job("preview", paper, source=read_lines(request.POST.get("source")), logo=logo_of(current()))
        )
    template = "documents/types/preview.html" if request.htmx else "documents/types/of_order_page.html"
    return render(request, template, {"preview": shown, "kind": kind, "order": number})
