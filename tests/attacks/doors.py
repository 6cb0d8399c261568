"""Guessing passwords at both doors, and filling the memory there."""

import re
from collections.abc import Iterator
from itertools import chain

from depesa.staff.rules import LIMITS
from tests.attacks.stand import SHOPPER, Answer, Browser, Stand, at_once, attack
from tests.journeys.desk import PASSWORD

HERE = "127.0.2.1"
MOST_MEMORY = 250  # MiB that fifty sign-ins at once may add
SPELLINGS = ["ben", "Ben", "BEN", " ben", "ben ", "ｂen", "be\u0301n", "ben\u200b", "b\u0435n"]
SHOP_SPELLINGS = [
    "ada@sroub.example",
    "ADA@sroub.example",
    "ａda@sroub.example",
    "a\u0301da@sroub.example",
    "Ada@Sroub.Example",
    "ada@sroub.example ",
    "\u0430da@sroub.example",
]


@attack
def guessing_at_the_desk(stand: Stand) -> Iterator[str]:
    """One name at the desk's door: 30 at once, two processes, ports of the host, forwarded machines, spellings."""
    with stand.other_pages() as other:
        answers = at_once(_guess(stand, "ben", HERE, (stand.port, other)[at % 2]) for at in range(30))
        ways = [
            *({"Host": f"127.0.0.1:{number}"} for number in range(1, 21)),
            *({"X_Forwarded_For": f"10.0.0.{number}"} for number in range(20)),
            *({"X_Forwarded_For": f"10.0.1.{number}, 127.0.0.1"} for number in range(5)),
        ]
        answers += [_guess(stand, "ben", HERE, (stand.port, other)[at % 2], way)() for at, way in enumerate(ways)]
        yield from _beyond(LIMITS["desk"].most, answers, "not correct")
        answers += [_guess(stand, name, HERE)() for name in SPELLINGS]
        for name in SPELLINGS:
            right = {"login": name, "password": PASSWORD}
            for way in ({}, ways[0], ways[-1]):
                if _with_token(stand, HERE).post("/account/login/", right, **way).status == 302:
                    yield f"the right password opened after {len(answers)} wrong ones, name {name!r} {way}"


@attack
def guessing_at_the_desk_from_many_machines(stand: Stand) -> Iterator[str]:
    """One name at the desk's door from 60 machines by 60 ports of the host, after 400 other names made it forget."""
    for number in range(400):
        _guess(stand, f"nobody{number}", f"127.0.4.{number % 200 + 1}")()
    answers = [
        _guess(stand, "cleo", f"127.0.3.{number}", way={"Host": f"127.0.0.1:{number}"})()
        for number in range(1, 61)
        for _ in range(4)
    ]
    yield from _beyond(LIMITS["desk-name"].most, answers, "not correct")


@attack
def locking_the_owner_out(stand: Stand) -> Iterator[str]:
    """A stranger guesses, and the owner's right password from his own machine is refused."""
    for _ in range(20):
        _guess(stand, "ada", "127.0.5.1")()
    if stand.stranger("127.0.5.2").post("/account/login/", {"login": "ada", "password": PASSWORD}).status != 302:
        yield "the owner of the name ada was locked out of the desk by one stranger"
    stand.shopper("ben@sroub.example")
    for _ in range(20):
        _guess_in_the_shop(stand, "ben@sroub.example", "127.0.5.1")()
    right = {"email": "ben@sroub.example", "password": SHOPPER}
    if stand.stranger("127.0.5.2").post("/shop/en/sign-in/", right).status != 302:
        yield "the owner of an account was locked out of the shop by one stranger"


@attack
def guessing_in_the_shop(stand: Stand) -> Iterator[str]:
    """One address at the shop's door: 30 at once, two processes, spellings."""
    stand.shopper("ada@sroub.example")
    with stand.other_pages() as other:
        ports = (stand.port, other)
        answers = at_once(_guess_in_the_shop(stand, "ada@sroub.example", HERE, ports[at % 2]) for at in range(30))
        answers += [_guess_in_the_shop(stand, email, HERE)() for email in SHOP_SPELLINGS for _ in range(3)]
    same = [it for it in answers[:30] if it.status < 500]
    yield from _beyond(LIMITS["sign-in"].most, same, "do not match")
    for email in SHOP_SPELLINGS:
        if _with_token(stand, HERE).post("/shop/en/sign-in/", {"email": email, "password": SHOPPER}).status == 302:
            yield f"the right password opened after {len(answers)} wrong ones, address {email!r}"


@attack
def signing_in_at_once(stand: Stand) -> Iterator[str]:
    """Fifty sign-ins at once, at both doors: the memory that they add."""
    before = stand.pages_peak(anew=True)
    both = (
        (
            _guess(stand, f"nobody{at}", f"127.0.7.{at}"),
            _guess_in_the_shop(stand, f"x{at}@sroub.example", f"127.0.7.{at}"),
        )
        for at in range(1, 26)
    )
    answers = at_once(chain.from_iterable(both))
    if (added := stand.pages_peak() - before) > MOST_MEMORY:
        yield f"{added:.0f} MiB"
    yield from (f"answered {it.status}" for it in answers if it.status >= 500 and it.status != 503)


@attack
def who_has_an_account(stand: Stand) -> Iterator[str]:
    """Whether an address or a name has an account: the same answer for both."""
    stand.shopper("cleo@sroub.example")
    for path, fields in {
        "/shop/en/forgotten/": {},
        "/shop/en/registration/": {"name": "Cleo", "password": SHOPPER},
        "/shop/en/newsletter/": {},
        "/shop/en/sign-in/": {"password": "wrong wrong wrong"},
    }.items():
        answers = {
            _without_tokens(stand.stranger("127.0.8.1").post(path, {**fields, "email": email}), email)
            for email in ("cleo@sroub.example", "nobody@sroub.example")
        }
        if len(answers) > 1:
            yield path
    if len({_without_tokens(_guess(stand, name, "127.0.8.2")(), name) for name in ("dan", "nobody-here")}) > 1:
        yield "/account/login/"


def _guess(stand: Stand, name: str, machine: str, port: int = 0, way: dict[str, str] | None = None):
    browser = _with_token(stand, machine, port)
    return lambda: browser.post("/account/login/", {"login": name, "password": "wrong wrong wrong"}, **(way or {}))


def _guess_in_the_shop(stand: Stand, email: str, machine: str, port: int = 0):
    browser = _with_token(stand, machine, port)
    return lambda: browser.post("/shop/en/sign-in/", {"email": email, "password": "wrong wrong wrong"})


def _with_token(stand: Stand, machine: str, port: int = 0) -> Browser:
    browser = stand.stranger(machine, port)
    browser.cookies["csrftoken"] = "x" * 32  # a visitor's own: the form has to repeat it
    return browser


def _beyond(limit: int, answers: list[Answer], wrong: str) -> Iterator[str]:
    """Guesses beyond the limit whose password was looked at, and faults."""
    tried = sum(wrong in it.text for it in answers)
    yield from (f"guess {number} was tried" for number in range(limit + 1, tried + 1))
    yield from (f"answered {it.status}" for it in answers if it.status >= 500)


def _without_tokens(answer: Answer, name: str) -> tuple[int, str]:
    return answer.status, re.sub(r'value="[^"]*"', "", answer.text.replace(name, "x"))
