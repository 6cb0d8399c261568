"""The same thing asked for by many at the same moment: it is done once, and nothing is sold twice."""

import json
import re
import time
from collections.abc import Iterator
from decimal import Decimal
from uuid import uuid4

from depesa.api.models import Scope
from depesa.api.services import make_token
from depesa.api.tests.conftest import ORDER
from depesa.catalog.models import Product
from depesa.operations.models import Operation
from depesa.orders.models import Item, Order, OrderDocument
from depesa.outbox.models import Delivery, Message
from depesa.shop.models import GatewayMessage
from depesa.shop.rules import signature_of
from depesa.shop.services.settings import renew_secret
from depesa.shop.tests.test_pages import TYPED
from depesa.staff.models import User
from tests.attacks.stand import Browser, Stand, at_once, attack, wait_until

CHECKOUT = "/shop/en/checkout/"


@attack
def the_last_piece(stand: Stand) -> Iterator[str]:
    """The last piece, ordered by eight visitors at once."""
    product = Product.objects.get(code="P-1")
    visitors = [_with_cart(stand, product, f"127.0.2.{number}") for number in range(1, 9)]
    orders = [_order(it, at) for at, it in enumerate(visitors)]
    at_once(lambda it=it, sent=sent: it.post(CHECKOUT, sent) for it, sent in zip(visitors, orders, strict=True))
    product.refresh_from_db()
    sold = Item.objects.filter(order__origin="shop", code="P-1").count()
    if sold != 1 or product.stock != 0:
        yield f"{sold} pieces were sold, {product.stock} are left"


@attack
def one_cart(stand: Stand) -> Iterator[str]:
    """One cart, ordered five times at once, from two sessions that know its key."""
    visitor = _with_cart(stand, Product.objects.get(code="C5-50"), "127.0.2.20")
    before, typed = Order.objects.count(), _order(visitor, 100)
    at_once(lambda: _same(visitor).post(CHECKOUT, typed) for _ in range(5))
    if (made := Order.objects.count() - before) != 1:
        yield f"{made} orders"


@attack
def one_invoice(stand: Stand) -> Iterator[str]:
    """One invoice, generated five times at once; then all of it credited five times at once."""
    order, ada = Order.objects.filter(origin="shop").first(), stand.browser("ada")
    at_once(lambda: _same(ada).post(f"/orders/{order.pk}/documents/invoice/new/", {"letter": ""}) for _ in range(5))
    invoices = OrderDocument.objects.filter(order=order, type__code="invoice")
    if (made := invoices.count()) != 1:
        yield f"{made} invoices"
        return
    page = f"/orders/documents/{invoices.get().pk}/crediting/"
    fields = {"reason": "returned"} | {f"line_{number}": "1" for number in range(5)}
    at_once(lambda: _same(ada).post(page, fields) for _ in range(5))
    credited = OrderDocument.objects.filter(order=order, type__code="credit-note")
    if not credited or sum(it.gross for it in credited) > invoices.get().gross:
        yield f"{credited.count()} credit notes, and the invoice was given back {sum(it.gross for it in credited)}"


@attack
def numbers_of_invoices(stand: Stand) -> Iterator[str]:
    """Invoices of many orders at once: no number twice, no gap."""
    ada = User.objects.get(username="ada")
    key = make_token("races", scopes=Scope.values, by=ada)[1]
    orders = [_placed(stand, key, str(uuid4())) for _ in range(6)]
    at_once(lambda it=it: _invoice(stand, key, it) for it in orders)
    told = sorted(OrderDocument.objects.filter(type__code="invoice").values_list("serial", flat=True))
    if len(told) < len(orders) or told != list(range(told[0], told[0] + len(told))):
        yield f"numbers {told}"


@attack
def one_idempotency_key(stand: Stand) -> Iterator[str]:
    """One idempotency key, five times at once."""
    key = make_token("key", scopes=Scope.values, by=User.objects.get(username="ada"))[1]
    before = Order.objects.count()
    answers = at_once(lambda: _asked(stand, key, "/api/v1/orders", ORDER, "same") for _ in range(5))
    if (made := Order.objects.count() - before) != 1:
        yield f"{made} orders"
    yield from (f"answered {it.status}" for it in answers if it.status >= 500)


@attack
def one_payment(stand: Stand) -> Iterator[str]:
    """One message of the payment gateway, six times at once, then replayed, swapped, old and unsigned."""
    order = Order.objects.filter(origin="shop", paid_at=None).first()
    said = {
        "id": "race",
        "order": order.number,
        "event": "paid",
        "amount": str(order.gross),
        "currency": order.currency,
    }
    secret = renew_secret(by=None)

    def tell(body: bytes, *, at: int = 0, by: str = "") -> object:
        stamp = str(at or int(time.time()))
        signature = by or signature_of(secret, stamp, body)
        return stand.stranger().ask(
            "POST",
            "/shop/payments/",
            body,
            X_Depesa_Timestamp=stamp,
            X_Depesa_Signature=signature,
            Content_Type="application/json",
        )

    right = json.dumps(said).encode()
    answers = at_once(lambda: tell(right) for _ in range(6))
    moved = sum('"moved"' in it.text for it in answers)
    if moved != 1 or GatewayMessage.objects.filter(identity="race").count() > 1:
        yield f"{moved} moved the order"
    wrong = [tell(right, by=sign) for sign in ("", "0" * 64, "ž" * 64, "x" * 10_000) if sign]
    wrong += [tell(right, at=int(time.time()) + shift) for shift in (-10_000, 10_000)]
    wrong += [
        tell(json.dumps({**said, "id": f"w{at}", "amount": amount}).encode())
        for at, amount in enumerate(["0.01", "-1", "NaN", "1e999999", "sNaN", ""])
    ]
    wrong += [tell(body) for body in (b"[" * 50_000, b'"\\ud800"', b"\xff", b"{}", b"x" * 2_000_000)]
    yield from (f"answered {it.status} {it.text[:60]}" for it in wrong if it.status >= 500 or '"moved"' in it.text)


@attack
def one_statement(stand: Stand) -> Iterator[str]:
    """One statement, posted five times at once: one letter to each of its readers."""
    operation = Operation.objects.filter(posting="not-posted", statement__isnull=False, customer__code="C01").get()
    ada, letters = stand.browser("ada"), Message.objects.filter(kind="statement")
    before = letters.count()
    page = f"/operations/{operation.pk}/posting/"
    fields = dict(re.findall(r'name="(expected)" value="(\d+)"', ada.get(page).text))
    at_once(lambda: _same(ada).post(page, fields) for _ in range(5))
    wait_until(lambda: letters.count() > before, 20)
    if (made := letters.count() - before) != 1:
        yield f"{made} letters"
    deliveries = list(Delivery.objects.values_list("message_id", "recipient"))
    yield from (f"{each} twice" for each in set(deliveries) if deliveries.count(each) > 1)


def _with_cart(stand: Stand, product: Product, machine: str) -> Browser:
    visitor = stand.stranger(machine)
    visitor.get("/shop/en/")
    visitor.post("/shop/en/cart/", {"add": product.pk, "quantity": 1})
    return visitor


def _order(visitor: Browser, number: int) -> dict[str, object]:
    """What the page of review sends to order; the review has been looked at."""
    key = re.search(r'name="key"[^>]*value="([^"]+)"', visitor.get(CHECKOUT).text)
    typed = {**TYPED, "email": f"c{number}@sroub.example", "key": key[1] if key else ""}
    shown = re.search(r'name="reviewed" value="([^"]+)"', visitor.post(CHECKOUT, typed).text)
    return {**typed, "step": "order", "reviewed": shown[1] if shown else ""}


def _same(browser: Browser) -> Browser:
    """The same session in another window."""
    window = Browser(browser.stand, machine=browser.machine, port=browser.port)
    window.cookies = dict(browser.cookies)
    return window


def _asked(stand: Stand, token: str, path: str, body: object, key: str):
    return stand.stranger().ask(
        "POST",
        path,
        json.dumps(body, default=str).encode(),
        Idempotency_Key=key,
        Authorization=f"Bearer {token}",
        Content_Type="application/json",
    )


def _placed(stand: Stand, token: str, key: str) -> str:
    item = {"text": "Envelopes", "quantity": 1, "price": str(Decimal("2.20")), "vat_rate": 21}
    return json.loads(_asked(stand, token, "/api/v1/orders", {**ORDER, "items": [item]}, key).text)["number"]


def _invoice(stand: Stand, token: str, number: str):
    return _asked(stand, token, f"/api/v1/orders/{number}/documents", {"type": "invoice"}, str(uuid4()))
