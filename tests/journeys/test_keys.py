"""With the keyboard alone."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import settle

pytestmark = pytest.mark.browser


def test_rows_are_walked_marked_and_opened(page_as):
    page = page_as("ben")
    page.goto("/documents/")
    settle(page)
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    rows = page.locator("table.list tbody tr")
    expect(rows.nth(0)).to_have_class(re.compile("is-current"))
    has_ring(page)
    page.keyboard.press("x")
    expect(rows.nth(0).locator("[name=mark]")).to_be_checked()
    expect(page.locator(".marks-count b")).to_have_text("1")
    settle(page)
    page.keyboard.press("x")
    expect(page.locator(".marks-count b")).to_have_text("0")
    settle(page)
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/documents/\d+/$"))


def test_slash_searches(page_as):
    page = page_as("ben")
    page.goto("/customers/")
    page.keyboard.press("/")
    expect(page.locator("[data-search]")).to_be_focused()
    has_ring(page)
    page.keyboard.type("zpat")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search/?q=zpat")
    expect(page.locator("main")).to_contain_text("Zpátečník")


def test_question_mark_shows_the_keys_and_escape_closes_them(page_as):
    page = page_as("ben")
    page.goto("/customers/")
    page.keyboard.press("?")
    expect(page.locator("dialog#keys")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("dialog#keys")).to_be_hidden()


def test_the_palette_leads_to_a_page_and_finds_a_customer(page_as):
    page = page_as("ben")
    page.goto("/")
    page.keyboard.press("Control+k")
    expect(page.locator("#palette input")).to_be_focused()
    page.keyboard.type("mb sv")
    expect(page.locator("#palette-found")).to_contain_text("MB Šviesa")
    page.keyboard.press("Escape")  # empties the field
    page.keyboard.press("Escape")
    expect(page.locator("#palette")).to_be_hidden()
    page.keyboard.press("Control+k")
    page.locator("#palette input").fill("Documents")
    page.keyboard.press("Enter")
    page.wait_for_url("**/documents/**")


def test_every_stop_of_tab_can_be_seen(page_as):
    page = page_as("ben")
    page.goto("/operations/")
    settle(page)
    for _ in range(25):
        page.keyboard.press("Tab")
        has_ring(page)


def has_ring(page: Page) -> None:
    """What has the focus shows it."""
    place = page.evaluate("document.activeElement.outerHTML.slice(0, 200)")
    assert page.evaluate(VISIBLE), place


VISIBLE = """() => {
  for (let each = document.activeElement, steps = 0; each && steps < 3; each = each.parentElement, steps++) {
    const style = getComputedStyle(each);
    if (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 1) return true;
    if (style.boxShadow !== "none" && steps) return true;
  }
  return false;
}"""
