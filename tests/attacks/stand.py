"""What is attacked: a Depesa of its own; with what: browsers that send whatever one likes, also many at once."""

import http.client
import itertools
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import quote, urlencode, urlsplit
from uuid import uuid4

from depesa.shop.services import accounts
from depesa.shop.tests.conftest import token_of_last
from tests.faults.database import ROOT
from tests.journeys.desk import PASSWORD, Desk

PATIENCE = 120  # seconds for an answer
ROLES = {"admin": "admin", "ada": "manager", "ben": "clerk", "cleo": "reader", "dan": "none"}
SHOPPER = "nine blue kettles"


Attack = Callable[["Stand"], Iterator[str]]


def attack(function: Attack) -> Attack:
    """Mark a function as an attack: its docstring says what it tries, and it yields what got through."""
    function.is_attack = True
    return function


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: http.client.HTTPMessage
    content: bytes

    @property
    def text(self) -> str:
        return self.content.decode("utf-8", "replace")

    @property
    def location(self) -> str:
        return self.headers.get("Location", "")


class Browser:
    """Keeps cookies, shows the token of forms if it is asked to, and sends anything."""

    def __init__(self, stand: "Stand", *, machine: str = "127.0.0.1", port: int = 0) -> None:
        self.stand, self.machine, self.port = stand, machine, port or stand.port
        self.cookies: dict[str, str] = {}

    def ask(self, method: str, path: str, body: bytes | None = None, **headers: str) -> Answer:
        """One request as it is, without following where it leads; headers with _ for -."""
        sent = {name.replace("_", "-"): value.encode() for name, value in headers.items()}
        if self.cookies:
            sent.setdefault("Cookie", "; ".join(f"{name}={value}" for name, value in self.cookies.items()).encode())
        next(self.stand.requests)
        connection = http.client.HTTPConnection(
            "127.0.0.1", self.port, timeout=PATIENCE, source_address=(self.machine, 0)
        )
        with closing(connection):
            connection.request(method, quote(path, safe="/%?&=:+~,;@!$'()*[]#"), body, sent)
            answer = connection.getresponse()
            found = Answer(answer.status, answer.headers, answer.read())
        for line in found.headers.get_all("Set-Cookie", []):
            for name, morsel in SimpleCookie(line).items():
                self.cookies[name] = morsel.value
        return found

    def get(self, path: str, data: dict[str, str] | None = None, **headers: str) -> Answer:
        return self.ask("GET", f"{path}?{urlencode(data)}" if data else path, **headers)

    def post(self, path: str, data: object = (), *, with_token: bool = True, **headers: str) -> Answer:
        """A form; with the token that the site gave, or without."""
        if with_token:
            if "csrftoken" not in self.cookies:
                self.get("/account/login/")
            headers["X_CSRFToken"] = self.cookies["csrftoken"]
        body = urlencode(data, doseq=True, errors="surrogatepass").encode()
        return self.ask("POST", path, body, Content_Type="application/x-www-form-urlencoded", **headers)

    def upload(self, path: str, name: str, files: dict[str, bytes], fields: dict[str, str] | None = None) -> Answer:
        """A form with files under one name, by the names that they are said to have."""
        edge = uuid4().hex
        parts = [
            *((f'form-data; name="{key}"', value.encode()) for key, value in (fields or {}).items()),
            *((f'form-data; name="{name}"; filename="{told}"', content) for told, content in files.items()),
        ]
        body = b"".join(
            b"--%s\r\nContent-Disposition: %s\r\n\r\n%s\r\n" % (edge.encode(), head.encode(), content)
            for head, content in parts
        )
        kind = f"multipart/form-data; boundary={edge}"
        sent = {"Content_Type": kind, "X_CSRFToken": self.cookies["csrftoken"]}
        return self.ask("POST", path, body + f"--{edge}--\r\n".encode(), **sent)


@dataclass
class Stand:
    """The desk under attack."""

    desk: Desk
    requests: Iterator[int] = field(default_factory=itertools.count)
    _signed_in: dict[str, Browser] = field(default_factory=dict)

    @property
    def port(self) -> int:
        return urlsplit(self.desk.url).port or 0

    def stranger(self, machine: str = "127.0.0.1", port: int = 0) -> Browser:
        """Somebody without any cookie; machines are 127.0.0.1 to 127.0.0.254."""
        return Browser(self, machine=machine, port=port)

    def browser(self, name: str) -> Browser:
        """Somebody of the cast, signed in through the door once; from a machine of his own."""
        if name not in self._signed_in:
            new = self.stranger(f"127.0.1.{len(self._signed_in) + 1}")
            answer = new.post("/account/login/", {"login": name, "password": PASSWORD})
            assert answer.status == 302, answer.text
            self._signed_in[name] = new
        return self._signed_in[name]

    def shopper(self, email: str) -> Browser:
        """A customer of the shop with an account, signed in."""
        accounts.register(email=email, password=SHOPPER, name="Ada", language="en", machine=email)
        accounts.activate(token_of_last("activation"), SHOPPER, machine=email)
        new = self.stranger()
        answer = new.post("/shop/en/sign-in/", {"email": email, "password": SHOPPER})
        assert answer.status == 302, answer.text
        return new

    @contextmanager
    def other_pages(self) -> Iterator[int]:
        """The port of one more process of pages over the same database."""
        port = self.port + 1
        process = subprocess.Popen(
            [sys.executable, "-m", "depesa", "part", "pages", "--port", str(port)],
            env=self.desk.env,
            cwd=ROOT,
            stderr=subprocess.DEVNULL,
        )
        try:
            wait_until(lambda: _answers(self.stranger(port=port)))
            yield port
        finally:
            process.terminate()
            process.wait(30)

    def pages_peak(self, *, anew: bool = False) -> float:
        """The most memory that the process of the pages has had, in MiB, since it was asked anew; 0 if unknown."""
        for folder in Path("/proc").glob("[0-9]*"):
            words = (folder / "cmdline").read_bytes().split(b"\0") if (folder / "cmdline").exists() else []
            if b"pages" in words and str(self.port).encode() in words:
                if anew:
                    (folder / "clear_refs").write_text("5")
                found = re.search(r"VmHWM:\s+(\d+)", (folder / "status").read_text())
                return int(found[1]) / 1024 if found else 0.0
        return 0.0


def at_once(acts: Iterable[Callable[[], Answer]]) -> list[Answer]:
    """What is answered when all of these are asked at the same time."""
    waiting = list(acts)
    with ThreadPoolExecutor(len(waiting)) as pool:
        return [each.result() for each in [pool.submit(act) for act in waiting]]


def wait_until(is_so: Callable[[], object], seconds: float = PATIENCE) -> bool:
    """Whether it became so within this time."""
    limit = time.monotonic() + seconds
    while time.monotonic() < limit:
        if is_so():
            return True
        time.sleep(0.1)
    return False


def _answers(browser: Browser) -> bool:
    try:
        return browser.get("/account/login/").status == 200
    except OSError:
        return False
