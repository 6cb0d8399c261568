"""Settings → API: tokens are shown once, shops have a table of states, addresses are added and removed."""

import datetime as dt
import re

import pytest
from django.utils import timezone

from depesa.api.models import ApiToken, Source, Subscription
from depesa.api.services import NotLetIn, make_token, subscribe, token_of
from depesa.staff.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client, ada, company):
    client.force_login(ada)
    return client


def test_a_token_is_shown_once_and_can_be_revoked(desk):
    wished = {"name": "Figures", "scopes": ["orders:read", "customers:read"], "ends_on": "2090-01-01"}
    assert "five years at most" in desk.post("/settings/api/tokens/new/", wished).text
    usual = desk.get("/settings/api/tokens/new/").context["form"]["ends_on"].value()
    assert usual == timezone.localdate() + dt.timedelta(days=365)
    page = desk.post("/settings/api/tokens/new/", wished | {"ends_on": usual}).text
    text = re.search(r"depesa_[\w-]{20,}", page)[0]
    token = token_of(text)
    assert (token.name, token.scopes, text in token.hash) == ("Figures", ["customers:read", "orders:read"], False)
    overview = desk.get("/settings/api/").text
    assert token.prefix in overview
    assert text not in overview
    desk.post(f"/settings/api/tokens/{token.pk}/revoking/")
    with pytest.raises(NotLetIn, match="was revoked"):
        token_of(text)
    assert "revoked" in desk.get("/settings/api/").text
    assert desk.post(f"/settings/api/tokens/{token.pk}/revoking/").status_code == 409


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": " "}, "name"),
        ({"scopes": []}, "scopes"),
        ({"scopes": ["everything"]}, "scopes"),
        ({"ends_on": ""}, "ends_on"),
        ({"ends_on": "2011-01-01"}, "ends_on"),
    ],
)
def test_a_token_needs_a_name_something_to_do_and_a_day_to_come(desk, wrong, field):
    wished = {"name": "x", "scopes": ["orders:read"], "ends_on": timezone.localdate().isoformat()}
    page = desk.post("/settings/api/tokens/new/", wished | wrong)
    assert page.status_code == 422
    assert set(page.context["form"].errors) == {field}
    assert not ApiToken.objects.exists()


def test_its_maker_sees_a_token_whatever_he_may_now_and_administrators_see_all(client, company, ada, ben, cleo):
    token, _text = make_token("till", scopes=["orders:read"], by=ada)
    make_token("figures", scopes=["orders:read"], by=ben)
    root = User.objects.create_user("root", password="x", role="admin")
    seen = {}
    ada.role = "reader"
    ada.save()
    for person in (ada, ben, cleo, root):
        client.force_login(person)
        page = client.get("/settings/api/tokens/").text
        seen[person.username] = {name for name in ("till", "figures") if f">{name} <" in page}
    assert seen == {"ada": {"till"}, "ben": {"figures"}, "cleo": set(), "root": {"till", "figures"}}
    client.force_login(ben)
    assert client.post(f"/settings/api/tokens/{token.pk}/revoking/").status_code == 404
    client.force_login(ada)
    assert client.post(f"/settings/api/tokens/{token.pk}/revoking/").url == "/settings/api/tokens/"
    token.refresh_from_db()
    assert token.revoked_by == ada


def test_a_shop_is_set_up_with_its_table(desk):
    sent = {"name": "Woo", "system": "woocommerce", "secret": "abc", "table": "half = sent\non-hold =", "is_active": 1}
    made = desk.post("/settings/api/shops/new/", sent, follow=True)
    found = Source.objects.get()
    assert found.states == {"half": "sent", "on-hold": ""}
    assert str(found.key) in made.text
    assert "abc" not in found.secret
    wrong = desk.post(f"/settings/api/shops/{found.pk}/", {**sent, "table": "half = nowhere"})
    assert wrong.status_code == 422
    assert "there is no state “nowhere”" in wrong.text


def test_a_shop_needs_its_secret(desk):
    answer = desk.post("/settings/api/shops/new/", {"name": "Woo", "system": "woocommerce"})
    assert answer.status_code == 422
    assert "Write the secret" in answer.text
    assert not Source.objects.exists()


def test_an_address_is_added_and_removed(desk, ada):
    page = desk.post("/settings/api/webhooks/new/", {"url": "https://shop.example/", "topics": ["orders"]})
    assert "secret" in page.text
    found = Subscription.objects.get()
    assert "https://shop.example/" in desk.get("/settings/api/").text
    desk.post(f"/settings/api/webhooks/{found.pk}/removal/")
    assert not Subscription.objects.exists()
    assert desk.post("/settings/api/webhooks/new/", {"url": "http://shop.example/"}).status_code == 422
    subscribe("https://shop.example/", ["messages"], by=ada)
