"""Pages of products: list, card, entry."""

from typing import Any, Final

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.formats import number_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from depesa.catalog import queries, services
from depesa.catalog.forms import ProductForm
from depesa.catalog.models import Category, Price, Product
from depesa.history.queries import timeline
from depesa.staff.policy import DeskRequest, asks, shows
from depesa.staff.rules import Right
from depesa.ui.answers import answer_list
from depesa.ui.filters import Choice, Yes
from depesa.ui.forms import Back, answer_form, refusals_shown
from depesa.ui.lists import Column, List, Sort
from depesa.ui.templatetags.ui import badge


def _stock(row: Product) -> str:
    return "" if row.stock is None else number_format(row.stock.normalize(), force_grouping=True)


PRODUCTS: Final = List[Product](
    name="products",
    title=gettext_lazy("Products"),
    columns=[
        Column("code", gettext_lazy("code"), lambda row: row.code, width="tight"),
        Column("name", gettext_lazy("name"), lambda row: row.name, width="long", is_link=True),
        Column("category", gettext_lazy("category"), lambda row: str(row.category or ""), width="wide"),
        Column("price", gettext_lazy("price"), lambda row: row.price, width="number"),
        Column("vat_rate", gettext_lazy("VAT rate, %"), lambda row: row.vat_rate, width="wider"),
        Column("stock", gettext_lazy("in stock"), _stock, width="number"),
        Column(
            "active",
            gettext_lazy("on sale"),
            lambda row: row.is_active,
            draw=lambda row: SafeString() if row.is_active else badge("inactive"),
        ),
    ],
    sorts=[
        Sort("name", ["name_key", "id"]),
        Sort("code", ["code_key", "id"]),
    ],
    filters=[
        Choice(
            "category",
            gettext_lazy("category"),
            choices=Category.objects.order_by("position", "pk"),
            named_by="code",
            where="category__code",
        ),
        Yes("sold-out", gettext_lazy("sold out"), where=lambda rows, _yes: rows.filter(stock__lte=0)),
        Yes("hidden", gettext_lazy("not on sale"), where=lambda rows, _yes: rows.filter(is_active=False)),
    ],
    search=lambda rows, text: rows.found_by(text),  # type: ignore[attr-defined]
    search_label=gettext_lazy("Name or code"),
    has_marks=False,
)


@asks(Right.SEE)
def products(request: DeskRequest) -> HttpResponseBase:
    rows = Product.objects.visible_to(request.user).select_related("category")
    context = {
        "empty_template": "catalog/no_products.html",
        "may_write": request.user.may(Right.WRITE),
        "may_set_up": request.user.may(Right.SET_UP),
        "usual": queries.default_price_list(),
    }
    return answer_list(request, PRODUCTS, rows, template="catalog/products.html", context=context)


@shows(Right.SEE)
def product(request: DeskRequest, pk: int) -> HttpResponse:
    """One product: texts, prices, what happened."""
    found = get_object_or_404(Product.objects.select_related("category", "image"), pk=pk)
    lists = queries.price_lists()
    shown = {
        "product": found,
        "prices": [(each, queries.price_of(found, each)) for each in lists],
        "usual": queries.default_price_list(),
        "entries": timeline(Product.ref_of(pk), labels=_labels()),
        "may_write": request.user.may(Right.WRITE),
    }
    return render(request, "catalog/product.html", shown)


@asks(Right.WRITE)
def new(request: DeskRequest) -> HttpResponse:
    """Enter a product."""
    return _answer_form(request, Product(), _("New product"))


@asks(Right.WRITE)
def edit(request: DeskRequest, pk: int) -> HttpResponse:
    """Change a product."""
    found = get_object_or_404(Product.objects.select_related("category", "image"), pk=pk)
    return _answer_form(request, found, found.name)


@shows(Right.SEE)
def picture(request: DeskRequest, pk: int) -> HttpResponse:
    """The product's picture."""
    found = get_object_or_404(Product.objects.select_related("image"), pk=pk)
    if found.image is None:
        raise Http404
    return answer_picture(bytes(found.image.content))


def answer_picture(content: bytes) -> HttpResponse:
    """A picture that we have written ourselves, typed by what it is."""
    kind = "image/png" if content.startswith(b"\x89PNG") else "image/jpeg"
    return HttpResponse(content, content_type=kind, headers={"X-Content-Type-Options": "nosniff"})


def _answer_form(request: DeskRequest, found: Product, title: str) -> HttpResponse:
    services.ensure_default_list()
    own = {row.price_list_id: row.price for row in Price.objects.filter(product=found.pk)} if found.pk else {}
    form = ProductForm(request.POST or None, request.FILES or None, found, lists=queries.price_lists(), own=own)
    if form.is_valid():
        with refusals_shown(form):
            saved = (
                services.change(found, form.values(), version=form.cleaned_data["version"], by=request.user)
                if found.pk
                else services.create(form.values(), by=request.user)
            )
            messages.success(request, _("Saved."))
            return redirect(saved)
    back = Back(found.name, found) if found.pk else Back(_("Products"), "catalog:products")
    return answer_form(request, form, title, back, "catalog/product_form.html", product=found if found.pk else None)


def _labels() -> dict[str, Any]:
    return {field.name: field.verbose_name for field in Product._meta.fields}
