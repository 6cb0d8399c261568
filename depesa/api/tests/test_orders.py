"""Orders through the API: placed once a key, changed, with documents and history."""

import datetime as dt
from decimal import Decimal

import pytest
from django.utils import timezone

from depesa.api.services.events import WITH_LINK
from depesa.catalog.models import Product
from depesa.company.models import Company
from depesa.company.queries import current
from depesa.core.languages import formatter
from depesa.emails.models import SystemEmail
from depesa.history.models import Entry
from depesa.history.services import add_note
from depesa.mail.letter import read_letter
from depesa.mail.privacy import closed
from depesa.orders.models import Order
from depesa.orders.services import remove
from depesa.outbox.models import Message
from depesa.outbox.queries import sealed_bytes
from depesa.triggers.models import Status, Transition
from depesa.triggers.services import fire_due

pytestmark = pytest.mark.django_db


def errors_of(answer, status):
    assert answer.status_code == status, answer.content
    return [(each["field"], each["message"]) for each in answer.json()["errors"]]


def test_an_order_is_placed_with_its_letter(program, order):
    answer = program.post("/orders", order)
    assert answer.status_code == 201, answer.content
    told = answer.json()
    assert (told["state"], told["gross"], told["name"], told["origin"]) == ("received", "26.62", "Jan Novák", "api")
    assert told["items"][0]["price"] == "2.20"
    assert program.get(f"/orders/{told['number']}").json() == told
    [transition] = Transition.objects.all()
    assert (transition.event, transition.origin, transition.status) == ("order-placed", "api", Status.HELD)
    assert set(Entry.objects.filter(event="orders.placed").values_list("origin", flat=True)) == {"api"}


@pytest.mark.parametrize("how", ["change", "document", "history"])
def test_the_kept_answer_comes_again_when_the_order_is_removed(program, order, how):
    number = program.post("/orders", order).json()["number"]
    ways = {
        "change": (program.patch, f"/orders/{number}", {"tracking_code": "X1"}),
        "document": (program.post, f"/orders/{number}/documents", {"type": "order-confirmation"}),
        "history": (program.post, f"/orders/{number}/history", {"name": "parcel", "value": "packed"}),
    }
    ask, path, body = ways[how]
    once = {"Idempotency-Key": "once"}
    first = ask(path, body, **once)
    assert first.status_code in (200, 201), first.content
    remove([Order.objects.get().pk], by=None)

    again = ask(path, body, **once)
    assert (again.status_code, again.json()) == (first.status_code, first.json())
    assert ask(path, body).status_code == 404


def test_without_letters_when_it_is_said(program, order):
    program.post("/orders", {**order, "send_emails": False})
    assert Transition.objects.get().reason == "switched-off"


def test_the_same_key_and_body_is_one_order(program, order):
    first, second = (program.post("/orders", order, **{"Idempotency-Key": "k1"}) for _ in range(2))
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json() == second.json()
    assert Order.objects.count() == 1


def test_the_same_key_with_another_body_is_refused(program, order):
    program.post("/orders", order, **{"Idempotency-Key": "k1"})
    answer = program.post("/orders", {**order, "note": "other"}, **{"Idempotency-Key": "k1"})
    [(field, sentence)] = errors_of(answer, 422)
    assert (field, sentence) == (
        "Idempotency-Key",
        "This key was used for another request. Send a new key with a new request.",
    )
    assert Order.objects.count() == 1


def test_what_was_refused_may_be_mended_with_the_same_key(program, order):
    wrong = {**order, "customer": {"name": "", "email": "jan@firma.example"}}
    assert program.post("/orders", wrong, **{"Idempotency-Key": "k1"}).status_code == 422
    assert program.post("/orders", order, **{"Idempotency-Key": "k1"}).status_code == 201


def test_a_sale_is_not_refused_for_its_address(program, order):
    told = program.post("/orders", {**order, "customer": {"name": "Jan", "email": "ada..b@firma.example"}}).json()
    assert told["email"] == "ada..b@firma.example"
    assert "ada..b@firma.example" in told["email_fault"]


def test_two_firms_with_one_address_are_two_customers(program, order):
    def firm(name):
        return program.post("/orders", {**order, "customer": {**order["customer"], "name": name}}).json()["customer"]

    assert firm("Alfa s.r.o.") == firm("ALFA s.r.o.") != firm("Beta s.r.o.")


@pytest.mark.parametrize(("given", "rate"), [({}, "12.00"), ({"vat_rate": 0}, "0.00"), ({"vat_rate": 21}, "21.00")])
def test_vat_of_shipping_follows_the_goods_unless_given(program, order, given, rate):
    goods = [{"text": "Book", "price": "300", "vat_rate": 12}, {"text": "Pen", "price": "10", "vat_rate": 21}]
    ways = {"shipping": {"name": "Post", "price": "99", **given}, "payment": {"name": "Cash", "price": "30", **given}}
    told = program.post("/orders", {**order, "items": goods, **ways}).json()
    assert [item["vat_rate"] for item in told["items"][2:]] == [rate, rate]


def test_state_payment_and_tracking_are_changed(program, order):
    number = program.post("/orders", order).json()["number"]
    told = program.patch(f"/orders/{number}", {"state": "sent", "paid": True, "tracking_code": "RR1"}).json()
    assert (told["state"], told["tracking_code"], bool(told["paid_at"])) == ("sent", "RR1", True)
    [(field, _)] = errors_of(program.patch(f"/orders/{number}", {"state": "nowhere"}), 422)
    assert field == "state"


def test_a_change_that_is_refused_in_part_changes_nothing(program, order):
    number = program.post("/orders", order).json()["number"]
    program.patch(f"/orders/{number}", {"paid": True, "state": "nowhere"})
    assert program.get(f"/orders/{number}").json()["paid_at"] is None


@pytest.mark.parametrize("code", ["received", "unresolved"])
def test_received_and_unresolved_take_no_system_email(program, code):
    [(field, sentence)] = errors_of(program.patch(f"/states/{code}", {"system_email": "order-received"}), 422)
    assert field == "system_email"
    assert "cannot be chosen" in sentence
    assert program.get("/states").json()["items"][0]["system_email"] is None


def test_a_document_is_generated_once(program, order):
    number = program.post("/orders", order).json()["number"]
    answer = program.post(f"/orders/{number}/documents", {"type": "invoice"})
    assert (answer.status_code, answer.json()["gross"], answer.json()["is_ready"]) == (201, "26.62", False)
    [(_, sentence)] = errors_of(program.post(f"/orders/{number}/documents", {"type": "invoice"}), 409)
    assert number in sentence
    [(_, sentence)] = errors_of(program.get(f"/orders/{number}/documents/{answer.json()['id']}.pdf"), 409)
    assert "being made" in sentence


def test_history_is_told_and_added_to_but_notes_of_staff_never_leave(program, order, ada):
    number = program.post("/orders", order).json()["number"]
    row = Order.objects.get()
    add_note(row.ref, "He always pays late.", customer_id=row.customer_id, by=ada)
    added = program.post(f"/orders/{number}/history", {"name": "n" * 60, "value": "<b>v</b>" + "v" * 600}).json()
    assert (len(added["after"]["name"]), len(added["note"]), added["note"][:2]) == (50, 500, "vv")
    told = program.get(f"/orders/{number}/history").json()["items"]
    assert {"orders.placed", "history.told"} <= {each["event"] for each in told}
    assert "pays late" not in str(told)


def test_orders_come_in_pages(program, order, monkeypatch):
    monkeypatch.setattr("depesa.api.views.rest.door.PAGE", 2)
    numbers = [program.post("/orders", order).json()["number"] for _ in range(3)]
    page = program.get("/orders").json()
    assert [each["number"] for each in page["items"]] == numbers[:0:-1]
    last = program.get(f"/orders?after={page['next']}").json()
    assert ([each["number"] for each in last["items"]], last["next"]) == (numbers[:1], "")


def test_wrong_fields_are_named_where_they_stand(program, order):
    wrong = {**order, "items": [{"text": "x", "price": "much"}], "langauge": "cs"}
    fields = {field for field, _ in errors_of(program.post("/orders", wrong), 422)}
    assert fields == {"items.0.price", "langauge"}


def test_a_reader_reads_and_writes_nothing(reader, order):
    assert reader.get("/orders").status_code == 200
    [(_, sentence)] = errors_of(reader.post("/orders", order), 403)
    assert "may read and not write" in sentence
    assert not Order.objects.exists()


def test_nobody_comes_in_without_a_token(program, order):
    program.text = ""
    answer = program.get("/orders")
    assert errors_of(answer, 401)
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    program.text = "depesa_guessed"
    assert program.post("/orders", order).status_code == 401


def test_who_asks_too_fast_waits(program, settings):
    settings.DEPESA_API_RATE = 2
    statuses = [program.get("/states").status_code for _ in range(3)]
    assert statuses in ([200, 200, 429], [200, 200, 200])  # the minute may turn in between


def test_customers_are_found_or_entered(program):
    made = program.post("/customers", {"name": "UAB Ąžuolas", "email": "info@azuolas.example"})
    again = program.post("/customers", {"name": "uab ąžuolas", "email": "INFO@azuolas.example"})
    assert (made.status_code, made.json()["code"]) == (201, again.json()["code"])
    assert program.get("/customers?email=info@azuolas.example").json()["items"][0]["name"] == "UAB Ąžuolas"
    assert program.post("/customers", {"name": "A", "code": "A1"}).status_code == 201
    assert errors_of(program.post("/customers", {"name": "B", "code": "A1"}), 422)


@pytest.mark.parametrize(("more", "text"), [({"language": "lt"}, "Girlianda"), ({}, "Girlanda")])
def test_a_product_is_named_in_the_language_of_the_order(program, order, more, text):
    names = {"en": "Party bunting", "cs": "Girlanda", "lt": "Girlianda"}
    Product.objects.create(code="47566", names=names, price=Decimal(5))
    Company.objects.update(language="cs")
    asked = {name: value for name, value in order.items() if name != "language"} | more
    line = {"code": "47566", "quantity": 1, "price": "5"}
    assert program.post("/orders", {**asked, "items": [line]}).status_code == 201
    assert Order.objects.get().items.get().text == text


def test_an_order_goes_to_the_customer_of_exactly_this_code(program, order):
    for code in ("ab1", "AB1", "ŠK-1"):
        program.post("/customers", {"name": f"Firm {code}", "code": code})
    for code in ("ab1", "AB1", "šk-1"):
        assert program.post("/orders", {**order, "customer": {"code": code}}).status_code == 201
        placed = Order.objects.select_related("customer").latest("pk")
        assert placed.customer.code == placed.name.removeprefix("Firm ") == code.replace("š", "Š").replace("k", "K")
    for code in ("Ab1", "SK-1"):
        assert errors_of(program.post("/orders", {**order, "customer": {"code": code}}), 422)
        assert program.get(f"/customers?code={code}").json()["items"] == []
    assert [each["code"] for each in program.get("/customers?code=AB1").json()["items"]] == ["AB1"]


def test_an_event_elsewhere_causes_its_letter_once(program):
    event = {
        "event": "registered", "id": "r-1", "email": "jan@firma.example", "name": "Jan", "language": "cs",
        "link": "https://shop.example/activate/x/",
    }  # fmt: skip
    first, second = program.post("/events", event), program.post("/events", event)
    assert (first.status_code, first.json()["letter"], second.status_code) == (202, "held", 202)
    assert Transition.objects.count() == 1
    [(field, _)] = errors_of(program.post("/events", {**event, "id": "r-2", "link": ""}), 422)
    assert field == "link"


@pytest.mark.parametrize("event", sorted(WITH_LINK))
def test_a_link_of_another_shop_works_as_long_as_that_shop_says(clock, program, event):
    link = {"link": "https://shop.example/x/y/", "email": "jan@firma.example", "language": "en"}
    until = timezone.now() + dt.timedelta(minutes=50)
    told = {"event": event, "id": "v-1", "valid_until": until.isoformat(), **link}
    assert program.post("/events", told).status_code == 202
    clock.shift(dt.timedelta(minutes=29))
    fire_due()
    letter = Message.objects.get()
    assert letter.useless_after == until
    assert letter.deliveries.get().expires_at == until
    if event != "newsletter-asked":
        assert formatter("en").moment(until, current().time_zone) in read_letter(sealed_bytes(letter)).text

    assert program.post("/events", {**told, "id": "v-2"}).status_code == 202
    clock.shift(dt.timedelta(minutes=22))
    assert program.post("/events", told).status_code == 202, "told again it is the same event"
    fire_due()
    assert Transition.objects.latest("pk").status == "skipped"
    assert Message.objects.count() == 1
    [(field, _)] = errors_of(program.post("/events", {**told, "id": "v-3"}), 422)
    assert field == "valid_until"


@pytest.mark.parametrize("event", sorted(WITH_LINK))
def test_a_link_that_proves_who_owns_a_mailbox_is_read_by_its_reader_alone(program, event):
    SystemEmail.objects.update(hidden_copy="archive@vaivorykste.example")
    if event != "newsletter-asked":
        program.post("/customers", {"name": "Jan", "email": "jan@firma.example"})
    told = {"event": event, "id": "n-1", "email": "jan@firma.example", "link": "https://shop.example/x/y/"}
    assert program.post("/events", told).status_code == 202
    fire_due()
    [letter] = Message.objects.all()
    assert [row.recipient for row in letter.deliveries.all()] == ["jan@firma.example"]
    assert b"shop.example/x/y" in sealed_bytes(letter)
    assert b"shop.example/x/y" not in closed(sealed_bytes(letter))
