"""Grave acts ask for the password once more where it was typed too long ago, and nothing typed is lost."""

import datetime as dt

import pytest
from django.urls import reverse

from depesa.api.models import ApiToken
from depesa.outbox.models import Channel
from depesa.shop.models import Shop
from depesa.staff.models import User
from depesa.staff.tests.test_sessions import PASSWORD, hidden, root, signed_in  # noqa: F401

pytestmark = pytest.mark.django_db
WISH = {"name": "till", "scopes": ["orders:read", "customers:read"], "ends_on": "2011-12-31"}


def test_a_grave_act_asks_for_the_password_and_loses_nothing_typed(root, clock):  # noqa: F811
    client, address = signed_in(root), reverse("api:new_token")
    clock.shift(dt.timedelta(minutes=14))
    assert client.post(address, WISH | {"name": "first"}).status_code == 200
    assert ApiToken.objects.count() == 1
    clock.shift(dt.timedelta(minutes=2))
    page = client.post(address, WISH | {"name": 'a "quoted" <name>'})
    assert "Is it you?" in page.text
    assert ApiToken.objects.count() == 1
    sent = hidden(page.text)
    wrong = client.post(address, sent | {"proof-password": "wrong"})
    assert wrong.status_code == 422
    assert hidden(wrong.text) == sent
    done = client.post(address, hidden(wrong.text) | {"proof-password": PASSWORD})
    assert "depesa_" in done.text
    made = ApiToken.objects.latest("pk")
    assert (made.name, made.scopes) == ('a "quoted" <name>', ["customers:read", "orders:read"])
    assert "Is it you?" not in client.post(address, WISH).text  # proved for a while


GRAVE = [
    ("staff:new_user", [], {"username": "eva", "role": "clerk"}),
    ("staff:user", ["ben"], {"name": "B", "role": "admin", "is_active": "on"}),
    ("staff:password", ["ben"], {}),
    ("staff:profile", [], {"name": "Root", "email": "other@firma.example", "theme": "auto"}),
    ("api:new_token", [], WISH),
    ("api:new_subscription", [], {"url": "https://shop.example/", "topics": ["orders"]}),
    ("api:new_source", [], {"name": "Woo", "system": "woocommerce", "secret": "s"}),
    ("shop_desk:secret", [], {}),
    ("outbox:new_channel", [], {"name": "x"}),
    ("outbox:channel", ["channel"], {"name": "x"}),
    ("outbox:choice", ["channel"], {}),
    ("outbox:quarantine_end", [], {}),
]


@pytest.mark.parametrize(("name", "keys", "sent"), GRAVE)
def test_every_grave_act_asks(root, ben, clock, name, keys, sent):  # noqa: F811
    named = {"ben": ben.pk, "channel": Channel.objects.get(is_default=True).pk}
    client = signed_in(root)
    clock.shift(dt.timedelta(minutes=16))
    rows = (User, ApiToken, Shop, Channel)
    before = [list(model.objects.order_by("pk").values()) for model in rows]
    page = client.post(reverse(name, args=[named[key] for key in keys]), sent)
    assert "Is it you?" in page.text
    assert [list(model.objects.order_by("pk").values()) for model in rows] == before


def test_all_customers_as_a_file_ask_first_and_then_come(root, clock):  # noqa: F811
    client = signed_in(root)
    clock.shift(dt.timedelta(minutes=16))
    assert client.get(reverse("customers:customers")).status_code == 200
    asked = client.get(reverse("customers:customers"), {"file": "csv"})
    assert asked.url.startswith(reverse("account_reauthenticate"))
    door = client.get(asked.url)
    assert "Is it you?" in door.text
    answer = client.post(reverse("account_reauthenticate"), hidden(door.text) | {"password": PASSWORD})
    assert answer.url == "/customers/?file=csv"
    assert client.get(answer.url).headers["Content-Type"].startswith("text/csv")
