"""States and invoicing in the settings."""

import pytest
from django.db import IntegrityError

from depesa.emails.models import SystemEmail
from depesa.history.models import Entry
from depesa.orders.models import Invoicing, Order, State
from depesa.orders.services import change_state, remove
from depesa.orders.tests.world import email, order, state

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(client, ada, company):
    client.force_login(ada)
    return client


def typed(**changes):
    return {
        "name_en": "Packed",
        "name_cs": "Zabaleno",
        "colour": "#15803d",
        "position": "90",
        "version": "1",
        **changes,
    }


def test_a_state_of_ones_own_is_added_and_changed(page):
    assert page.post("/orders/states/new/", typed()).status_code == 302
    made = State.objects.get(code="packed")
    assert (made.type, made.names) == ("custom", {"en": "Packed", "cs": "Zabaleno"})
    chosen = email()
    page.post(f"/orders/states/{made.pk}/", typed(system_email=chosen.pk, marks_paid="on"))
    made.refresh_from_db()
    assert (made.system_email, made.marks_paid, made.version) == (chosen, True, 2)
    assert Entry.objects.filter(event="orders.state-saved").count() == 2


def test_a_state_changed_by_somebody_else_is_not_overwritten(page):
    made = state()
    State.objects.filter(pk=made.pk).update(version=3)
    answer = page.post(f"/orders/states/{made.pk}/", typed(name_en="Boxed"))
    assert answer.status_code == 422
    assert "Boxed" in answer.text
    assert "Somebody else" in answer.text


@pytest.mark.parametrize("code", ["received", "unresolved"])
def test_the_email_of_received_and_unresolved_cannot_be_chosen(page, code):
    bound = State.objects.get(code=code)
    chosen = email()
    page.post(f"/orders/states/{bound.pk}/", typed(system_email=chosen.pk))
    bound.refresh_from_db()
    assert bound.system_email is None
    bound.system_email = chosen
    with pytest.raises(IntegrityError):
        bound.save()


def test_a_state_of_the_product_is_renamed_and_stays(page):
    cancelled = State.objects.get(code="cancelled")
    page.post(f"/orders/states/{cancelled.pk}/", typed(name_en="Called off"))
    cancelled.refresh_from_db()
    assert (str(cancelled), cancelled.type) == ("Called off", "cancelled")
    page.post(f"/orders/states/{cancelled.pk}/deletion/", {})
    assert State.objects.filter(pk=cancelled.pk).exists()


def test_a_state_in_use_needs_a_replacement(page):
    made = state()
    placed = order()
    change_state([placed.pk], made, by=None)
    assert "Choose the state" in page.post(f"/orders/states/{made.pk}/deletion/", {}).text
    sent = State.objects.get(code="sent")
    page.post(f"/orders/states/{made.pk}/deletion/", {"replacement": sent.pk})
    assert not State.objects.filter(pk=made.pk).exists()
    assert Order.objects.get(pk=placed.pk).state == sent


def test_a_removed_order_holds_no_state(page):
    made, sent = state(), State.objects.get(code="sent")
    placed, gone = order(), order()
    change_state([placed.pk, gone.pk], made, by=None)
    remove([gone.pk], by=None)
    page.post(f"/orders/states/{made.pk}/deletion/", {"replacement": sent.pk})
    assert {each.state for each in Order.objects.all()} == {sent}
    assert not State.objects.filter(pk=made.pk).exists()


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"name_en": "", "name_cs": ""}, "Write a name"),
        ({"colour": "green"}, "Write a colour"),
        ({"position": "x"}, ""),
    ],
)
def test_bad_input_stands_at_its_field_and_stays_typed(page, wrong, sentence):
    answer = page.post("/orders/states/new/", typed(**wrong))
    assert answer.status_code == 422
    assert sentence in answer.text


def test_invoicing(page):
    chosen = SystemEmail.objects.filter(context="order", is_preset=False).first() or email()
    page.post(
        "/orders/invoicing/",
        {"automatic": "paid", "system_email": chosen.pk, "due_days": "30", "register_note": "C 1", "version": "1"},
    )
    saved = Invoicing.objects.get()
    assert (saved.automatic, saved.system_email, saved.due_days) == ("paid", chosen, 30)
    assert page.post("/orders/invoicing/", {"automatic": "", "due_days": "999", "version": "2"}).status_code == 422
