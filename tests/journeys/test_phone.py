"""On the phone: the bar below leads everywhere, and what is behind menus opens within the screen."""

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import PHONE, settle

pytestmark = pytest.mark.browser


def test_the_bar_below_leads_everywhere(page_as):
    page = page_as("ben", size=PHONE, has_touch=True, is_mobile=True)
    page.goto("/")
    for word in ("Operations", "Documents", "Customers", "Letters", "Settings", "Start"):
        link = page.locator("nav.side").get_by_role("link", name=word)
        expect(link).to_be_in_viewport(ratio=1)
        link.tap()
        expect(page.locator("nav.side [aria-current=page]")).to_have_text(word)


def test_filters_and_the_menu_open_within_the_screen(page_as):
    page = page_as("ben", size=PHONE, has_touch=True, is_mobile=True)
    page.goto("/documents/")
    settle(page)
    page.locator("summary.chip-add").first.tap()
    expect(page.locator("details.menu[open] .menu-sheet")).to_be_in_viewport(ratio=0.9)
    page.locator("header.top details.menu summary").tap()
    expect(page.locator("header.top details.menu .menu-sheet")).to_be_in_viewport(ratio=0.9)
    assert page.evaluate("document.scrollingElement.scrollWidth <= innerWidth")


def test_marks_bring_their_acts_above_the_bar(page_as):
    page = page_as("admin", size=PHONE, has_touch=True, is_mobile=True)
    page.goto("/documents/?state=not-posted")
    settle(page)
    page.locator("[name=mark]").first.tap()
    post = page.locator(".marks").get_by_role("button", name="Post", exact=True)
    expect(post).to_be_in_viewport(ratio=1)
    settle(page)  # the new row hears nothing before
    page.locator("[name=mark]").first.tap()
    expect(post).to_be_hidden()
