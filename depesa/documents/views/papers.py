"""Papers as every preview shows them: the file itself, and its pages as pictures."""

from functools import partial

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.csp import csp_override

from depesa.documents.models import Paper
from depesa.mail.frames import SANDBOX, show_file, show_page
from depesa.pdf import page_picture
from depesa.staff.policy import shows
from depesa.staff.rules import Right


@shows(Right.SEE)
@csp_override(SANDBOX)
def paper(request: HttpRequest, pk: int) -> HttpResponse:
    """The file inside the page."""
    found = get_object_or_404(Paper.objects.select_related("blob"), pk=pk)
    return show_file(request, bytes(found.blob.content), name=found.name, media_type=found.media_type)


@shows(Right.SEE)
@csp_override(SANDBOX)
def paper_page(request: HttpRequest, pk: int, page: int) -> HttpResponse:
    """A page of a PDF as a picture; `?scale=` small, page or large."""
    found = get_object_or_404(Paper.objects.select_related("blob"), pk=pk)
    return show_page(request, found.blob.sha256, page, partial(page_picture, bytes(found.blob.content)))
