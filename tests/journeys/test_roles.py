"""Who may what, as they see it."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


def test_cleo_sees_the_month_and_cannot_post_it(page_as, desk, watch):
    page = page_as("cleo")
    page.goto("/runs/2011-06/")
    expect(page.locator("#live")).to_contain_text("accepted")
    for words in ("Send 6 letters", "Form again", "Leave out"):
        expect(page.locator("main").get_by_text(words)).to_have_count(0)
    page.goto(desk.address("{sending}"))
    expect(page.locator("main")).to_contain_text("Vyšehradská papírna")
    expect(page.locator(".page-head .actions").get_by_role("link")).to_have_count(0)
    watch.expect(403)
    answer = page.goto(desk.address("{sending}posting/"))
    assert answer.status == 403
    expect(page.locator("body")).to_contain_text("Your role does not allow it.")


def test_dan_reads_a_sentence_and_can_leave(page_as, watch):
    watch.expect(403)
    page = page_as("dan")
    page.goto("/")
    expect(page.locator("body")).to_contain_text("Your role does not allow it.")
    expect(page.get_by_role("button", name="Sign out")).to_have_count(1)
