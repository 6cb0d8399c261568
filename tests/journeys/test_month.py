"""The month, from the file of the shop to the proof that each letter has arrived."""

import re
from typing import NamedTuple

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import settle

pytestmark = pytest.mark.browser

HEADER = (
    "type,number,date,customer_code,customer_name,email,language,country,currency,description,quantity,price,vat rate"
)
SEPTEMBER = [
    "waybill,S-1,2011-09-02,M1,Kavárna U Mostu,kavarna@most.example,cs,CZ,EUR,Zrnková káva,10,12.50,21",
    "invoice,S-2,2011-09-09,M1,Kavárna U Mostu,kavarna@most.example,cs,CZ,EUR,Mlýnek,1,80.00,21",
    "waybill,S-3,2011-09-14,M2,Kavinė Prie upės,kavine@upe.example,lt,LT,EUR,Kavos pupelės,4,12.50,21",
    "return,S-4,2011-09-20,M3,Tea Room,tea@room.example,en,GB,EUR,Broken pot,-1,30.00,21",
]
WRONG = "invoice,S-5,2011-09-31,M2,Kavinė Prie upės,kavine@upe.example,lt,LT,EUR,Puodelis,1,3.00,21"
LATER = "invoice,S-6,2011-09-30,M4,Late Bar,late@bar.example,en,GB,EUR,Coffee,2,10.00,21"


class Trade(NamedTuple):
    """A month that nobody else trades in; the second try takes another one than the first."""

    month: str
    shown: str
    czech: str

    def rows(self, *rows: str) -> list[str]:
        """The rows of September as those of this month, with numbers of their own."""
        return [row.replace("2011-09", self.month).replace("S-", f"S{self.month[-2:]}-") for row in rows]

    @property
    def run(self) -> str:
        return f"/runs/{self.month}/"


TRADES = [Trade("2011-09", "September 2011", "září 2011"), Trade("2011-11", "November 2011", "listopad 2011")]


@pytest.fixture
def trade(request):
    return TRADES[(request.node.execution_count - 1) % len(TRADES)]


def test_the_month_from_file_to_evidence(page_as, trade):
    page = page_as("ada")
    bring_in(page, "september.csv", trade.rows(*SEPTEMBER, WRONG), says="Import 4 documents", refused="31")
    post_documents(page, trade, 4)
    form(page, trade)
    page.goto(trade.run)
    expect(page.locator("#live")).to_contain_text("3 ready to send")
    prove_coverage(page, 4)
    edit(page, "Kavárna U Mostu")
    send(page, trade, 3)
    expect(page.locator("#live")).to_contain_text("3 accepted")
    read_evidence(page, trade, "Kavárna U Mostu")
    find_in_catcher(page, trade)
    bring_in(page, "september-again.csv", trade.rows(*SEPTEMBER, LATER), says="Import 1 document", refused="")
    post_documents(page, trade, 1)
    page.goto(trade.run)
    page.get_by_role("link", name="Form again").click()
    page.get_by_role("button", name=f"Form {trade.shown}").click()
    expect(page.locator("#messages")).to_contain_text("1 statement was formed")
    expect(page.locator("#live")).to_contain_text("1 ready to send")
    expect(page.locator("#live")).to_contain_text("3 accepted")


def bring_in(page: Page, name: str, rows: list[str], *, says: str, refused: str) -> None:
    page.goto("/documents/")
    page.get_by_role("link", name="Import").click()
    page.get_by_role("link", name="Upload files").first.click()
    content = "\n".join([HEADER, *rows]).encode()
    page.locator("input[type=file]").set_input_files({"name": name, "mimeType": "text/csv", "buffer": content})
    page.get_by_role("button", name="Upload").click()
    if refused:
        expect(page.locator("main")).to_contain_text("Not imported")
        expect(page.locator("main")).to_contain_text(refused)
    page.get_by_role("button", name=says).click()
    expect(page.locator(".page-head")).to_contain_text("imported")


def post_documents(page: Page, trade: Trade, count: int) -> None:
    page.goto(f"/documents/?month={trade.month}&state=not-posted")
    expect(page.locator("table.list tbody tr")).to_have_count(count)
    page.locator(".mark-all").click()
    page.locator(".list-bar").get_by_role("button", name="Post", exact=True).click()
    page.get_by_role("button", name=re.compile(f"^Post {count} document")).click()
    expect(page.locator("#messages")).to_contain_text("posted")


def form(page: Page, trade: Trade) -> None:
    page.goto("/operations/")
    page.get_by_role("link", name="New operation").click()
    page.locator("[name=task]").select_option(label="Form the list of customers to be sent a list of invoices")
    settle(page)  # the task brings its defaults
    page.locator("[name=operation_on]").fill(f"{trade.month}-30")
    page.get_by_role("button", name="Save").click()
    page.locator(".page-head").get_by_role("link", name="Post").click()
    page.wait_for_url("**/posting/")
    page.locator("main form button.is-primary").click()
    page.wait_for_url(re.compile(r"/(runs|operations)/[^/]+/$"))


def prove_coverage(page: Page, documents: int) -> None:
    page.get_by_role("link", name="Coverage").click()
    expect(page.locator("main")).to_contain_text(f"Every one of the {documents} posted documents")
    page.go_back()


def edit(page: Page, customer: str) -> None:
    page.get_by_role("link", name=customer).click()
    picture = page.locator("img.page-picture").first
    expect(picture).to_be_visible()
    picture.evaluate("each => each.decode()")
    page.get_by_role("link", name="Edit", exact=True).click()
    page.locator("[name=addresses]").fill("ucetni@most.example")
    page.locator("[name=letter_text]").fill("Dobrý den,\n\nposíláme opravený přehled.")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("main")).to_contain_text("ucetni@most.example")
    page.get_by_role("link", name="The period").click()


def send(page: Page, trade: Trade, count: int) -> None:
    page.get_by_role("link", name=f"Send {count} letters").click()
    expect(page.locator("main")).to_contain_text("Coverage: 4 of 4")
    page.get_by_role("button", name=f"Send {count} letters").click()
    page.wait_for_url(f"**{trade.run}")


def read_evidence(page: Page, trade: Trade, customer: str) -> None:
    page.goto(trade.run)
    page.get_by_role("link", name=customer).click()
    page.get_by_role("link", name="Open the letter").click()
    expect(page.locator("main")).to_contain_text("ucetni@most.example")
    expect(page.locator("main")).to_contain_text("250")


def find_in_catcher(page: Page, trade: Trade) -> None:
    page.goto("/catcher/?q=ucetni@most.example")
    page.get_by_role("link", name=re.compile(trade.czech)).first.click()
    expect(page.frame_locator("main iframe").locator("body")).to_contain_text("posíláme opravený přehled")
    expect(page.locator("main")).to_contain_text(".pdf")
