"""Letters that changes of orders cause, as the rows tell them."""

import datetime as dt
from decimal import Decimal

import pytest
from django.utils import timezone

from depesa.company.models import Company
from depesa.emails.models import SystemEmailText
from depesa.orders.models import State
from depesa.orders.services import ItemDraft, change_state, mark_paid
from depesa.orders.tests.world import email, order, state
from depesa.outbox.models import Channel, Delivery, Message
from depesa.triggers.models import Status, Transition
from depesa.triggers.queries import of_record
from depesa.triggers.rules import Reason
from depesa.triggers.services import fire_due, mend, try_again


@pytest.fixture
def placed(company):
    Channel.objects.filter(is_default=True).update(from_address="desk@vaivorykste.example")
    return order()


def moved(placed, to, **more):
    change_state([placed.pk], to, **{"by": None, "origin": "api"} | more)
    placed.refresh_from_db()


def test_isotope_1805_never_twice_at_ordering(company):
    """A new order stands in a state that has a rule of its own; only the preset of the order is written."""
    Channel.objects.filter(is_default=True).update(from_address="desk@vaivorykste.example")
    placed = order(send_emails=True, origin="shop")
    fire_due()
    assert Message.objects.filter(concerns=placed.ref).count() == 1


def test_opencart_2576_no_letter_when_notify_is_off(placed):
    moved(placed, state("packed", system_email=email()), send_emails=False)
    fire_due()
    assert not Message.objects.exists()
    assert Transition.objects.latest("pk").reason == Reason.SWITCHED_OFF


def test_flip_flops_within_the_hold_send_nothing(clock, ada, placed):
    received, packed = placed.state, state("packed", system_email=email())
    moved(placed, packed, by=ada, origin="staff")
    clock.shift(10)
    moved(placed, received, by=ada, origin="staff")
    clock.shift(60)
    fire_due()
    assert not Message.objects.exists()
    assert [told.row.status for told in of_record(placed.ref)][:2] == [Status.NONE, Status.COALESCED]


def test_woocommerce_15631_a_failed_letter_that_no_longer_fits_is_not_sent(placed):
    packed, sent = state("packed", system_email=email()), state("shipped")
    SystemEmailText.objects.filter(system_email__code="order-moved").update(subject="{{ nonsense }}", version=2)
    moved(placed, packed)
    fire_due()
    row = Transition.objects.latest("pk")
    assert row.status == Status.FAILED
    moved(placed, sent)
    SystemEmailText.objects.filter(system_email__code="order-moved").update(subject="Mended", version=3)
    try_again([row.pk])
    fire_due()
    row.refresh_from_db()
    assert (row.status, row.reason, row.detail) == (
        Status.SKIPPED,
        Reason.NOT_NEEDED,
        "The order is in another state by now.",
    )
    assert not Message.objects.exists()


@pytest.mark.parametrize("how", ["paid", "cancelled", "old"])
def test_a_mended_text_sends_no_letter_about_what_is_past(clock, placed, how):
    texts = SystemEmailText.objects.filter(system_email__code="order-received-guest-transfer")
    subject = texts.get(language="en").subject
    texts.update(subject="{{ nonsense }}", version=2)
    bought = order(send_emails=True, origin="shop", payment_kind="transfer")
    fire_due()
    row = Transition.objects.get(subject=bought.ref)
    assert (row.status, row.reason) == (Status.FAILED, Reason.CANNOT_FILL)
    match how:
        case "paid":
            mark_paid([bought.pk], is_paid=True, by=None, send_emails=False)
        case "cancelled":
            moved(bought, State.objects.get(code="cancelled"), send_emails=False)
        case _:
            clock.shift(dt.timedelta(days=15))

    clock.shift(60)
    texts.update(subject=subject, version=3, changed_at=timezone.now())
    mend()
    fire_due()

    row.refresh_from_db()
    assert row.status == (Status.FAILED if how == "old" else Status.SKIPPED)
    assert not Message.objects.filter(concerns=bought.ref).exists()


def test_nobody_is_told_how_to_pay_without_where_to_pay(company, placed):
    Company.objects.update(bank_account="")
    bought = order(send_emails=True, origin="shop", payment_kind="transfer")
    fire_due()
    row = Transition.objects.get(subject=bought.ref)
    assert (row.status, row.reason) == (Status.FAILED, Reason.NOT_READY)
    assert "no account" in row.detail

    Company.objects.update(bank_account="LT12 1000 0111 0100 1000")
    try_again([row.pk])
    fire_due()
    assert Message.objects.filter(concerns=bought.ref).count() == 1


def test_nobody_is_told_how_to_pay_nothing(company, placed):
    items = [ItemDraft(text="Sample", quantity=Decimal(1), price=Decimal(0), vat_rate=Decimal(0))]
    bought = order(send_emails=True, origin="shop", payment_kind="transfer", items=items, shipping=None)
    fire_due()
    assert Transition.objects.get(subject=bought.ref).system_email.code == "order-received-guest"
    assert Message.objects.filter(concerns=bought.ref).count() == 1


def test_the_order_is_called_by_its_number(client, ada, placed):
    moved(placed, state("packed"))
    client.force_login(ada)
    page = client.get(f"/triggers/of/{placed.ref}/").text
    assert placed.number in page
    assert placed.get_absolute_url() in page
    assert "Packed" in page


@pytest.mark.parametrize("way", ["cancelled", "paid"])
@pytest.mark.parametrize("kind", ["transfer", "other"])
def test_a_letter_that_waits_to_leave_tells_nothing_that_is_no_longer_so(company, ben, way, kind):
    Company.objects.update(bank_account="LT121000011101001000")
    Channel.objects.filter(is_default=True).update(from_address="desk@vaivorykste.example")
    placed = order(send_emails=True, origin="shop", payment_kind=kind)
    fire_due()
    if way == "paid":
        mark_paid([placed.pk], is_paid=True, by=ben)
    else:
        change_state([placed.pk], State.objects.get(code="cancelled"), by=ben)
    delivery = Delivery.objects.get(message__concerns=placed.ref)
    is_stopped = way == "cancelled" or kind == "transfer"
    assert delivery.state == ("cancelled" if is_stopped else "queued")
    assert (way in delivery.reason or "already" in delivery.reason) == is_stopped
