"""Whatever stands in an address, a query or a form: the answer is one of the house, and never a fault of ours."""

import datetime as dt
import re
from decimal import Decimal
from http.cookies import SimpleCookie
from itertools import chain
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management.color import no_style
from django.db import connection, transaction
from django.forms import BaseForm
from django.test import Client

from depesa.api.models import Scope, Source
from depesa.api.services import make_token, subscribe
from depesa.api.services.inbound import save_source
from depesa.catalog import services as catalog
from depesa.catalog.models import Category
from depesa.catcher.models import CaughtLetter
from depesa.customers import services as customers
from depesa.documents.models import DocumentType, NumberSeries
from depesa.documents.services import sales
from depesa.imports import services as imports
from depesa.operations.models import Project, Task
from depesa.operations.services import enter
from depesa.orders import services as orders
from depesa.orders.models import Order
from depesa.orders.models.bulk import Verb
from depesa.orders.services import bulk
from depesa.orders.tests.world import order as placed
from depesa.shop.models import Shop
from depesa.shop.services import contact
from depesa.staff.models import User
from tests.test_policy import addresses

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

DEPESA = Path(__file__).resolve().parent.parent / "depesa"
HUGE = "9" * 19  # more than a database takes, and not yet more than Python does
IN_PATHS = {
    "key": [str(2**63 - 1), HUGE],
    "ref": ["order:²", f"order:{HUGE}", f"customer:{HUGE}", "customer:1\0", "order", ":1", "x" * 3000],
    "word": ["x\0y", "²", "x" * 3000],
    "str": ["0000-00", "2011-13", "9999-12", "2011-06\0", "x" * 3000],
    "slug": ["-", "x" * 300],
}
IN_QUERIES = ["²", HUGE, "x\0y"]
IN_FORMS = [*IN_QUERIES, "sNaN"]
_NAMES = re.compile(r'(?:(?:GET|POST|data|given|typed|words)(?:\.get|\.getlist)?[\[(]|key=)\s*f?"([\w-]+)"')


@pytest.fixture
def world(company, ada):
    """One of everything that has a page, each the first of its table."""
    _begin_at_one()
    card = customers.create({"code": "C1", "name": "UAB Ąžuolas", "email": "info@azuolas.example"}, by=ada)
    customers.add_contact(card, {"name": "Ona", "email": "ona@azuolas.example"}, by=ada)
    customers.add_address(card, {"name": "Sandėlis", "street": "Uosto g. 1", "city": "Klaipėda"}, by=ada)
    customers.agree_by_name(card, name="Catalogue", source="fair", valid_until=None, by=ada)
    catalog.ensure_default_list()
    paper = catalog.save_category(Category(), {"code": "paper", "names": {"en": "Paper"}}, by=ada)
    catalog.create({"code": "C5", "names": {"en": "Envelopes"}, "price": Decimal(5), "category": paper}, by=ada)
    rows = b"type,number,date,customer_code,currency,description,quantity,unit_price,vat_rate\n"
    batch = imports.receive(
        [rows + b"invoice,F-1,2011-06-30,C1,EUR,Paper,1,5,21\n"], "june.csv", profile="depesa", by=ada
    )
    sales.preview(batch)
    sales.confirm(batch, by=ada)
    sales.import_documents(batch)
    NumberSeries.objects.create(code="vaz", type="waybill", year=2012, prefix="VAZ-", digits=4)
    project = Project.objects.create(name="Sales", code="sales")
    task = Task.objects.create(name="Call", code="call", project=project)
    enter(by=ada, task=task, customer=card, operation_on=dt.date(2011, 6, 30), text="Call back")
    order = placed(customer=card, by=ada)
    kinds = DocumentType.objects.select_related("series").filter(code="invoice")
    orders.generate([orders.Wish(order=order, type=kind) for kind in kinds], by=ada, send_emails=False)
    bulk.ask(Order.objects.all(), Verb.RESOLVED, by=ada)
    letter = b"From: a@b.example\r\nSubject: x\r\n\r\nx\r\n"
    CaughtLetter.objects.create(recipients=["a@b.example"], content=letter, size=len(letter))
    make_token("till", scopes=Scope.values, by=ada)
    subscribe("https://hooks.example/", ["orders"], by=ada)
    till = {"name": "Woo", "system": "woocommerce"}
    save_source(Source(), till, secret="correct horse battery", by=ada)
    Shop.objects.update_or_create(pk=1, defaults={"is_open": True})
    contact.write(email="cleo@sviesa.example", text="Hello", language="en", machine="m")


def _begin_at_one():
    """First rows have the key 1, also on a server whose sequences an earlier test has moved."""
    with connection.cursor() as cursor:
        for sql in connection.ops.sequence_reset_sql(no_style(), apps.get_models()):
            cursor.execute(sql)


class Asker:
    """A browser of an administrator whose every request is undone, and what went wrong."""

    def __init__(self):
        self.client = Client(raise_request_exception=False)
        self.client.force_login(User.objects.create_user("admin", password="correct horse battery", role="admin"))
        self.cookies = self.client.cookies.output(header="", sep=";")
        self.failed = []

    def ask(self, method, url, data=None):
        self.client.cookies = SimpleCookie(self.cookies)
        before = transaction.savepoint_create()  # unlike a block it does not count as a transaction of the page
        answer = getattr(self.client, method)(url, data or {})
        if answer.streaming:
            b"".join(answer.streaming_content)
        transaction.savepoint_rollback(before)
        if answer.status_code >= 500:
            what = {name: f"{value:.20}" for name, value in list((data or {}).items())[:3]}
            self.failed.append((method, url[:80], what, repr(answer.exc_info and answer.exc_info[1])[:200]))
        return answer


@pytest.fixture
def asker(world):
    return Asker()


OURS = [each for each in addresses() if not each.is_foreign and not each.name.startswith("api_v1:")]


def test_no_address_breaks_a_page(asker):
    for each in OURS:
        for hole in each.holes:
            for value in IN_PATHS.get(each.holes[hole], []):
                asker.ask("get", each.with_hole(hole, value))
                asker.ask("post", each.with_hole(hole, value))
    assert not asker.failed, "\n".join(map(str, asker.failed))


def test_no_query_breaks_a_page(asker):
    for each in OURS:
        for value in IN_QUERIES:
            asker.ask("get", each.url, dict.fromkeys(names_read_by(each), value))
    assert not asker.failed, "\n".join(map(str, asker.failed))


def test_no_form_breaks_a_page(asker):
    for each in OURS:
        for value in IN_FORMS:
            asker.ask("post", each.url, dict.fromkeys(names_read_by(each), value))
    assert not asker.failed, "\n".join(map(str, asker.failed))


def test_no_field_of_a_form_that_is_right_otherwise_breaks_a_page(asker):
    for each in OURS:
        right = _right_values(asker.ask("get", each.url))
        for name in right:
            asker.ask("post", each.url, {**right, name: HUGE})
    assert not asker.failed, "\n".join(map(str, asker.failed))


@pytest.mark.parametrize("charset", ["utf-7", "utf-16"])
def test_a_form_in_another_encoding_is_refused_in_words(asker, charset):
    kind = f"application/x-www-form-urlencoded; charset={charset}"
    stranger = Client(enforce_csrf_checks=True, raise_request_exception=False)
    stranger.cookies["csrftoken"] = "x" * 32
    for client in (stranger, asker.client):
        for page in ("/account/login/", "/shop/en/contact/", "/orders/new/"):
            answer = client.generic("POST", page, b"a=b", content_type=kind)
            assert (answer.status_code, "This request cannot be read" in answer.text) == (400, True)


def _right_values(page):
    """What the forms of the page would send as they stand."""
    layers = chain.from_iterable(page.context or ())
    shown = chain.from_iterable(layer.values() for layer in layers if isinstance(layer, dict))
    fields = [field for form in shown if isinstance(form, BaseForm) for field in form]
    values = {field.html_name: field.value() for field in fields if field.widget_type != "file"}
    return {name: str(getattr(value, "pk", value)) for name, value in values.items() if value not in (None, False)}


def names_read_by(address):
    """The names of fields and words that the app of this address, or a list, reads from requests."""
    app = address.view.__module__.split(".")[1]
    return _read_in(app) | _read_in("ui")


def _read_in(app, known={}):  # noqa: B006 - read once
    if app not in known:
        sources = [p for p in (DEPESA / app).rglob("*.py") if not {"tests", "migrations"} & set(p.parts)]
        found = {name for source in sources for name in _NAMES.findall(source.read_text())}
        of_forms = [form.base_fields for form in _forms(BaseForm) if form.__module__.startswith(f"depesa.{app}.")]
        known[app] = found | set(chain.from_iterable(of_forms))
    return known[app]


def _forms(kind):
    for each in kind.__subclasses__():
        if hasattr(each, "base_fields"):
            yield each
        yield from _forms(each)
