"""Every page: no finding of axe, wide and on a phone, light and dark; nothing wider than the phone."""

import os
import re
from pathlib import Path

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page as Tab

from tests.journeys.conftest import PHONE, WIDE, settle
from tests.journeys.pages import PAGES

pytestmark = pytest.mark.browser

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PICTURES = os.environ.get("DEPESA_PICTURES", "")  # a folder, for people who want to look


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_page_is_accessible_and_fits(page, tab_of, watch):
    watch.expect(page.status)
    with tab_of(page.user) as tab:
        tab.set_viewport_size(WIDE)
        if page.marks:
            tab.goto(page.marks)
            tab.locator(".mark-all").click()
            settle(tab)
        answer = tab.goto(watch.desk.address(page.url))
        assert answer.status == page.status
        settle(tab)
        look_around(tab, page.name)


def look_around(tab: Tab, name: str) -> None:
    """Fail with what axe finds, or what is wider than the screen."""
    tab.evaluate(AXE_SCRIPT)
    found = []
    for size, screen, theme in ((WIDE, "wide", "light"), (PHONE, "phone", "dark")):
        tab.set_viewport_size(size)
        tab.evaluate("theme => document.documentElement.dataset.theme = theme", theme)
        found += [f"{screen} {theme}: {each}" for each in tab.evaluate(AXE, TAGS)]
        if overflow := tab.evaluate(OVERFLOW):
            found.append(f"{screen}: wider than the screen: {overflow}")
        keep_picture(tab, f"{name}-{screen}-{theme}")
    assert not found, "\n".join(found)


OVERFLOW = """() => {
  const room = document.documentElement.clientWidth;
  if (document.scrollingElement.scrollWidth <= window.innerWidth) return "";
  const wide = [...document.querySelectorAll("main *, header *, nav *")]
    .filter((each) => each.checkVisibility() && each.getBoundingClientRect().right > room + 0.5)
    .filter((each, _at, every) => !every.includes(each.parentElement));
  return wide.slice(0, 6).map((each) => each.outerHTML.slice(0, 120)).join(" | ") || "the page itself";
}"""

AXE = """async (tags) => {
  const {violations} = await axe.run({runOnly: tags, resultTypes: ["violations"], preload: false});
  return violations.map((each) => `${each.id}: ${each.help}\\n` + each.nodes.slice(0, 4).map((node) =>
    `    ${node.target.join(" ")}  ${node.html.slice(0, 160)}\\n      ` +
    [...node.any, ...node.all, ...node.none].map((check) => check.message).join("; ").slice(0, 300)).join("\\n"));
}"""


def keep_picture(tab: Tab, name: str) -> None:
    if PICTURES:
        tab.screenshot(path=Path(PICTURES) / f"{re.sub('[^a-z]+', '-', name)}.png", full_page=True)
