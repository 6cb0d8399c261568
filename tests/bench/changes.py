"""Changes of orders that cause letters, for a measurement: a synthetic source with five items an order."""

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from itertools import batched

from django.db.models import prefetch_related_objects

from depesa.company.models import Company
from depesa.company.queries import current
from depesa.customers.models import Customer
from depesa.emails.models import SystemEmail
from depesa.emails.placeholders import Reader
from depesa.orders.models import Item, ItemKind, Order, OrderDocument, PaymentKind, State
from depesa.orders.placeholders import ORDER, AboutOrder
from depesa.triggers.contributions import Draft, Source
from depesa.triggers.models import Transition
from depesa.triggers.services import Change, fire_due, note
from depesa.triggers.services.drafts import write
from depesa.triggers.services.letters import CHUNK

EMAIL = "order-received-transfer"
ITEMS = [
    *(
        Item(
            code=f"{84020 + n}",
            text=f"Vokai C5 su langeliu ir spauda, {n}",
            quantity=Decimal(n + 1),
            unit="vnt.",
            price=Decimal("2.45"),
            vat_rate=Decimal(21),
            kind=ItemKind.PRODUCT,
        )
        for n in range(5)
    ),
    Item(text="Courier", quantity=Decimal(1), price=Decimal("3.50"), vat_rate=Decimal(21), kind=ItemKind.SHIPPING),
]
INVOICE = OrderDocument(number="", issued_on=dt.date(2011, 6, 5), due_on=dt.date(2011, 6, 19))
LANGUAGES = ("en", "lt", "cs")


def prepare(count: int) -> None:
    """So many customers, and the firm that writes to them; the first also as the one whose system e-mail it is."""
    Company.objects.get_or_create(
        pk=1, defaults={"name": "Vaivorykštė UAB", "email": "desk@vaivorykste.example", "currency": "EUR"}
    )
    SystemEmail.objects.get(code=EMAIL)
    Customer.objects.bulk_create(
        (
            Customer(code=f"O{n:07}", name=f"Klientas {n}", email=f"c{n}@sink.example", language=LANGUAGES[n % 3])
            for n in range(count)
        ),
        batch_size=2000,
    )


def note_all() -> None:
    """One change of state of an order of each customer, in one transaction."""
    rows = Customer.objects.filter(code__startswith="O").order_by("pk").values_list("pk", "language")
    changes = [
        Change(
            key=f"parcel:{pk}:state:1",
            event="state-changed",
            subject=f"parcel:{pk}",
            name=f"2011-{pk:06}",
            customer_id=pk,
            language=language,
            before="received",
            after="sent",
            system_email=EMAIL,
        )
        for pk, language in rows
    ]
    note(changes, origin="api")


def render_all() -> None:
    """The letters of all of them as sealed bytes, without storing any."""
    _PARCELS.claim("the bench")
    rows = Transition.objects.order_by("pk").prefetch_related("system_email")
    for ids in batched(rows.values_list("pk", flat=True), CHUNK):
        assert len(write(list(rows.filter(pk__in=ids))).written) == len(ids)


def write_all() -> None:
    """The letters of all of them, rendered, sealed and queued."""
    _PARCELS.claim("the bench")
    while fire_due():
        pass


def _draft(transitions: Sequence[Transition]) -> Mapping[int, Draft]:
    prefetch_related_objects(list(transitions), "customer")
    company = current()
    return {row.pk: _drafted(row, company) for row in transitions}


def _drafted(row: Transition, company: Company) -> Draft:
    customer = row.customer
    assert customer is not None
    reader = Reader(name=customer.name, code=customer.code, email=customer.email)
    address = {"street": "Ąžuolų g. 5", "postcode": "01234", "city": "Vilnius"}
    order = Order(
        number=row.name,
        name=customer.name,
        placed_at=dt.datetime(2011, 6, 5, tzinfo=dt.UTC),
        state=State(names={"en": "sent"}),
        currency="EUR",
        includes_vat=True,
        net=Decimal("30.37"),
        vat=Decimal("6.38"),
        gross=Decimal("36.75"),
        shipping_name="Courier",
        payment_name="Transfer",
        payment_kind=PaymentKind.TRANSFER,
        variable_symbol="201100012",
        origin="shop",
        **address,
        **{f"delivery_{name}": value for name, value in address.items()},
    )
    about = {"company": company, "reader": reader, "order": order, "items": ITEMS, "documents": {"invoice": INVOICE}}
    return Draft(to=(customer.email,), values=lambda language: ORDER.values(AboutOrder(language=language, **about)))


_PARCELS = Source(kind="parcel", draft=_draft)
