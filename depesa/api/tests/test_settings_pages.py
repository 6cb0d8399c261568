"""Settings → API: tokens are shown once, shops have a table of states, addresses are added and removed."""

import re

import pytest

from depesa.api.models import ApiToken, Source, Subscription
from depesa.api.services import make_token, subscribe, token_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client, ada, company):
    client.force_login(ada)
    return client


def test_a_token_is_shown_once_and_can_be_revoked(desk):
    page = desk.post("/settings/api/tokens/new/", {"name": "Figures"}).text
    text = re.search(r"depesa_[\w-]{20,}", page)[0]
    token = token_of(text)
    assert (token.name, token.may_write, text in token.hash) == ("Figures", False, False)
    overview = desk.get("/settings/api/").text
    assert token.prefix in overview
    assert text not in overview
    desk.post(f"/settings/api/tokens/{token.pk}/revoking/")
    assert token_of(text) is None
    assert "revoked" in desk.get("/settings/api/").text
    assert desk.post(f"/settings/api/tokens/{token.pk}/revoking/").status_code == 409


def test_a_token_of_somebody_who_may_not_sign_in_any_more_lets_nobody_in(desk, ada):
    _token, text = make_token("x", may_write=True, by=ada)
    ada.is_active = False
    ada.save()
    assert token_of(text) is None


def test_a_token_without_a_name_is_refused(desk):
    assert desk.post("/settings/api/tokens/new/", {"name": " "}).status_code == 422
    assert not ApiToken.objects.exists()


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
