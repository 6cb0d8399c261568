"""A small open shop: two products, the usual ways, letters that can be written."""

from decimal import Decimal

import pytest

from depesa.catalog import services as catalog
from depesa.orders.services import ItemDraft, OrderDraft, place
from depesa.outbox.models import Channel
from depesa.shop.models import Account, OneTimeLink, Shop
from depesa.shop.services import accounts
from depesa.shop.services.links import token_of
from depesa.triggers.models import Transition

PASSWORD = "nine blue kettles"


@pytest.fixture
def shop(company):
    Channel.objects.filter(is_default=True).update(from_address="shop@vaivorykste.example")
    catalog.ensure_default_list()
    return Shop.objects.create(pk=1, is_open=True)


@pytest.fixture
def bunting(shop):
    names = {"en": "Party bunting", "cs": "Girlanda", "lt": "Girlianda"}
    return catalog.create({"code": "47566", "names": names, "price": Decimal("4.95")}, by=None)


@pytest.fixture
def rare(shop):
    values = {"code": "R1", "names": {"en": "Rare teapot"}, "price": Decimal(10), "stock": Decimal(2)}
    return catalog.create(values, by=None)


@pytest.fixture
def account(shop):
    """An account whose owner has opened the link."""
    accounts.register(email="ada@sroub.example", password=PASSWORD, name="Ada", language="cs", machine="1")
    found = Account.objects.get()
    return accounts.set_password(token_for(found), PASSWORD)


@pytest.fixture
def order(shop):
    item = ItemDraft(text="Bunting", quantity=Decimal(1), price=Decimal(5))
    draft = OrderDraft(items=[item], party={"name": "Ada", "email": "ada@sroub.example"}, currency="EUR")
    return place([draft], origin="shop")[0]


def token_for(account):
    accounts.ask_for_password(account.email, language="cs", machine="0")
    return token_of_last("password")


def token_of_last(kind):
    return token_of(OneTimeLink.objects.filter(kind=kind).latest("pk"))


def events():
    """What was noted, in its order: event, system e-mail, language."""
    rows = Transition.objects.order_by("pk").select_related("system_email")
    return [(row.event, row.system_email and row.system_email.code, row.language) for row in rows]
