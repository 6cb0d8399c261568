"""The operator edits a letter: visually, as source, broken and mended, and back to how it was."""

import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


def test_a_letter_is_written_broken_mended_and_rolled_back(page_as, watch):
    watch.expect(422)
    page = page_as("ada")
    page.goto("/system-emails/order-sent/en/")
    visual = page.locator("[contenteditable=true]")
    expect(visual).to_contain_text("The goods of order")
    visual.press("Control+Home")
    page.keyboard.type("Hello from the visual editor. ")
    page.locator("dt", has_text="order.state").get_by_role("button").click()
    look = page.frame_locator(".looks-frames iframe:last-child")
    expect(look.locator("body")).to_contain_text("Hello from the visual editor. Sent")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("main")).to_contain_text("version 2")

    page.get_by_label("source editor").check()
    source = page.locator("[name=html]")
    good = source.input_value()
    assert "Hello from the visual editor. {{ order.state }}" in good
    source.fill(f"{good}\n<p>{{{{ order.nubmer }}}}</p>")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("main")).to_contain_text("Did you mean “order.number”?")
    expect(page.locator("main")).to_contain_text(re.compile(r"line \d+, column 7"))
    expect(source).to_have_value(re.compile("order.nubmer"))
    source.fill(f"{good}\n<p>{{{{ order.number }}}}</p>")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("main")).to_contain_text("version 3")

    page.get_by_role("link", name="Versions").click()
    page.get_by_role("link", name="1", exact=True).click()
    page.get_by_role("button", name="Make this the text again").click()
    expect(page.locator("main")).to_contain_text("Version 1 is the text again.")
    expect(page.locator("[contenteditable=true]")).not_to_contain_text("Hello")
