"""What is set up: wrong input is answered where it stands, nothing typed is lost, a test letter arrives."""

import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


def test_a_wrong_company_code_is_said_at_its_field(page_as, watch):
    watch.expect(422)
    page = page_as("ada")
    page.goto("/company/")
    page.locator("[name=name]").fill("Vaivorykštė ir partneriai")
    page.locator("[name=company_code]").fill("304871237")
    page.locator("[name=vat_code]").fill("LT1")
    page.get_by_role("button", name="Save").click()
    field = page.locator(".field", has=page.locator("[name=company_code]"))
    expect(field).to_have_class(re.compile("has-error"))
    expect(field).to_contain_text("Check digit does not match")
    expect(page.locator("[name=company_code]")).to_be_focused()
    expect(page.locator("[name=company_code]")).to_have_attribute("aria-invalid", "true")
    expect(page.locator("[name=name]")).to_have_value("Vaivorykštė ir partneriai")
    expect(page.locator("[name=vat_code]")).to_have_value("LT1")


def test_a_test_letter_reaches_the_catcher(page_as):
    page = page_as("ada")
    page.goto("/settings/channels/1/testing/")
    page.locator("[name=to]").fill("probe@journey.example")
    page.get_by_role("button", name="Send the test letter").click()
    expect(page.locator("main")).to_contain_text(re.compile("accepted", re.IGNORECASE))
    page.goto("/catcher/?q=probe@journey.example")
    expect(page.locator("main")).to_contain_text("probe@journey.example")


def test_an_unknown_placeholder_is_refused_with_line_and_column(page_as, watch):
    watch.expect(422)
    page = page_as("ada")
    page.goto("/system-emails/monthly-statement/en/")
    typed = "Good day,\n\nthe month of {{ mnth.name }} is over.\n"
    page.locator("[name=body]").fill(typed)
    page.locator("[name=subject]").fill("Another subject")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("main")).to_contain_text(re.compile("line 3", re.IGNORECASE))
    expect(page.locator("main")).to_contain_text(re.compile("column", re.IGNORECASE))
    assert page.locator("[name=body]").input_value().replace("\r", "") == typed
    expect(page.locator("[name=subject]")).to_have_value("Another subject")


def test_leaving_with_something_typed_asks_first(page_as):
    page = page_as("ada")
    page.goto("/system-emails/monthly-statement/en/")
    page.locator("[name=subject]").press_sequentially("!")
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    with page.expect_event("dialog"):
        page.locator("nav.side").get_by_role("link", name="Documents").click(no_wait_after=True)
    expect(page.locator("[name=subject]")).to_have_value(re.compile("!"))
    assert asked == ["beforeunload"]
