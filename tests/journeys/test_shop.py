"""The shop by a visitor's hands: each event brings exactly its letter, in the language of the shop, once."""

import email
import email.policy
import re
import time
from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import PHONE

pytestmark = pytest.mark.browser

PASSWORD = "nine blue kettles"
PATIENCE = 120.0  # seconds until a letter has gone through trigger, outbox and catcher


@dataclass(frozen=True)
class Letter:
    subject: str
    text: str

    def link(self, path: str) -> str:
        """The address in it that leads there."""
        return re.search(rf"https?://[^\s>]+({path}[^\s>]*)", self.text)[1]


@pytest.fixture
def mailbox(page_as, desk):
    """Reads the letters to an address in the catcher, once so many are there."""
    ada = page_as("ada")

    def read(address: str, count: int = 1) -> list[Letter]:
        limit = time.monotonic() + PATIENCE
        found: list[str] = []
        while time.monotonic() < limit and len(found) < count:
            shown = ada.request.get("/catcher/", params={"q": address}).text()
            found = sorted(set(re.findall(r'href="(/catcher/\d+/)', shown)), key=lambda url: int(url.split("/")[2]))
            if len(found) < count:
                ada.wait_for_timeout(200)
        assert len(found) == count, found
        return [opened(desk.caught(int(url.split("/")[2]))) for url in found]

    return read


@pytest.fixture
def no_hold(desk):
    """Letters leave at once, while nobody takes back what the hold time leaves time for."""
    desk.run("from depesa.triggers.services import save_hold; save_hold(0)")
    yield
    desk.run("from depesa.triggers.models import Settings; Settings.objects.all().delete()")


def opened(content: bytes) -> Letter:
    read = email.message_from_bytes(content, policy=email.policy.default)
    return Letter(read["Subject"], read.get_body(("plain",)).get_content())


def fill(page: Page, **values: str) -> None:
    for name, value in values.items():
        page.locator(f"main [name={name}]").fill(value)


def send(page: Page) -> None:
    page.locator("main form button.is-primary").last.click()


def put_in_cart(page: Page, language: str) -> None:
    page.goto(f"/shop/{language}/")
    page.locator(".card", has=page.locator("a[href*='/products/1/']")).get_by_role("button").click()
    page.locator("main a.is-primary").click()


def order(page: Page, address: str, *, shipping: str, payment: str, more: dict[str, str] | None = None) -> str:
    """Through the checkout to the order's page; its number."""
    fill(page, name="Jan Novák", email=address, street="Dlouhá 12", city="Praha")
    page.locator(f"[name=shipping][value={shipping}]").check()
    page.locator(f"[name=payment][value={payment}]").check()
    if more:
        page.locator("[name=wants_account]").check()
        fill(page, **more)
    page.locator("[name=agrees]").check()
    send(page)
    page.locator("button[name=step][value=order]").click()
    page.wait_for_url("**/orders/**")
    return re.search(r"\S*\d{3,}", page.locator("h1").inner_text())[0]


def test_an_order_with_an_account_by_transfer(new_page, mailbox):
    page = new_page(size=PHONE)
    put_in_cart(page, "cs")
    number = order(page, "ucet@journey.example", shipping="post", payment="transfer", more={"password": PASSWORD})
    letters = {letter.subject: letter for letter in mailbox("ucet@journey.example", 2)}
    received = letters.pop(f"Objednávka {number}: údaje k platbě")
    assert "Obálky C5, 50 ks" in received.text
    assert "přihlášení není potřeba" not in received.text  # that is the letter of guests
    [registered] = letters.values()
    assert registered.subject.startswith("Váš zákaznický účet")
    page.goto(registered.link("/shop/cs/activation/"))
    fill(page, password=PASSWORD)
    send(page)
    expect(page.locator(".lines")).to_contain_text(number)
    page.goto(received.link("/shop/orders/"))
    expect(page.locator("h1")).to_contain_text(number)
    expect(page.locator(".state")).to_have_text("Přijatá")


def test_an_order_of_a_guest_with_cash_on_delivery(new_page, mailbox):
    page = new_page()
    put_in_cart(page, "lt")
    number = order(page, "svecias@journey.example", shipping="courier", payment="cash-on-delivery")
    [received] = mailbox("svecias@journey.example")
    assert received.subject == f"Užsakymas Nr. {number} gautas"
    assert "prisijungti nereikia" in received.text
    assert "Vokai C5, 50 vnt." in received.text


def test_an_order_with_individual_shipping(new_page, mailbox):
    page = new_page()
    put_in_cart(page, "en")
    number = order(page, "far@journey.example", shipping="individual", payment="transfer")
    expect(page.locator(".state")).to_have_text("Unresolved")
    [summary] = mailbox("far@journey.example")
    assert summary.subject == f"Order {number}: summary, delivery to be agreed"


def test_registration_and_forgotten_password(new_page, mailbox, watch):
    watch.expect(409)
    page = new_page()
    page.goto("/shop/cs/registration/")
    fill(page, name="Ada Nová", email="nova@journey.example", password=PASSWORD)
    send(page)
    [registered] = mailbox("nova@journey.example")
    assert registered.subject.startswith("Dokončete registraci")
    page.goto(registered.link("/shop/cs/activation/"))
    fill(page, password=PASSWORD)
    send(page)
    page.locator("form[action$='/sign-out/'] button").click()

    page.goto("/shop/lt/forgotten/")
    fill(page, email="nova@journey.example")
    send(page)
    _registered, forgotten = mailbox("nova@journey.example", 2)
    assert forgotten.subject.startswith("Naujas slaptažodis")
    link = forgotten.link("/shop/lt/new-password/")
    page.goto(link)
    fill(page, password="ten green kettles")
    send(page)
    page.wait_for_url("**/account/")
    page.goto(link)  # it works once
    expect(page.locator("main [name=password]")).to_have_count(0)
    page.goto("/shop/lt/account/")
    page.locator("form[action$='/sign-out/'] button").click()
    page.goto("/shop/en/sign-in/")
    fill(page, email="nova@journey.example", password="ten green kettles")
    send(page)
    page.wait_for_url("**/account/")


def test_the_newsletter_is_confirmed(new_page, mailbox):
    page = new_page(size=PHONE)
    page.goto("/shop/en/newsletter/")
    fill(page, email="news@journey.example")
    send(page)
    [asked] = mailbox("news@journey.example")
    assert asked.subject.startswith("Confirm that you want news")
    page.goto(asked.link("/shop/en/newsletter/"))
    send(page)
    page.wait_for_url("**/shop/en/")
    expect(page.locator("#messages .note")).to_be_visible()


@pytest.mark.usefixtures("no_hold")
def test_a_message_is_confirmed_and_answered_at_the_desk(new_page, page_as, mailbox):
    page = new_page()
    page.goto("/shop/cs/contact/")
    fill(page, name="Petr", email="dotaz@journey.example", text="Máte i modré obálky?")
    send(page)
    [confirmed] = mailbox("dotaz@journey.example")
    assert confirmed.subject == "Vaši zprávu jsme dostali"
    assert "modré" not in confirmed.text  # whoever wrote it has not proved that the address is his
    desk = page_as("ben")
    desk.goto("/messages/?q=petr")
    desk.locator("table.list tbody a.opens").first.click()
    fill(desk, text="Ano, modré máme.")
    desk.locator("main form button.is-primary").click()
    _confirmed, answer = mailbox("dotaz@journey.example", 2)
    assert answer.subject == "Odpověď na Vaši zprávu"
    assert "Ano, modré máme." in answer.text
    assert "Máte i modré obálky?" in answer.text
