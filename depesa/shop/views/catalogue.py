"""What the shop offers: the catalogue, a product, its picture, the terms of sale."""

from typing import Final

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import translation
from django.views.decorators.http import require_safe

from depesa.catalog.models import Product
from depesa.catalog.queries import categories_on_sale
from depesa.company.queries import current
from depesa.core.languages import codes
from depesa.core.search import typed
from depesa.shop.queries import offers, the_shop
from depesa.shop.views.visitors import ShopRequest, public

PAGE: Final = 24


@login_not_required
@require_safe
def door(request: HttpRequest) -> HttpResponse:
    """To the shop in the language that the browser asks for, or in the company's."""
    asked = translation.get_language_from_request(request) if "HTTP_ACCEPT_LANGUAGE" in request.META else ""
    return redirect("shop:home", asked if asked in codes() else current().language)


@require_safe
@public
def nowhere(request: ShopRequest, rest: str) -> HttpResponse:
    """An address of the shop at which nothing is; one without its last slash leads to the one with it."""
    if not rest.endswith("/"):
        return redirect(f"{request.path}/")
    raise Http404


@require_safe
@public
def home(request: ShopRequest) -> HttpResponse:
    """The catalogue: all of it, of one category, or what was searched for."""
    text, code = typed(request.GET.get("q", "")), request.GET.get("category", "")
    categories = list(categories_on_sale())
    category = next((each for each in categories if each.code == code), None)
    rows = Product.objects.on_sale().select_related("category")
    rows = rows.filter(category=category) if category else rows
    rows = rows.about(text) if text else rows
    page = Paginator(rows.order_by("position", "name_key", "pk"), PAGE).get_page(request.GET.get("page"))
    shown = {
        "categories": categories,
        "category": category,
        "text": text,
        "page": page,
        "offers": offers(list(page.object_list), request.visitor.money),
    }
    return render(request, "shop/home.html", shown)


@require_safe
@public
def product(request: ShopRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Product.objects.on_sale().select_related("category"), pk=pk)
    offered = offers([found], request.visitor.money)
    if not offered:
        raise Http404
    return render(request, "shop/product.html", {"offer": offered[0], "product": found})


@login_not_required
@require_safe
def picture(request: HttpRequest, pk: int) -> HttpResponse:
    """A product's picture; its address changes with it, so that it is kept by browsers."""
    found = get_object_or_404(Product.objects.on_sale().select_related("image"), pk=pk)
    if found.image is None or not the_shop().is_open:
        raise Http404
    content = bytes(found.image.content)
    kind = "image/png" if content.startswith(b"\x89PNG") else "image/jpeg"
    kept = {"Cache-Control": "public, max-age=31536000, immutable", "X-Content-Type-Options": "nosniff"}
    return HttpResponse(content, content_type=kind, headers=kept)


@require_safe
@public
def terms(request: ShopRequest) -> HttpResponse:
    return render(request, "shop/terms.html")
