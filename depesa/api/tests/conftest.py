"""A program with its token."""

import json

import pytest
from django.test import Client

from depesa.api.models import Scope, Source
from depesa.api.rules.signatures import base64_hmac
from depesa.api.services import make_token
from depesa.api.services.inbound import save_source


class Program:
    """Asks the API as other programs do."""

    def __init__(self, text):
        self.client, self.text = Client(), text

    def ask(self, method, path, body=None, **headers):
        sent = {} if body is None else {"data": json.dumps(body), "content_type": "application/json"}
        if self.text:
            headers["Authorization"] = f"Bearer {self.text}"
        return self.client.generic(
            method, f"/api/v1{path}", sent.get("data", ""), sent.get("content_type", ""), headers=headers
        )

    def get(self, path, **headers):
        return self.ask("GET", path, **headers)

    def post(self, path, body, **headers):
        return self.ask("POST", path, body, **headers)

    def patch(self, path, body, **headers):
        return self.ask("PATCH", path, body, **headers)


@pytest.fixture
def program(company, ada):
    return Program(make_token("shop", scopes=Scope.values, by=ada)[1])


@pytest.fixture
def reader(company, ada):
    return Program(make_token("figures", scopes=[each for each in Scope.values if each.endswith(":read")], by=ada)[1])


ORDER = {
    "customer": {"name": "Jan Novák", "email": "jan@firma.example", "street": "Dlouhá 1", "city": "Praha"},
    "items": [{"text": "Obálky", "quantity": 10, "price": "2.20", "vat_rate": 21}],
    "currency": "EUR",
    "language": "cs",
    "payment_kind": "transfer",
}


@pytest.fixture
def order():
    return ORDER


HEADERS = {
    "woocommerce": ("X-WC-Webhook-Signature", "X-WC-Webhook-Topic"),
    "shopify": ("X-Shopify-Hmac-Sha256", "X-Shopify-Topic"),
}


@pytest.fixture
def tell(company, ada, client):
    sources = {}

    def told(system, topic, payload, *, secret="s3cret", status=200):
        if system not in sources:
            sources[system] = save_source(
                Source(), {"name": f"Our {system}", "system": system}, secret="s3cret", by=ada
            )
        body = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
        signature, named = HEADERS[system]
        answer = client.post(
            f"/api/v1/webhooks/{sources[system].key}/",
            body,
            "application/json",
            headers={signature: base64_hmac(secret, body), named: topic},
        )
        assert answer.status_code == status, answer.content
        return answer.json().get("done") or answer.json()["errors"][0]["message"]

    return told


@pytest.fixture
def clerk_browser(ben):
    browser = Client()
    browser.force_login(ben)
    return browser
