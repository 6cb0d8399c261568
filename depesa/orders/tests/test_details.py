"""The fifteen details that are easily got wrong, each as a test with its number."""

import datetime as dt
from decimal import Decimal
from functools import partial

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from depesa.catalog.models import Product
from depesa.core.errors import Faults, Refused
from depesa.customers.models import Customer
from depesa.documents.models import Document, DocumentType, NumberSeries
from depesa.emails.models import SystemEmailText
from depesa.history.models import Entry
from depesa.orders.models import Invoicing, Order, OrderDocument, State
from depesa.orders.services import (
    ItemDraft,
    Wish,
    change_state,
    credit,
    delete,
    generate,
    invoice,
    mark_paid,
    regenerate,
    remove,
    render_due,
)
from depesa.orders.services.letters.enclosures import gather
from depesa.orders.tests.world import email, order, state
from depesa.outbox.models import Enclosure, Message
from depesa.pdf import shared_renderer
from depesa.pdf.tests.texts import page_texts
from depesa.triggers.models import Status, Transition
from depesa.triggers.services import fire_due

pytestmark = pytest.mark.django_db


def kind(code, **values):
    return DocumentType.objects.filter(code=code).first() or DocumentType.objects.create(
        code=code, names={"en": code}, **values
    )


def made(placed, code, **wishes):
    issued = generate([Wish(order=placed, type=kind(code), **wishes)], by=None)
    assert not issued.refused
    return issued.made[0]


def moved(placed, to, **more):
    """Move the order and write what is due."""
    Transition.objects.update(due_at=timezone.now())
    outcome = change_state([placed.pk], to, by=None, origin="command-line", **more)
    fire_due()
    placed.refresh_from_db()
    return outcome


def test_sending_generates_documents_but_never_an_accounting_one(company):
    placed = order()
    note = kind("delivery-note", series=NumberSeries.objects.create(code="DN", prefix="DN"))
    types = [kind("order-confirmation"), note, kind("invoice"), kind("credit-note"), kind("receipt")]
    enclosed = gather({placed.pk: types})[placed.pk]
    assert sorted(enclosed.codes) == ["delivery-note", "order-confirmation"]
    assert set(enclosed.skipped) == {"invoice", "credit-note", "receipt"}
    assert not OrderDocument.objects.exists()
    with transaction.atomic():
        enclosed.keep()
    assert set(OrderDocument.objects.values_list("number", flat=True)) == {"DN000001", "OC000001"}
    assert [file.name for file in enclosed.files] == ["Order-confirmation-OC000001.pdf", "delivery-note-DN000001.pdf"]


def test_the_letter_leaves_without_the_missing_invoice_and_says_so(company):
    chosen = email()
    chosen.document_types.add(kind("invoice"), kind("order-confirmation"))
    placed = order()
    moved(placed, state(system_email=chosen))
    told = Transition.objects.get(event="state-changed")
    assert told.status == Status.QUEUED
    assert [code for code, _why in told.missing] == ["invoice"]
    assert Enclosure.objects.get(message=told.message).name == "Order-confirmation-OC000001.pdf"


def test_the_received_letter_is_chosen_once(company):
    placed = order(send_emails=True)
    assert Transition.objects.get().event == "order-placed"
    packed = state()
    change_state([placed.pk], packed, by=None)
    change_state([placed.pk], State.objects.get(code="received"), by=None)
    back = Transition.objects.latest("pk")
    assert (back.status, back.reason) in {(Status.NONE, "predefined"), (Status.NONE, "back-again")}


def test_unresolved_is_individual_shipping_and_not_unpaid(company):
    assert order(is_individual_shipping=True).state.code == "unresolved"
    assert order().state.code == "received"


def test_behaviour_hangs_on_the_type(company):
    hammer = Product.objects.create(code="H", names={"en": "Hammer"}, price=Decimal(1), stock=Decimal(10))
    lines = [ItemDraft(text="Hammer", quantity=Decimal(4), price=Decimal(1), product=hammer)]
    first, second = order(items=lines), order(items=lines)
    own = state("storno")
    change_state([first.pk], own, by=None)
    hammer.refresh_from_db()
    assert hammer.stock == 2
    real = State.objects.get(type="cancelled")
    State.objects.filter(pk=real.pk).update(names={"en": "Called off"})
    change_state([second.pk], real, by=None)
    hammer.refresh_from_db()
    assert hammer.stock == 6
    change_state([second.pk], own, by=None)
    hammer.refresh_from_db()
    assert hammer.stock == 2


def test_a_letter_goes_on_a_change_only(company):
    packed, placed = state(system_email=email()), order()
    assert change_state([placed.pk], packed, by=None).letters == {placed.pk: 1}
    again = change_state([placed.pk], packed, by=None)
    assert (again.unchanged, again.letters) == ([placed.pk], {})
    assert Transition.objects.filter(event="state-changed").count() == 1
    silent = order()
    assert change_state([silent.pk], packed, by=None, send_emails=False).letters == {silent.pk: 0}


def test_state_paid_invoice_letters(company):
    chosen, after = email(), email("invoice-there", "Invoice {{ documents.invoice.number }}")
    for each in (chosen, after):
        each.document_types.add(kind("invoice"))
    Invoicing.objects.update(automatic="paid", system_email=after)
    placed = order()
    moved(placed, state(system_email=chosen, marks_paid=True))
    assert placed.is_paid
    assert OrderDocument.objects.get().number == "INV000001"
    subjects = list(Message.objects.order_by("pk").values_list("subject", flat=True))
    assert subjects == [f"Order {placed.number}", "Invoice INV000001"]
    assert set(Enclosure.objects.values_list("name", flat=True)) == {"Invoice-INV000001.pdf"}
    events = list(Entry.objects.filter(subject=placed.ref).order_by("id").values_list("event", flat=True))
    chain = [e for e in events if e in {"orders.state-changed", "orders.paid", "orders.document-generated"}]
    assert chain == ["orders.state-changed", "orders.paid", "orders.document-generated"]


def test_once_paid_the_gateway_moves_nothing(company):
    placed = order()
    mark_paid([placed.pk], is_paid=True, by=None)
    failed = State.objects.get(code="payment-failed")
    assert placed.pk in change_state([placed.pk], failed, by=None, origin="gateway").refused
    assert placed.pk in change_state([placed.pk], failed, by=None, origin="staff").changed


def test_automatic_letters_come_from_the_system_address(company):
    moved(order(), state(system_email=email()))
    assert Message.objects.get().sender == "Vaivorykštė UAB <info@vaivorykste.example>"


def test_the_order_is_a_snapshot_until_it_is_generated_again(company):
    placed = order()
    document = made(placed, "invoice")
    Customer.objects.update(name="Changed")
    company.name = "Renamed UAB"
    company.save()
    Order.objects.filter(pk=placed.pk).update(name="Ona Nauja")
    document.refresh_from_db()
    assert document.content["customer"]["name"] == "Ona Žilėnaitė"
    assert document.content["supplier"]["name"] == "Vaivorykštė UAB"
    again = regenerate(document, by=None)
    assert again.content["customer"]["name"] == "Ona Nauja"
    assert again.content["supplier"]["name"] == "Renamed UAB"
    assert (again.number, again.revision) == (document.number, 2)


def test_documents_of_a_removed_order_stay_as_they_are(company):
    placed = order()
    bill = made(placed, "invoice")
    remove([placed.pk], by=None)
    for act in (regenerate, delete, partial(credit, reason="Broken")):
        with pytest.raises(Refused, match="The order was removed"):
            act(bill, by=None)


def test_an_invoice_is_not_generated_again_while_the_price_is_open(company):
    placed = order()
    bill, confirmation = made(placed, "invoice"), made(placed, "order-confirmation")
    Order.objects.filter(pk=placed.pk).update(is_individual_shipping=True)
    assert regenerate(confirmation, by=None).revision == 2
    with pytest.raises(Refused, match="still to be agreed"):
        regenerate(bill, by=None)


def test_credit_notes_and_receipts_are_final_unless_last(company):
    placed = order()
    bill, receipt = made(placed, "invoice"), made(placed, "receipt")
    note = credit(bill, by=None, reason="returned")
    for final in (note, receipt):
        with pytest.raises(Refused):
            regenerate(final, by=None)
    later = credit(made(order(), "invoice"), by=None, reason="returned")
    with pytest.raises(Refused, match="not the last"):
        delete(note, by=None)
    delete(later, by=None)
    delete(note, by=None)
    assert NumberSeries.objects.get(code="CN").last == 0
    assert Document.objects.filter(type="credit-note").count() == 0
    remove([placed.pk], by=None)
    assert order().number == "O000003"


def test_deleting_an_invoice_needs_it_to_be_last(company):
    first, second = made(order(), "invoice"), made(order(), "invoice")
    with pytest.raises(Refused, match="not the last"):
        delete(first, by=None)
    delete(second, by=None)
    assert made(order(), "invoice").number == "INV000002"


def test_the_letter_of_an_invoice_made_again_leaves_too(company):
    Invoicing.objects.update_or_create(pk=1, defaults={"system_email": email("invoice-made")})
    placed = order()
    first = made(placed, "invoice")
    Transition.objects.update(due_at=timezone.now())
    fire_due()
    delete(first, by=None)
    again = made(placed, "invoice")
    assert again.number == first.number
    Transition.objects.update(due_at=timezone.now())
    fire_due()
    assert [row.status for row in Transition.objects.filter(event="invoice-generated")] == ["queued", "queued"]


def test_the_letter_of_an_invoice_that_was_deleted_meanwhile_does_not_leave(company, ben):
    Invoicing.objects.update_or_create(pk=1, defaults={"system_email": email("invoice-made")})
    [gone] = generate([Wish(order=order(), type=kind("invoice"))], by=ben).made
    delete(gone, by=ben)
    Transition.objects.update(due_at=timezone.now())
    fire_due()
    row = Transition.objects.get(event="invoice-generated")
    assert (row.status, row.reason) == ("skipped", "not-needed")


def test_a_custom_document_from_the_middle_leaves_a_hole(company):
    kind("proforma", series=NumberSeries.objects.create(code="PF", prefix="PF"))
    first, _second = made(order(), "proforma"), made(order(), "proforma")
    delete(first, by=None)
    assert made(order(), "proforma").number == "PF000003"


def test_two_series_and_taken_numbers_are_skipped(company):
    series = NumberSeries.objects.get(code="OC")
    placed = order()
    assert (placed.number, made(placed, "order-confirmation").number) == ("O000001", "OC000001")
    other = order(language="lt")
    OrderDocument.objects.filter(order=placed).update(number="OC000002")
    NumberSeries.objects.filter(pk=series.pk).update(last=0)
    OrderDocument.objects.filter(order=placed).update(serial=None)
    assert made(other, "order-confirmation").number == "OC000001"
    assert made(order(), "order-confirmation").number == "OC000003"
    with pytest.raises(IntegrityError), transaction.atomic():
        OrderDocument.objects.filter(order=other).update(number="OC000003")


def test_a_custom_document_without_series_has_no_number(company):
    kind("leaflet")
    document = made(order(), "leaflet")
    assert (document.number, document.serial) == ("", None)
    assert not DocumentType.objects.filter(code__in=["proforma", "delivery-note"], is_preset=True).exists()


def test_the_history_tells_changes_and_letters_with_their_origin(company, ben):
    placed = order(by=ben)
    moved(placed, state(system_email=email()))
    told = {(e.event, e.origin) for e in Entry.objects.filter(subject=placed.ref)}
    assert {("orders.placed", "staff"), ("orders.state-changed", "command-line")} <= told
    changed = Entry.objects.get(event="orders.state-changed")
    assert (changed.before, changed.after) == ({"state": "received"}, {"state": "packed"})
    assert Message.objects.get().concerns == str(placed.ref)


def test_the_language_is_the_orders(company):
    chosen = email()
    SystemEmailText.objects.create(
        system_email=chosen, language="lt", subject="Užsakymas {{ order.number }}", body="{{ order.state }}\n"
    )
    moved(order(language="lt"), state(system_email=chosen))
    assert Message.objects.get().subject == "Užsakymas O000001"


def test_a_customers_text_never_becomes_markup(company):
    chosen = email(body="{{ order.note }}\n")
    moved(order(note="<b onclick=x>{{ company.name }}</b>"), state(system_email=chosen))
    html = bytes(Message.objects.get().skeleton).decode("ascii", "replace")
    assert "&lt;b onclick=3Dx&gt;{{ company.name }}" in html
    assert html.count("<b onclick") == 1  # in the text part, where it is what the customer wrote


def test_a_broken_text_breaks_no_state_change(company):
    chosen = email()
    SystemEmailText.objects.update(body="{% if order.number %}")
    placed = order()
    moved(placed, state(system_email=chosen))
    assert placed.state.code == "packed"
    failed = Transition.objects.get(event="state-changed")
    assert (failed.status, failed.reason) == (Status.FAILED, "cannot-fill")


def test_credit_of_some_items_names_the_invoice_and_never_takes_more(company):
    placed = order()
    bill = made(placed, "invoice")
    part = credit(bill, {0: Decimal(1)}, by=None, reason="returned")
    assert part.content["related_number"] == bill.number
    assert part.gross == Decimal("12.10")
    assert Document.objects.get(type="credit-note").signed_gross == Decimal("-12.10")
    with pytest.raises(Faults, match="at most 1"):
        credit(bill, {0: Decimal(2)}, by=None, reason="returned")
    credit(bill, by=None, reason="returned")
    assert sum(d.signed_gross for d in Document.objects.all()) == 0
    assert invoice([placed.pk], by=None).made[0].number == "INV000002"


@pytest.mark.parametrize("includes_vat", [True, False])
def test_the_credit_notes_of_an_invoice_make_exactly_what_it_made(company, includes_vat):
    items = [("10", "97.85", "21"), ("1", "122.31", "21"), ("1", "73.55", "12"), ("1", "-10.05", "0")]
    drafts = [
        ItemDraft(
            text="Part",
            quantity=Decimal(quantity),
            price=Decimal(price),
            vat_rate=Decimal(rate),
            kind="discount" if price < "0" else "product",
        )
        for quantity, price, rate in items
    ]
    bill = made(order(items=drafts, includes_vat=includes_vat), "invoice")
    for parts in ({0: "2.5"}, {0: "0.0001"}, {0: "4.4999", 1: "1", 2: "0.3333"}, None):
        credit(
            bill, parts and {place: Decimal(quantity) for place, quantity in parts.items()}, by=None, reason="returned"
        )
    booked = Document.objects.all()
    for column in ("signed_net", "signed_vat", "signed_gross"):
        assert sum(getattr(each, column) for each in booked) == 0
    for note in bill.credit_notes.select_related("sales_document"):
        assert Decimal(note.content["gross"]) == note.sales_document.gross == note.gross


def test_four_notes_of_an_invoice_give_back_its_total_and_not_a_cent_more(company):
    prices = ("68.33", "68.33", "57.50", "85.00")
    drafts = [ItemDraft(text="Part", quantity=Decimal(1), price=Decimal(p), vat_rate=Decimal(20)) for p in prices]
    bill = made(order(items=drafts, shipping=None, currency="EUR", includes_vat=False), "invoice")
    assert bill.gross == Decimal("334.99")
    Order.objects.update(includes_vat=True)  # edited since: the notes follow the invoice, not the order
    notes = [credit(bill, {place: Decimal(1)}, by=None, reason="returned") for place in (0, 2, 3, 1)]
    assert sum(note.gross for note in notes) == Decimal("334.99")
    assert sum(Decimal(note.content["vat"]) for note in notes) == Decimal("55.83")
    assert not any(note.content["prices_include_vat"] for note in notes)


def test_a_credit_note_without_a_reason_is_refused(company):
    bill = made(order(), "invoice")
    for reason in ("", " \n\u200b"):
        with pytest.raises(Faults, match="Write why"):
            credit(bill, by=None, reason=reason)
    assert not bill.credit_notes.exists()


def test_an_order_has_one_invoice(company):
    placed = order()
    made(placed, "invoice")
    refused = invoice([placed.pk], by=None).refused
    assert "has its Invoice already" in refused[placed.pk]
    assert NumberSeries.objects.get(code="INV").last == 1


def test_the_invoice_counts_in_the_register(company):
    placed = order()
    bill = made(placed, "invoice", issued_on=dt.date(2026, 1, 5))
    row = Document.objects.get()
    assert (row.number, row.posting, row.gross, row.customer) == (bill.number, "posted", placed.gross, placed.customer)
    assert bill.sales_document == row


def test_the_pdf_follows_from_what_was_frozen(company):
    bill = made(order(), "invoice")
    assert render_due(shared_renderer()) == 1
    bill.refresh_from_db()
    text = " ".join(page_texts(bytes(bill.paper.blob.content)))
    assert bill.number in text
    assert "Ona Žilėnaitė" in text
