"""The trade that the journeys find: a firm, its people, twelve customers, June 2011 with its statements.

Run as `python -m tests.journeys.stage` in the environment of a desk; prints the addresses of what it made as JSON.
"""

import json
import os
import time
from decimal import Decimal
from uuid import uuid4

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "depesa.config.settings")
django.setup()

from django.conf import settings  # noqa: E402
from django.core.files.uploadedfile import SimpleUploadedFile  # noqa: E402
from django.core.management import call_command  # noqa: E402

from depesa.catalog import services as catalog  # noqa: E402
from depesa.catalog.models import Category  # noqa: E402
from depesa.catcher.services import keep_many  # noqa: E402
from depesa.catcher.smtp import catching  # noqa: E402
from depesa.company.models import Company  # noqa: E402
from depesa.core.periods import Period  # noqa: E402
from depesa.customers import services as customers  # noqa: E402
from depesa.customers.models import Customer  # noqa: E402
from depesa.documents import services as documents  # noqa: E402
from depesa.documents.models import Document, DocumentType, NumberSeries  # noqa: E402
from depesa.documents.services import sales  # noqa: E402
from depesa.imports import services as imports  # noqa: E402
from depesa.operations import services as operations  # noqa: E402
from depesa.operations.models import Operation  # noqa: E402
from depesa.orders import services as orders  # noqa: E402
from depesa.orders.models import Order, State  # noqa: E402
from depesa.orders.models.bulk import Verb  # noqa: E402
from depesa.orders.services.letters.drafts import keep, upload  # noqa: E402
from depesa.outbox.models import Channel, Delivery  # noqa: E402
from depesa.outbox.services import deliver_due, examine  # noqa: E402
from depesa.pdf import Renderer  # noqa: E402
from depesa.shop.services import settings as shop  # noqa: E402
from depesa.staff.models import User  # noqa: E402
from depesa.statements import services as statements  # noqa: E402
from depesa.statements.models import Statement  # noqa: E402
from depesa.statements.queries import coverage  # noqa: E402
from tests.journeys.desk import PASSWORD  # noqa: E402

PEOPLE = {
    "ada": ("manager", "Ada, oddělení pohledávek", "en"),
    "ben": ("clerk", "Ben", "en"),
    "cleo": ("reader", "Cleo", "en"),
    "dan": ("none", "Dan", "en"),
    "chooser": ("manager", "Chooser", ""),  # of language and look
    "admin": ("admin", "Administrator", "en"),
    "czech": ("manager", "Vedoucí", "cs"),
    "lithuanian": ("manager", "Vadovė", "lt"),
}
CUSTOMERS = [
    # code, name, country, language, e-mail
    (
        "C01",
        "Vyšehradská papírna a knihařství, výroba a velkoobchod s papírem a kancelářskými potřebami, s. r. o.",
        "CZ",
        "cs",
        "objednavky.a.reklamace.velkoobchod@vysehradska-papirna-a-knihartstvi.example",
    ),
    ("C02", "UAB „Žaliųjų ąžuolų prekybos namai ir didmeninės prekybos sandėliai“", "LT", "lt", "info@azuolai.example"),
    ("C03", "Zpátečník, a. s.", "CZ", "cs", "vratky@zpatecnik.example"),  # returns only
    ("C04", "Bez adresy, s. r. o.", "CZ", "cs", ""),  # nowhere to send to
    ("C05", "Dvě měny, s. r. o.", "CZ", "cs", "ucto@dvemeny.example"),  # two currencies
    ("C06", "MB Šviesa", "LT", "lt", "svieta@sviesa.example"),
    ("C07", "Ūkis prie Žuvinto ežero", "LT", "lt", "ukis@ukis.example"),
    ("C08", "Plain Trading Ltd", "GB", "en", "ledger@plain.example"),
    ("C09", "Grün & Weiß GmbH", "DE", "en", "konto@gruen.example"),
    ("C10", "Nic v červnu, s. r. o.", "CZ", "cs", "nic@cerven.example"),  # trades in July only
    ("C11", "Quiet & Co", "GB", "en", "quiet@quiet.example"),
    ("C12", "Įžūlūs žuvėdrai, VšĮ", "LT", "lt", "zuvedra@juosta.example"),
]
HEADER = "type,number,date,customer_code,currency,description,quantity,unit_price,vat_rate"
CODES = ("C01", "C02", "C05", "C06", "C07", "C08", "C09", "C11", "C12")
JUNE = [
    *(
        f"{'waybill' if n % 2 else 'invoice'},VAZ-{n:04},2011-06-{1 + n:02},{CODES[n % len(CODES)]},EUR,"
        f"Vokai C5 su langeliu ir spauda,{n * 3},{n}.45,21"
        for n in range(1, 25)
    ),
    "return,GR-0001,2011-06-28,C03,EUR,Grąžinta prekė,-2,15.50,21",
    "return,GR-0002,2011-06-29,C01,EUR,Vrácené obálky,-1,9.90,21",
    "invoice,F-0001,2011-06-30,C04,EUR,Obálky,10,2.20,21",
    "invoice,F-0002,2011-06-30,C05,CZK,Pořadače,40,55.00,21",
    "invoice,F-0003,2011-07-01,C10,EUR,Pořadače,4,5.00,21",
]


def main() -> None:
    """Set the stage and say where things stand."""
    call_command("migrate", verbosity=0)
    assert not examine()
    Company.objects.create(
        pk=1, name="Vaivorykštė UAB", company_code="304871236", vat_code="LT100011122233", street="Ąžuolų g. 5",
        postcode="01234", city="Vilnius", country="LT", email="info@vaivorykste.example", phone="+370 600 00000",
        bank_account="LT12 1000 0111 0100 1000", currency="EUR", language="en", time_zone="Europe/Vilnius",
    )  # fmt: skip
    for name, (role, shown, language) in PEOPLE.items():
        User.objects.create_user(name, password=PASSWORD, name=shown, role=role, language=language)
    ada = User.objects.get(username="ada")
    _customers(ada)
    batch = _documents(ada)
    NumberSeries.objects.create(code="vaz", type="waybill", year=2012, prefix="VAZ-2012-", digits=4)
    _shop()
    run = _june(ada)
    order, removed = _orders(ada)
    state, bulk = _work_on(order, removed, ada)
    statement = Statement.objects.filter(run=run, operation__posting="not-posted").order_by("pk")
    print(
        json.dumps(
            {
                "customer": f"/customers/{Customer.objects.get(code='C01').pk}/",
                "customer_lt": f"/customers/{Customer.objects.get(code='C02').pk}/",
                "document": f"/documents/{Document.objects.get(number='VAZ-0009').pk}/",
                "import": f"/documents/imports/{batch.pk}/",
                "forming": f"/operations/{run.operation_id}/",
                "sending": f"/operations/{statement.get(customer__code='C01').operation_id}/",
                "no_address": f"/operations/{statement.get(customer__code='C04').operation_id}/",
                "paper": f"/papers/{statement.get(customer__code='C01').paper_id}/",
                "user": f"/staff/users/{ada.pk}/",
                "run": "/runs/2011-06/",
                "order": order.get_absolute_url(),
                "order_removed": removed.get_absolute_url(),
                "order_state": f"/orders/states/{state.pk}/",
                "order_bulk": f"/orders/bulk/{bulk.pk}/",
                "order_invoice": f"/orders/documents/{order.documents.get(type__code='invoice').pk}/",
            }
        )
    )


def _shop() -> None:
    """An open shop with two products, one of them as good as sold out."""
    catalog.ensure_default_list()
    names = {"en": "Envelopes C5, 50 pieces", "cs": "Obálky C5, 50 ks", "lt": "Vokai C5, 50 vnt."}
    paper = catalog.save_category(
        Category(), {"code": "paper", "names": {"en": "Paper", "cs": "Papír", "lt": "Popierius"}}, by=None
    )
    catalog.create({"code": "C5-50", "names": names, "price": Decimal("4.90"), "category": paper}, by=None)
    rare = {"code": "P-1", "names": {"en": "Fountain pen"}, "price": Decimal(80), "stock": Decimal(1)}
    catalog.create(rare, by=None)
    shop.save_shop({"is_open": True}, by=None)


def _customers(ada: User) -> None:
    for code, name, country, language, email in CUSTOMERS:
        made = customers.create(
            {
                "code": code, "name": name, "street": f"Dlouhá {code[1:]}", "postcode": "110 00", "city": "Praha",
                "country": country, "email": email, "language": language,
            },
            by=ada,
        )  # fmt: skip
        if code == "C02":
            for person in ("Buhalterija ir atsiskaitymai su tiekėjais", "Sandėlis"):
                mail = f"{person[0].lower()}@azuolai.example"
                customers.add_contact(made, {"name": person, "email": mail, "gets_statements": True}, by=ada)
            customers.add_address(made, {"name": "Sandėlis", "street": "Uosto g. 1", "city": "Klaipėda"}, by=ada)


def _documents(ada: User):
    rows = "\n".join([HEADER, *JUNE, "invoice,BAD-1,2011-06-31,C01,EUR,Nonsense,1,1,21"])
    batch = imports.receive([rows.encode()], "prodej-červen-2011.csv", profile="depesa", by=ada)
    sales.preview(batch)
    sales.confirm(batch, by=ada)
    sales.import_documents(batch)
    batch.refresh_from_db()
    assert batch.figures["imported"] == len(JUNE), (batch.figures, batch.problem)
    documents.post(Document.objects.exclude(number="VAZ-0024").values_list("pk", flat=True), by=ada)
    return batch


def _june(ada: User):
    run = statements.form(Period.month(2011, 6), by=ada).run
    with Renderer(1) as renderer:
        while Statement.objects.filter(run=run, state="formed").exists():
            statements.render_due(renderer, run=run) or time.sleep(0.1)
    assert coverage(run).is_ok
    some = Operation.objects.filter(statement__run=run, customer__code__in=("C02", "C03", "C05", "C06"))
    Channel.objects.filter(code="catcher").update(port=settings.DEPESA_CATCHER_PORT)
    report = operations.post(list(some.values_list("pk", flat=True)), by=ada)
    assert report.posted == 4, report
    with catching(keep_many, port=settings.DEPESA_CATCHER_PORT):
        deliver_due()
    assert not Delivery.objects.exclude(state="accepted").exists()
    return run


def _orders(ada: User):
    """An order with every kind of document, one part of it credited; and one that was removed."""
    lines = [
        orders.ItemDraft(text=f"Obálky C5 s okénkem, bílé, {n} ks", quantity=Decimal(n), price=Decimal(12), code="C5",
                         vat_rate=Decimal(21), unit="ks")
        for n in range(1, 4)
    ]  # fmt: skip
    courier = orders.Way(name="Kurýr na adresu", price=Decimal("3.63"), vat_rate=Decimal(21))
    drafts = [
        orders.OrderDraft(items=lines, customer=Customer.objects.get(code=code), shipping=courier,
                          note="Zvonek „Sklad“", payment=orders.Way(name="Převodem"), payment_kind="transfer",
                          includes_vat=True)
        for code in ("C01", "C02")
    ]  # fmt: skip
    order, removed = orders.place(drafts, by=ada, send_emails=False)
    types = DocumentType.objects.select_related("series").filter(code__in=("order-confirmation", "invoice"))
    made = orders.generate([orders.Wish(order=order, type=kind) for kind in types], by=ada, send_emails=False).made
    orders.credit(next(row for row in made if row.type.code == "invoice"), {0: Decimal(1)}, by=ada, reason="returned")
    with Renderer(1) as renderer:
        orders.render_due(renderer)
    orders.remove([removed.pk], by=ada)
    return order, removed


def _work_on(order: Order, removed: Order, ada: User):
    """A type and a state of the firm's own, a letter that is being written, a bulk edit that one order refused."""
    names = {"en": "delivery note", "cs": "dodací list", "lt": "prekių perdavimo aktas"}
    documents.add_type("delivery-note", names, by=ada, prefix="DL", values={"shows_prices": False})
    names = {"en": "Being packed at the branch", "cs": "Zabalená, čeká na dopravce", "lt": "Supakuotas, laukia vežėjo"}
    state = orders.save_state(State(position=900, colour="#0e7490"), {"names": names}, version=0, by=ada)
    fields = {"to": order.email, "subject": f"Objednávka {order.number}", "body": "Dobrý den,\n\nzasíláme fakturu."}
    draft = keep(order, ada, token=uuid4(), fields=fields, ticked=["invoice", "delivery-note"])
    name = "balicí-list-a-pokyny-pro-vykládku-na-rampě-velkoobchodního-skladu.txt"
    assert not upload(draft, [SimpleUploadedFile(name, "Tři palety.".encode())]).refused
    bulk = orders.ask(Order.objects.filter(pk__in=(order.pk, removed.pk)), Verb.RESOLVED, by=ada)
    orders.bulk_due()
    return state, bulk


if __name__ == "__main__":
    main()
