"""Place an order by hand: customer, items, shipping and payment, summary."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from depesa.catalog.models import Product
from depesa.core.errors import DomainError, Faults
from depesa.core.inputs import read_key
from depesa.customers.models import Customer
from depesa.orders import services
from depesa.orders.forms.items import after, drafts_of, lines_with, row_of_product
from depesa.orders.forms.placement import STEPS, CustomerStep, Steps, from_card
from depesa.orders.models import Order
from depesa.orders.queries.products import hits_for
from depesa.orders.services.drafts import ItemDraft, check_items
from depesa.orders.services.rehearsal import Foreseen, foresee
from depesa.orders.views.changes import act_of
from depesa.staff.policy import DeskRequest, asks, shows
from depesa.staff.rules import Right
from depesa.ui.forms import pressed, show_refusal

HITS = 8
_LINE_ACTS = ("more", "drop", "add", "find")
_STEP_OF = {"items": "items", "payment_kind": "ways", "number": "summary", "variable_symbol": "summary"}


@asks(Right.WRITE)
def new(request: DeskRequest) -> HttpResponse:
    """Place an order by hand, step by step."""
    if request.method != "POST":
        return _choose(request, Steps(), request.GET.get("customer", ""))
    step, act = request.POST.get("step", ""), act_of(request.POST)
    step = step if step in STEPS else "customer"
    steps, (word, _dash, key) = Steps(request.POST), act.partition("-")
    if word == "choose":
        return _choose(request, steps, key)
    if word in _LINE_ACTS and step == "items":
        steps.items = lines_with(_rows_after(request, steps, word, key)) if word != "find" else steps.items
        return _show_step(request, steps, step)
    if word in ("who", "back"):
        return _show_step(request, steps, step if word == "who" else STEPS[max(STEPS.index(step) - 1, 0)])
    return _go_on(request, steps, step)


@shows(Right.SEE)
def customer_hits(request: DeskRequest) -> HttpResponse:
    """Customers whose code, name or e-mail begins as typed, each as a button that chooses the card."""
    hits = _customers(request, request.GET.get("who", ""))
    return render(request, "orders/parts/customer_hits.html", {"customers": hits})


def _customers(request: DeskRequest, text: str) -> list[Customer]:
    bare = text.strip()[:100]
    rows = Customer.objects.visible_to(request.user).found_by(bare).order_by("name_key", "id")
    return list(rows[:HITS]) if bare else []


def _choose(request: DeskRequest, steps: Steps, key: str) -> HttpResponse:
    cards = Customer.objects.visible_to(request.user).select_related("price_list")
    if card := cards.filter(pk=read_key(key)).first():
        steps.customer = CustomerStep(initial=from_card(card))
    return _show_step(request, steps, "customer")


def _rows_after(request: DeskRequest, steps: Steps, word: str, key: str) -> list[dict[str, Any]]:
    act = f"{word}-{key}"
    product = Product.objects.filter(pk=read_key(key)).first() if word == "add" else None
    row = row_of_product(product, **steps.prices) if product else None
    return after(act, request.POST, row)


def _go_on(request: DeskRequest, steps: Steps, step: str) -> HttpResponse:
    """To the next step, or place the order; back to the first step in which something is wrong."""
    if wrong := steps.first_wrong(step):
        return _show_step(request, steps, wrong, status=422)
    items = drafts_of(steps.items) if step != "customer" else []
    if step != "customer" and (problem := _problem_of(items, steps)):
        return _show_step(request, steps, "items", status=422, problem=problem)
    if step != STEPS[-1]:
        return _show_step(request, steps, STEPS[STEPS.index(step) + 1])
    try:
        sends = bool(steps.summary.cleaned_data["send_emails"])
        draft = steps.draft(items)
        made = pressed(request, lambda: services.place([draft], by=request.user, send_emails=sends)[0])
    except DomainError as problem:
        return _refuse(request, steps, problem)
    return _placed(request, made)


def _problem_of(items: list[ItemDraft], steps: Steps) -> str:
    """Why the items cannot be ordered; empty if they can."""
    try:
        check_items(items, steps.prices["currency"], includes_vat=steps.prices["includes_vat"])
    except Faults as found:
        return " ".join(found.by_field.values())
    return ""


def _placed(request: DeskRequest, made: Order) -> HttpResponse:
    messages.success(request, _("Order %(number)s was placed.") % {"number": made.number})
    return redirect(made)


def _refuse(request: DeskRequest, steps: Steps, problem: DomainError) -> HttpResponse:
    """Show the step that the refusal is about, with the sentence at its field."""
    by_field = problem.by_field if isinstance(problem, Faults) else {"": str(problem)}
    name = next(iter(by_field))
    step = _STEP_OF.get(name, "customer" if name in CustomerStep.base_fields else "summary")
    if step == "items":
        return _show_step(request, steps, step, status=422, problem=by_field[name])
    show_refusal(steps.form_of(step), problem)
    return _show_step(request, steps, step, status=422)


def _show_step(request: DeskRequest, steps: Steps, step: str, *, status: int = 200, problem: str = "") -> HttpResponse:
    foreseen, refusal = _foreseen(steps) if step == "summary" else (None, "")
    act, find = act_of(request.POST), request.POST.get("find", "")
    shown = {
        "steps": steps,
        "step": step,
        "trail": _trail(step),
        "formset": steps.items,
        "order": steps.prices,
        "hits": hits_for(find) if act == "find" else [],
        "customers": _customers(request, request.POST.get("who", "")) if act == "who" else [],
        "foreseen": foreseen,
        "problem": problem or refusal,
    }
    return render(request, "orders/new.html", shown, status=status)


def _foreseen(steps: Steps) -> tuple[Foreseen | None, str]:
    """What placing would do, or why it cannot be; nothing while a step is wrong."""
    if steps.first_wrong("summary"):
        return None, ""
    try:
        return foresee(steps.draft(drafts_of(steps.items))), ""
    except DomainError as refused:
        return None, str(refused)


def _trail(step: str) -> list[dict[str, Any]]:
    words = (_("Customer"), _("Items"), _("Shipping and payment"), _("Summary"))
    here = STEPS.index(step)
    return [{"n": n + 1, "label": word, "is_current": n == here, "is_done": n < here} for n, word in enumerate(words)]
