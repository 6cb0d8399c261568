"""Coming in: the door, the wrong key, the language, the look."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import sign_in

pytestmark = pytest.mark.browser


def test_ada_comes_in_and_finds_the_six_words(new_page):
    page = new_page()
    page.goto("/customers/")
    expect(page).to_have_url(re.compile(r"/account/login/\?next=/customers/"))
    sign_in(page, "ada")
    page.goto("/")
    expect(page.locator("nav.side")).to_contain_text("Documents")
    expect(page.locator("nav.side")).to_contain_text("Customers")


def test_a_wrong_password_is_answered_in_a_sentence(new_page):
    page = new_page()
    page.goto("/account/login/")
    page.get_by_label("Sign-in name").fill("ada")
    page.get_by_label("Password").fill("wrong")
    page.get_by_role("button", name="Sign in").click()
    expect(page.locator("main, body").first).to_contain_text("password")
    expect(page.get_by_label("Sign-in name")).to_have_value("ada")
    expect(page).to_have_url(re.compile("/account/login/"))


@pytest.mark.parametrize(("language", "word"), [("cs", "Zákazníci"), ("lt", "Klientai")])
def test_the_language_is_switched_and_remembered(page_as, language, word):
    page = page_as("chooser")
    page.goto("/")
    page.locator("header.top details.menu summary").click()
    page.locator(f"button[name=language][value={language}]").click()
    expect(page.locator("html")).to_have_attribute("lang", language)
    page.goto("/customers/")
    expect(page.locator("html")).to_have_attribute("lang", language)
    expect(page.locator("nav.side")).to_contain_text(word)


def test_the_look_is_switched_at_once_and_remembered(page_as):
    page = page_as("chooser")
    page.goto("/customers/")
    light = page.evaluate(PAPER)
    page.locator("header.top details.menu summary").click()
    with page.expect_response("**/theme/"):
        page.locator("button[name=theme][value=dark]").click()
    assert page.evaluate(PAPER) != light
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    assert page.evaluate(PAPER) != light
    page.locator("header.top details.menu summary").click()
    with page.expect_response("**/theme/"):
        page.locator("button[name=theme][value=light]").click()
    assert page.evaluate(PAPER) == light


PAPER = "getComputedStyle(document.documentElement).backgroundColor"
