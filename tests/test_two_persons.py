"""Ada and Ben open the same page; she saves first. He is told, keeps his words, and writes over nothing unseen."""

import ast
import datetime as dt
import importlib
import inspect
import pkgutil
import re
from decimal import Decimal
from html.parser import HTMLParser

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLResolver, get_resolver, reverse

import depesa
from depesa.api.models import Source
from depesa.api.services.inbound import save_source
from depesa.catalog.models import Category, Product
from depesa.catalog.services import create as create_product
from depesa.catalog.services import ensure_default_list, save_category, take_stock
from depesa.company.models import Company
from depesa.core.edits import check_seen, edited, removed
from depesa.core.periods import Period
from depesa.core.versions import write
from depesa.customers.services import add_address, add_contact
from depesa.customers.services import create as create_customer
from depesa.documents import services as documents
from depesa.documents.models import DocumentType, NumberSeries
from depesa.documents.rules import Line
from depesa.documents.services import add_type
from depesa.emails.models import SystemEmail
from depesa.emails.services import add as add_email
from depesa.operations.models import Project, Task
from depesa.operations.services import enter
from depesa.orders.models import OrderDocument
from depesa.orders.services.documents.issue import Wish, generate
from depesa.orders.tests import world
from depesa.outbox.models import Channel
from depesa.shop.models import PaymentMethod, ShippingMethod
from depesa.staff.models import User
from depesa.ui.forms import VersionedForm

pytestmark = pytest.mark.django_db


class Forms(HTMLParser):
    """The forms of a page with the fields as a browser sends them back."""

    def __init__(self, page):
        super().__init__()
        self.found, self._select, self._text = [], None, None
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        name = given.get("name")
        if tag == "form":
            self.found.append({})
        elif tag == "input" and name and self.found:
            is_choice = given.get("type") in {"checkbox", "radio"}
            if given.get("type") != "file" and (not is_choice or "checked" in given):
                self._take(name, given.get("value", "on" if is_choice else ""))
        elif tag == "select" and name:
            self._select = name
        elif tag == "option" and self._select and ("selected" in given or self._select not in self.found[-1]):
            self.found[-1][self._select] = given.get("value", "")
        elif tag == "textarea" and name:
            self._text = name
            self.found[-1][name] = ""

    def handle_endtag(self, tag):
        if tag == "select":
            self._select = None
        elif tag == "textarea":
            self._text = None

    def handle_data(self, data):
        if self._text:
            self.found[-1][self._text] += data.removeprefix("\n") if not self.found[-1][self._text] else data

    def _take(self, name, value):
        there = self.found[-1].get(name)
        self.found[-1][name] = value if there is None else [*(there if isinstance(there, list) else [there]), value]


def form_of(answer, name="version"):
    """The form that carries what was seen."""
    carrying = [found for found in Forms(answer.content.decode()).found if name in found]
    assert carrying, f"no form of {answer.request['PATH_INFO']} carries the {name} that was seen"
    return carrying[0]


@pytest.fixture
def desks(company, ada, ben):
    """The desks of two administrators."""
    found = []
    for person in (ada, ben):
        person.role = "admin"
        person.save()
        client = Client()
        client.force_login(person)
        found.append(client)
    return found


def operation():
    return enter(by=None, text="Call them", operation_on=dt.date(2011, 6, 1), period=Period.month(2011, 6))


def customer():
    values = {"code": "C-1", "name": "Šroub", "email": "info@sroub.example", "country": "CZ"}
    return create_customer(values, by=None)


def contact():
    return add_contact(customer(), {"name": "Vít", "email": "vit@sroub.example"}, by=None)


def address():
    return add_address(customer(), {"name": "Sklad", "street": "Kolejní 1", "city": "Brno"}, by=None)


def source():
    return save_source(Source(), {"name": "Ours", "system": "woocommerce"}, secret="s3cret", by=None)


def product():
    ensure_default_list()
    values = {"code": "P-1", "names": {"en": "Hammer"}, "price": Decimal(5), "stock": Decimal(10)}
    return create_product(values, by=None)


def category():
    return save_category(Category(), {"code": "tools", "names": {"en": "Tools"}}, by=None)


def without_codes():
    Company.objects.update(company_code="", vat_code="")


def way(model):
    return model.objects.create(code="cart", names={"en": "Cart"}, price=Decimal(1))


def document_type():
    return add_type("delivery-note", {"en": "Delivery note"}, by=None)


def channel():
    return Channel.objects.create(code="main", name="Main", host="127.0.0.1", security="none")


def document():
    header = {"type": "invoice", "number": "7", "customer": customer(), "document_on": dt.date(2011, 6, 1)}
    line = Line(code="", text="Work", quantity=Decimal(1), price=Decimal(100), vat_rate=Decimal(21))
    return documents.enter(header | {"currency": "EUR"}, [line], by=None)


def paper_of_order():
    generate([Wish(order=world.order(), type=DocumentType.objects.get(code="order-confirmation"))], by=None)
    return OrderDocument.objects.get()


PAGES = {  # the page: its row, its address, a field, what the first types there, what the second
    "product": (product, "catalog:edit", "unit", "pc", "box"),
    "stock": (product, "catalog:edit", "stock", "8.00", "7.00"),
    "category": (category, "catalog:category", "position", "7", "9"),
    "price list": (ensure_default_list, "catalog:price_list", "name", "Retail", "Usual"),
    "customer": (customer, "customers:edit", "city", "Brno", "Praha"),
    "contact": (contact, "customers:contact", "name", "Vítek", "Viktor"),
    "address": (address, "customers:address", "city", "Praha", "Plzeň"),
    "shop elsewhere": (source, "api:source", "name", "Theirs", "Another"),
    "user": (lambda: User.objects.get(username="ben"), "staff:user", "name", "Benjamin", "Benedikt"),
    "company": (without_codes, "company:company", "city", "Kaunas", "Klaipėda"),
    "operation": (operation, "operations:edit", "subject", "June", "July"),
    "task": (lambda: Task.objects.create(code="t", name="Call"), "operations:task", "name", "Ring", "Write"),
    "project": (lambda: Project.objects.create(code="p", name="June"), "operations:project", "name", "July", "May"),
    "channel": (channel, "outbox:channel", "name", "First", "Second"),
    "shop": (None, "shop_desk:settings", "name", "Šroub", "Matka"),
    "delivery": (lambda: way(ShippingMethod), "shop_desk:shipping", "price", "2.0000", "3.0000"),
    "payment": (lambda: way(PaymentMethod), "shop_desk:payment", "price", "2.0000", "3.0000"),
    "holding letters": (None, "triggers:settings", "hold", "60", "90"),
    "statements": (None, "statements:settings", "note", "Thank you.", "Please pay."),
    "series": (lambda: NumberSeries.objects.create(code="S"), "documents:edit_series", "prefix", "S", "T"),
    "books": (None, "documents:series", "closed_until", "2011-05-31", "2011-06-30"),
    "document type": (document_type, "documents:edit_type", "position", "7", "9"),
    "system e-mail": (
        lambda: add_email("Greeting", "order", by=None).code,
        "emails:email",
        "description",
        "One",
        "Two",
    ),
    "state": (lambda: world.state(), "orders:edit_state", "position", "71", "72"),
    "invoicing": (None, "orders:invoicing", "due_days", "7", "21"),
}
ELSEWHERE = {  # several rows at once, versions side by side, or the shop: each has tests beside its page
    *("HeaderForm", "OrderForm", "TextForm", "TemplateForm", "DetailsForm"),
    *("ProfileForm", "SignatureForm", "ReplacementForm", "NewUserForm", "CustomerStep"),
}


def address_of(page, row):
    return reverse(page, args=[] if row is None else [row if isinstance(row, str) else row.pk])


@pytest.mark.parametrize("page", PAGES)
def test_the_second_is_told_and_keeps_his_words(desks, page):
    make, name, field, hers, his = PAGES[page]
    url = address_of(name, make and make())
    ada, ben = desks
    first, second = form_of(ada.get(url)), form_of(ben.get(url))
    answer = ada.post(url, first | {field: hers})
    assert answer.status_code == 302, answer.context["form"].errors
    answer = ben.post(url, second | {field: his})
    assert answer.status_code == 422, answer.status_code
    said = answer.content.decode()
    assert "Somebody else was faster" in said or "has changed since you opened the page" in said
    again = form_of(answer)
    assert again[field] == his
    assert form_of(ada.get(url))[field] == hers
    assert ben.post(url, again).status_code == 302
    assert form_of(ada.get(url))[field] == his


@pytest.mark.parametrize(
    ("page", "field"), [("staff:profile", "name"), ("outbox:communication", "text"), ("outbox:communication", "html")]
)
def test_what_is_ones_own_stands_in_two_windows(desks, page, field):
    ada, url = desks[0], reverse(page)
    first, second = form_of(ada.get(url)), form_of(ada.get(url))
    assert ada.post(url, first | {field: "One"}).status_code == 302
    answer = ada.post(url, second | {field: "Two"})
    assert (answer.status_code, form_of(answer)[field]) == (422, "Two")
    assert "Somebody else was faster: " in answer.content.decode()
    assert form_of(ada.get(url))[field] == "One"


def test_every_form_of_a_shared_row_has_its_page_here(desks):
    shown = set()
    for make, name, *_field in PAGES.values():
        with transaction.atomic():
            shown.add(type(desks[0].get(address_of(name, make and make())).context["form"]).__name__)
            transaction.set_rollback(True)
    every = {form.__name__ for form in below(VersionedForm) if form.__module__.startswith("depesa.")}
    bases = {form.__name__ for form in below(VersionedForm) if form.__subclasses__()} - shown
    assert every - bases - shown == ELSEWHERE - {"OrderForm", "CustomerStep"}


def below(kind):
    for form in kind.__subclasses__():
        yield form
        yield from below(form)


def test_stock_is_typed_against_what_was_seen(desks):
    row = product()
    url, (ada, _ben) = reverse("catalog:edit", args=[row.pk]), desks
    page = form_of(ada.get(url))
    take_stock([(row.pk, Decimal(3))])
    answer = ada.post(url, page | {"unit": "pc"})
    assert (answer.status_code, Product.objects.get().stock) == (302, 7)
    page = form_of(ada.get(url))
    take_stock([(row.pk, Decimal(-1))])
    answer = ada.post(url, page | {"stock": "20.00"})
    assert (answer.status_code, Product.objects.get().stock) == (422, 8)
    assert "Now it says: 8" in answer.text
    assert ada.post(url, form_of(answer)).status_code == 302
    assert Product.objects.get().stock == 20


REMOVALS = {  # the row, the page with the button, the button's address, what carries what was seen, how it changes
    "customers:contact_removal": (contact, "customers:contact", "version"),
    "customers:address_removal": (address, "customers:address", "version"),
    "documents:removal": (document, "documents:document", "version"),
    "documents:type_removal": (document_type, "documents:type_removal", "version"),
    "emails:removal": (lambda: add_email("Greeting", "order", by=None), "emails:removal", "version"),
    "orders:state_deletion": (lambda: world.state(), "orders:state_deletion", "version"),
    "orders:removal": (world.order, "orders:order", "version"),
    "orders:document_deletion": (paper_of_order, "orders:document_deletion", "revision"),
    "orders:regeneration": (paper_of_order, "orders:regeneration", "revision"),
    "operations:removal": (operation, "operations:removal", "version"),
}
NOT_SHARED = {  # marks of many rows, one's own draft, files whose record tells of it, rows that are never changed
    *("catcher:removal", "operations:removal_marked", "operations:attachment_removal", "documents:import_removal"),
    *("orders:letter_file_removal", "orders:letter_removal", "api:webhook_removal", "outbox:sender_removal"),
}


@pytest.mark.parametrize("page", REMOVALS)
def test_nobody_takes_away_what_he_has_not_seen(desks, page):
    make, shown_on, field = REMOVALS[page]
    row = make()
    args = [row.code if isinstance(row, SystemEmail) else row.pk]
    client = desks[1]
    fields = form_of(client.get(reverse(shown_on, args=args)), field)
    if field == "revision":
        OrderDocument.objects.update(revision=2)
    else:
        row.save()
    before = list(type(row).objects.filter(pk=row.pk).values())
    answer = client.post(reverse(page, args=args), fields, follow=True)
    assert "Somebody else was faster" in answer.content.decode()
    assert list(type(row).objects.filter(pk=row.pk).values()) == before
    fields = form_of(client.get(reverse(shown_on, args=args)), field)
    client.post(reverse(page, args=args), fields)
    assert list(type(row).objects.filter(pk=row.pk).values()) != before


def test_every_removal_is_one_of_these():
    names = {f"{space}:{name}" for space, name in named(get_resolver().url_patterns)}
    removals = {name for name in names if re.search(r"removal|deletion", name)}
    assert removals == NOT_SHARED | set(REMOVALS) - {"orders:regeneration"}


def named(patterns, space=""):
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from named(pattern.url_patterns, pattern.namespace or space)
        else:
            yield space, pattern.name or ""


def modules(folder):
    for found in pkgutil.walk_packages(depesa.__path__, "depesa."):
        if f".{folder}" in found.name and ".tests" not in found.name:
            yield importlib.import_module(found.name)


def versioned_verbs():
    """Functions that change or remove a row as somebody saw it."""
    for module in modules("services"):
        for node in ast.parse(inspect.getsource(module)).body:
            if isinstance(node, ast.FunctionDef):
                called = {called_by(call, module) for call in ast.walk(node) if isinstance(call, ast.Call)}
                if called & {edited, removed, check_seen, write}:
                    yield getattr(module, node.name)


def called_by(call, module):
    """What a call calls, by the names of its module; None for what only the moment knows."""
    found, name = vars(module), ast.unparse(call.func)
    first, *rest = name.split(".")
    found = found.get(first)
    for part in rest:
        found = getattr(found, part, None)
    return found if callable(found) and getattr(found, "__hash__", None) else None


def test_every_verb_that_changes_a_shared_row_asks_for_the_version_and_every_page_gives_it():
    verbs = set(versioned_verbs())
    assert len(verbs) > 25
    takes = {verb: list(inspect.signature(verb).parameters) for verb in verbs}
    assert {f"{verb.__module__}.{verb.__name__}" for verb in verbs if "version" not in takes[verb]} == set()
    of_one = {verb for verb in verbs if takes[verb][0] != "ids"}  # of many rows a person has seen the marks alone
    for module in [*modules("views"), *modules("forms")]:
        for call in ast.walk(ast.parse(inspect.getsource(module))):
            if isinstance(call, ast.Call) and called_by(call, module) in of_one:
                given = {keyword.arg: keyword.value for keyword in call.keywords}
                is_given = None in given or ("version" in given and not isinstance(given["version"], ast.Constant))
                assert is_given, f"{module.__name__}:{call.lineno} gives no version that was seen"
