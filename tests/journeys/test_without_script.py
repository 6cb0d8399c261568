"""Without script: everything that a page does, it does by forms and links."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import sign_in

pytestmark = pytest.mark.browser


@pytest.fixture
def plain(new_page):
    page = new_page(java_script_enabled=False)
    sign_in(page, "ben")
    return page


def test_a_list_is_filtered_marked_and_posted(plain):
    plain.goto("/documents/")
    plain.locator("summary.chip-add").first.click()
    plain.locator(".filter-form [name=state]").select_option("not-posted")
    plain.locator(".filter-form button").last.click()
    plain.wait_for_url(re.compile("state=not-posted"))
    row = plain.locator("table.list tbody tr", has_text="VAZ-0024")
    row.locator("[name=mark]").check()
    plain.locator(".list-bar").get_by_role("button", name="Post", exact=True).click()
    expect(plain.locator("h1")).to_contain_text("Post 1 document")
    expect(plain.get_by_role("button", name="Post 1 document")).to_be_enabled()
    plain.get_by_role("link", name="Back").click()
    expect(plain.locator("h1")).to_have_text("Documents")


def test_a_form_says_its_errors_and_keeps_what_was_typed(plain, watch):
    watch.expect(422)
    plain.goto("/customers/new/")
    plain.locator("[name=name]").fill("Bez kódu")
    plain.locator("[name=email]").fill("not an address")
    plain.locator("[name=code]").fill("C01")
    plain.locator("main form button.is-primary").click()
    expect(plain.locator(".field.has-error")).not_to_have_count(0)
    expect(plain.locator("[name=name]")).to_have_value("Bez kódu")
    expect(plain.locator("[name=email]")).to_have_value("not an address")


def test_pieces_that_script_would_load_are_links(plain, desk):
    plain.goto(desk.address("{customer}"))
    pieces = plain.locator("[hx-get][hx-trigger=load]")
    for number in range(pieces.count()):
        expect(pieces.nth(number).get_by_role("link").first).to_be_visible()


def test_the_months_letters_can_be_sent(plain):
    plain.goto("/runs/2011-06/")
    plain.get_by_role("link", name="Send 6 letters").click()
    expect(plain.get_by_role("button", name="Send 6 letters")).to_be_enabled()
    expect(plain.locator("main")).to_contain_text("cannot be taken back")
