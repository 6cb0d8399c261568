"""One desk and one Chromium for all journeys; whatever goes wrong in the browser fails the test."""

import asyncio
import contextlib
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Error, Page, Request, expect, sync_playwright

from tests.chromium import find
from tests.faults.database import FILE, copy
from tests.journeys.desk import PASSWORD, Desk, opened

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]
PATIENCE = 60_000  # milliseconds: a machine that does other things too is slower, not wrong
LAST_WORDS = 3.0  # seconds
WIDE, PHONE = {"width": 1280, "height": 800}, {"width": 375, "height": 740}

# Answers are judged by their status; a piece that was on its way when the page was left comes to nothing.
HARMLESS = ("Failed to load resource", "htmx:sendAbort", "htmx:afterRequest")

expect.set_options(timeout=PATIENCE)


@pytest.fixture(scope="session")
def desk(tmp_path_factory, migrated_file):
    folder = tmp_path_factory.mktemp("desk")
    copy(migrated_file, folder / FILE)
    with opened(folder) as found:
        yield found


class Chromium:
    """The browser with the event loop of its driver, which is only there while a journey runs."""

    def __init__(self, browser: Browser) -> None:
        self.browser = browser
        self.loop = asyncio.get_running_loop()

    @contextmanager
    def awake(self):
        """Between these two lines Playwright believes in its loop; other tests must not see it."""
        asyncio._set_running_loop(self.loop)
        try:
            yield self.browser
        finally:
            asyncio._set_running_loop(None)


@pytest.fixture(scope="session")
def chromium():
    path = find()
    assert path, "The browser tests need Chromium: run `python -m tests.chromium`"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        found = Chromium(browser)
        asyncio._set_running_loop(None)
        yield found
        asyncio._set_running_loop(found.loop)
        browser.close()
    asyncio._set_running_loop(None)


@pytest.fixture(scope="session")
def _cookies() -> dict[str, dict]:
    """Who has signed in already."""
    return {}


class Watch:
    """Hears everything that a page complains about."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.begin()

    def begin(self) -> None:
        """Forget the journey before."""
        self.log_size = self.desk.log.stat().st_size
        self.problems: list[str] = []
        self.expected: set[int] = set()
        self.open_requests: set[Request] = set()

    def over(self, page: Page) -> None:
        """Listen to this page."""
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.problems.append(f"script: {error}"))
        page.on("requestfailed", lambda request: self._fail(request))
        page.on("request", lambda request: self._ask(request))
        page.on("requestfinished", lambda request: self.open_requests.discard(request))
        page.on("response", lambda answer: self._answer(answer.status, answer.url))

    def expect(self, *statuses: int) -> None:
        """Answers of this journey that are meant."""
        self.expected |= set(statuses)

    def _hear(self, message) -> None:
        if message.type in ("error", "warning") and not message.text.startswith(HARMLESS):
            self.problems.append(f"console: {message.text}")

    def _fail(self, request: Request) -> None:
        self.open_requests.discard(request)
        if request.failure != "net::ERR_ABORTED":  # left for another page before it was there
            self.problems.append(f"failed: {request.url} {request.failure}")

    def _ask(self, request: Request) -> None:
        url = request.url
        self.open_requests.add(request)
        if urlsplit(url).scheme not in ("data", "blob", "about") and not url.startswith(self.desk.url):
            self.problems.append(f"asked elsewhere: {url}")

    def _answer(self, status: int, url: str) -> None:
        if status >= 400 and status not in self.expected:
            self.problems.append(f"answered {status}: {url}")

    def check(self) -> None:
        """Fail with everything that was heard."""
        with self.desk.log.open(encoding="utf-8", errors="replace") as log:
            log.seek(self.log_size)
            said = log.read()
        if " ERROR " in said:
            self.problems.append(f"the server said:\n{said}")
        assert not self.problems, "\n".join(self.problems)


@pytest.fixture(scope="session")
def _watch(desk) -> Watch:
    return Watch(desk)


@pytest.fixture
def watch(desk, _watch):
    desk.begin_anew()
    _watch.begin()
    yield _watch
    _watch.check()


@pytest.fixture
def new_page(chromium, desk, watch):
    """Makes a page in a context of its own, signed in or not."""
    contexts = []
    with chromium.awake() as browser:

        def make(state=None, *, size=WIDE, stays=False, **options) -> Page:
            context = browser.new_context(
                base_url=desk.url, storage_state=state, viewport=size, reduced_motion="reduce", **options
            )
            context.set_default_timeout(PATIENCE)
            contexts.extend([] if stays else [context])
            page = context.new_page()
            watch.over(page)
            return page

        yield make
        for context in contexts:
            let_finish(context, watch)
        for context in contexts:
            context.close()


@pytest.fixture
def page_as(new_page, _cookies) -> Callable[..., Page]:
    """A page of somebody who has signed in: the cast, or admin, chooser, czech, lithuanian."""

    def make(name: str, **options) -> Page:
        if name not in _cookies:
            page = new_page()
            sign_in(page, name)
            _cookies[name] = page.context.storage_state()
        return new_page(_cookies[name], **options)

    return make


@pytest.fixture(scope="session")
def _tabs() -> dict[str, Page]:
    """Pages that stay open, by who looks at them."""
    return {}


@pytest.fixture
def tab_of(page_as, new_page, watch, _tabs) -> Callable[[str], AbstractContextManager[Page]]:
    """Lends the page that somebody, or a visitor, looks around with; it stays open as long as all goes well."""

    @contextmanager
    def lend(name: str) -> Iterator[Page]:
        tab = _tabs.pop(name, None) or (page_as(name, stays=True) if name else new_page(stays=True))
        yield tab
        let_finish(tab.context, watch)
        _tabs[name] = tab

    return lend


def let_finish(context: BrowserContext, watch: Watch) -> None:
    """Wait for answers that are on their way: what they change belongs to this journey, not to the next one."""
    limit = time.monotonic() + LAST_WORDS
    while context.pages and watch.open_requests and time.monotonic() < limit:
        context.pages[0].wait_for_timeout(20)


def sign_in(page: Page, name: str, password: str = PASSWORD) -> None:
    """Through the door, as everybody."""
    page.goto("/account/login/")
    page.locator("[name=login]").fill(name)
    page.locator("[name=password]").fill(password)
    page.locator("main button.is-primary, form .form-foot button").first.click()
    page.wait_for_url(lambda url: "/account/login/" not in url)


QUIET = (
    "document.readyState === 'complete'"
    " && !document.querySelector('.htmx-request, .htmx-swapping, .htmx-settling, .htmx-added')"
)


def settle(page: Page) -> None:
    """Wait until what the page loads by itself is there.

    Asked from here again and again: the page's policy forbids a function that would be evaluated inside it.
    """
    limit = time.monotonic() + PATIENCE / 1000
    while time.monotonic() < limit:
        with contextlib.suppress(Error):  # the page is just being left for another one
            if page.evaluate(QUIET):
                return
        page.wait_for_timeout(20)
    raise AssertionError("the page did not come to rest")


def pytest_collection_modifyitems(items):
    """A browser on a busy machine gets a second try; the first failure is still printed (--rerun-show-tracebacks)."""
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.flaky(reruns=1))
