"""An order from the clerk's hand to the proof that its letter arrived with every file."""

import email
import email.policy
import re
import time
from dataclasses import dataclass
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import settle

pytestmark = pytest.mark.browser

PATIENCE = 120.0  # seconds until a letter has gone through outbox and catcher
UPLOAD = {"name": "Balicí list.txt", "mimeType": "text/plain", "buffer": "Dvě krabice, 3,5 kg.\n".encode()}
KEPT_AS = "Balicí-list.txt"  # a name without spaces, which every mail program keeps


@dataclass(frozen=True)
class Story:
    """Names that no other journey uses, nor the second try of this one."""

    key: str

    @property
    def name(self) -> str:
        return f"Knihkupectví Na Nároží {self.key}"

    @property
    def address(self) -> str:
        return f"nakup-{self.key}@narozi.example"

    @property
    def subject(self) -> str:
        return f"Zásilka pro nároží {self.key}"


@pytest.fixture
def story():
    return Story(uuid4().hex[:8])


def test_an_order_from_the_first_step_to_its_history(page_as, story, watch):
    ben = page_as("ben")
    url = place(ben, story)
    number = ben.locator("h1").inner_text()
    move(ben, "Sent")
    invoice = generate_invoice(ben)
    note = send_letter(ben, story)
    files = attachments(page_as("ada"), story)
    assert len(files) == 3, files
    assert files[KEPT_AS] == UPLOAD["buffer"]
    for written in (invoice, note):
        [content] = [content for name, content in files.items() if written in name]
        assert content.startswith(b"%PDF")
    as_the_clerk_finds_it(ben, url, story, (number, invoice, note))
    as_a_reader_finds_it(page_as("cleo"), url, story, note, watch)
    in_another_language(page_as("czech"), url, number, ("cs", "Přijatá", "Odeslaná", "Dodací list"))
    in_another_language(page_as("lithuanian"), url, number, ("lt", "Gautas", "Išsiųstas", "Prekių perdavimo aktas"))


def place(page: Page, story: Story) -> str:
    """By hand: customer, items, shipping and payment, summary; the address of the order."""
    page.goto("/orders/")
    page.get_by_role("link", name="New order").click()
    step(page, "Customer")
    fill(page, name=story.name, email=story.address, street="Dlouhá 12", postcode="110 00", city="Praha")
    page.locator("main [name=language]").select_option("cs")
    page.get_by_role("button", name="Next").last.click()
    step(page, "Items")
    line(page, 0, text="Kniha o lodích", quantity="2", price="350", vat_rate="21")
    line(page, 1, text="Sleva", price="-50")
    page.locator(".order-lines tbody tr:nth-child(2) [name$='-kind']").select_option("discount")
    page.get_by_role("button", name="Next").last.click()
    step(page, "Shipping and payment")
    fill(page, shipping_name="Kurýr", shipping_price="99", payment_name="Převodem")
    page.get_by_role("button", name="Next").last.click()
    step(page, "Summary")
    expect(page.locator("main")).to_contain_text("a contact is made")
    expect(page.locator(".order-total b")).to_contain_text("749")
    page.get_by_role("button", name="Place the order").click()
    page.wait_for_url(re.compile(r"/orders/\d+/$"))
    expect(page.locator(".page-head")).to_contain_text("Received")
    expect(page.locator(".order-items")).to_contain_text("Kniha o lodích")
    return page.url


def step(page: Page, name: str) -> None:
    expect(page.locator(".order-trail [aria-current=step]")).to_contain_text(name)


def fill(page: Page, **values: str) -> None:
    for name, value in values.items():
        page.locator(f"main [name={name}]").fill(value)


def line(page: Page, number: int, **values: str) -> None:
    for name, value in values.items():
        page.locator(f".order-lines tbody tr:nth-child({number + 1}) [name$='-{name}']").fill(value)


def move(page: Page, state: str) -> None:
    page.locator(".moves summary").click()
    page.locator(".moves").get_by_role("button", name=state).click()
    expect(page.locator("#messages")).to_contain_text(f"The state is now {state}.")
    expect(page.locator(".page-head")).to_contain_text(state)


def generate_invoice(page: Page) -> str:
    """With the dialog, without its letter, for Ben writes one; the invoice's number once its PDF is there."""
    page.locator("#documents").get_by_role("button", name="Invoice", exact=True).click()
    dialog = page.get_by_role("dialog", name="Invoice")
    dialog.get_by_label("send e-mails").uncheck()
    dialog.get_by_role("button", name="Generate").click()
    expect(page.locator("#messages")).to_contain_text("was generated")
    expect(page.locator("#documents a[download]")).to_have_count(1)
    return last_word(page.locator("#documents a.opens", has_text="Invoice").inner_text())


def last_word(text: str) -> str:
    return text.split()[-1]


def send_letter(page: Page, story: Story) -> str:
    """From the window over the page: the invoice, an upload, and a delivery note that is not there; its number."""
    page.get_by_role("link", name="Send e-mail").click()
    window = page.get_by_role("dialog", name="Send e-mail")
    expect(window.locator("[name=to]")).to_have_value(re.compile(story.address))
    window.locator("[name=subject]").fill(story.subject)
    window.locator("[name=body]").fill("Dobrý den,\n\nzásilka právě odjela.")
    window.get_by_label(re.compile("^Invoice")).check()
    delivery_note = window.get_by_label(re.compile("^Delivery note"))
    expect(window.locator("label", has_text="Delivery note")).to_contain_text("will be generated with the sending")
    delivery_note.check()
    window.locator("[name=files]").set_input_files(UPLOAD)
    expect(window.locator(".letter-uploads")).to_contain_text(KEPT_AS)
    settle(page)  # what was kept meanwhile stands in the window
    expect(delivery_note).to_be_checked()
    expect(window.locator("[name=subject]")).to_have_value(story.subject)
    window.get_by_role("button", name="Send", exact=True).click()
    page.wait_for_url(re.compile(r"/orders/\d+/communication/$"))
    expect(page.locator("#messages")).to_contain_text("Generated with it: delivery note.")
    page.locator("#tab-order").click()
    return last_word(page.locator("#documents a.opens", has_text="Delivery note").inner_text())


def attachments(page: Page, story: Story) -> dict[str, bytes]:
    """The files of the letter, by name, as they lie in the catcher."""
    limit = time.monotonic() + PATIENCE
    while time.monotonic() < limit:
        shown = page.request.get("/catcher/", params={"q": story.address}).text()
        for url in sorted(set(re.findall(r'href="(/catcher/\d+/)', shown))):
            letter = email.message_from_bytes(page.request.get(f"{url}source/").body(), policy=email.policy.default)
            if letter["Subject"] == story.subject:
                return {part.get_filename(): part.get_payload(decode=True) for part in letter.iter_attachments()}
        page.wait_for_timeout(200)
    raise AssertionError("the letter did not arrive")


def as_the_clerk_finds_it(page: Page, url: str, story: Story, numbers: tuple[str, ...]) -> None:
    """Each tab tells its part of the story."""
    order, invoice, note = numbers
    page.goto(url)
    page.locator("#tab-customer").click()
    expect(page.locator("#order")).to_contain_text(story.address)
    expect(page.locator("#order .stack").get_by_role("link", name=order).first).to_be_visible()
    page.locator("#tab-communication").click()
    expect(page.locator("#order .slips")).to_contain_text(story.subject)
    page.locator("#tab-history").click()
    for words in (story.subject, invoice, note, "Sent", "Ben"):
        expect(page.locator("#order")).to_contain_text(words)
    page.goto(f"/orders/?q={invoice}")
    expect(page.locator("table.list tbody tr")).to_have_count(1)
    expect(page.locator("table.list tbody")).to_contain_text(story.name)


def as_a_reader_finds_it(page: Page, url: str, story: Story, note: str, watch) -> None:
    """Sees everything, is offered nothing, and is refused where the address is known."""
    page.goto(url)
    expect(page.locator("#documents")).to_contain_text(note)
    for words in ("Change state", "Send e-mail", "Change the order", "Mark paid", "Generate"):
        expect(page.locator("main").get_by_text(words, exact=True)).to_have_count(0)
    page.locator("#tab-communication").click()
    expect(page.locator("#order .slips")).to_contain_text(story.subject)
    page.goto("/orders/")
    expect(page.locator("main").get_by_role("link", name="New order")).to_have_count(0)
    watch.expect(403)
    for closed in (f"{url}letters/new/", f"{url}edit/", f"{url}documents/invoice/new/", "/orders/new/"):
        answer = page.goto(closed)
        assert answer.status == 403, closed
        expect(page.locator("body")).to_contain_text("Your role does not allow it.")


def in_another_language(page: Page, url: str, number: str, words: tuple[str, str, str, str]) -> None:
    """The same pages; names of states and documents are those of the language."""
    language, received, sent, note = words
    page.goto(url)
    expect(page.locator("html")).to_have_attribute("lang", language)
    expect(page.locator(".page-head")).to_contain_text(sent)
    expect(page.locator("#documents")).to_contain_text(note)
    for tab in ("customer", "communication", "history"):
        page.locator(f"#tab-{tab}").click()
        expect(page.locator(f"#tab-{tab}")).to_have_attribute("aria-current", "page")
    page.goto(f"/orders/?q={number}")
    expect(page.locator("table.list tbody tr", has_text=number)).to_contain_text(sent)
    expect(page.locator("main nav.tabs")).to_contain_text(received)
