"""Every address of the desk, asked by everybody: a view without a right fails here, whichever app it is in."""

import re
from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import quote

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from depesa.shop.models import Shop
from depesa.staff.models import User
from depesa.staff.rules import Right, may

pytestmark = pytest.mark.django_db

# What stands in an address where it has a hole: by the hole's name, else by its type.
SAMPLES = {
    "period": "2011-06",
    "language": "cs",
    "code": "monthly-statement",
    "sha256": "0" * 64,
    "subject": "customer:1",
}
BY_TYPE = {
    "int": 1,
    "key": 1,
    "word": "x",
    "slug": "x",
    "ref": "order:1",
    "str": "x",
    "uuid": "00000000-0000-4000-8000-000000000000",
    "path": "x",
    "language": "cs",
}

# Pages of allauth, which checks by itself, and what everybody may see who has no right at all.
FOREIGN = ("allauth.", "django.views.static", "django.contrib.staticfiles.")
OPEN = {"ui:theme", "ui:parts", "set_language", "account_logout"}
# The storefront: everybody may come in, with an account of its own or without one.
PUBLIC = "shop:"
# Programs show a token or sign what they tell; their own tests ask them without.
PROGRAMS = ("api_v1:", "api:description", "api:hook")

# What a reader may write: marks on lists, the session, and what the desk knows about himself.
OWN_TABLES = re.compile(
    r'(INSERT( OR IGNORE)? INTO|UPDATE|DELETE FROM) "?(ui_mark|ui_columnchoice|django_session|staff_desksession)\b'
)
OWN_PAGES = {"staff:profile", "staff:session_end", "staff:sessions_end"}


class Address(NamedTuple):
    name: str
    url: str
    view: object
    holes: dict[str, str]  # the type of each

    def with_hole(self, hole: str, value: str) -> str:
        """The address with this in the hole, whether it may stand there or not."""
        marks = {"key": 7654321, "ref": "marked:hole"}
        marked = reverse(self.name, kwargs={**sampled(self.holes), hole: marks.get(self.holes[hole], "marked-hole")})
        return re.sub("7654321|marked[-:]hole|marked%3Ahole", lambda _found: quote(value), marked)

    @property
    def right(self) -> Right | None:
        return getattr(self.view, "right", None)

    @property
    def is_foreign(self) -> bool:
        return self.view.__module__.startswith(FOREIGN)

    @property
    def is_for_programs(self) -> bool:
        return self.name.startswith(PROGRAMS)


def addresses(patterns=None, namespace="", holes=()) -> Iterator[Address]:
    for pattern in patterns if patterns is not None else get_resolver().url_patterns:
        converters = (*holes, *pattern.pattern.converters.items())
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from addresses(pattern.url_patterns, inner, converters)
        elif isinstance(pattern, URLPattern):
            assert pattern.name, f"{pattern} has no name"
            name = f"{namespace}{pattern.name}"
            kinds = {hole: kind_of(converter) for hole, converter in converters}
            yield Address(name, reverse(name, kwargs=sampled(kinds)), pattern.callback, kinds)


def kind_of(converter: object) -> str:
    return type(converter).__name__.removesuffix("Converter").lower().replace("string", "str")


def sampled(kinds: dict[str, str]) -> dict[str, object]:
    return {hole: SAMPLES.get(hole, BY_TYPE.get(kind)) for hole, kind in kinds.items()}


ALL = list(addresses())
DOOR = reverse("account_login")
IN_THE_SHOP = [each for each in ALL if each.name.startswith(PUBLIC)]
BY_TOKEN = [each for each in ALL if each.is_for_programs]
OURS = [
    each
    for each in ALL
    if not each.is_foreign and each.name not in OPEN and each not in IN_THE_SHOP and each not in BY_TOKEN
]


def browser(role: str) -> Client:
    client = Client(raise_request_exception=False)
    if role != "anonymous":
        client.force_login(User.objects.create_user(role, password="correct horse battery", role=role))
    return client


def failing(addresses, is_right) -> list[str]:
    """The addresses that answer otherwise; one test walks them all, for signing in costs more than asking."""
    return [each.name for each in addresses if not is_right(each)]


def test_there_is_something_to_walk():
    assert {"dashboard:start", "staff:users", "company:company"} <= {each.name for each in OURS}


def test_every_view_names_its_right():
    assert failing(OURS, lambda each: isinstance(each.right, Right)) == []


def test_open_views_are_open_on_purpose():
    are_open = [each for each in ALL if each.name in OPEN or each in IN_THE_SHOP]
    assert failing(are_open, lambda each: getattr(each.view, "login_required", True) is False) == []


@pytest.mark.parametrize("is_open", [True, False])
def test_everybody_may_come_into_the_shop_and_nobody_breaks_it(is_open):
    Shop.objects.update_or_create(pk=1, defaults={"is_open": is_open})
    client = browser("anonymous")
    failed = failing(
        IN_THE_SHOP, lambda each: client.get(each.url).status_code < 500 and client.post(each.url).status_code < 500
    )
    assert failed == []


def test_the_shop_gives_no_right_at_the_desk():
    client = browser("anonymous")
    client.get(reverse("shop:home", args=["en"]))
    assert client.get(reverse("dashboard:start")).url.startswith(DOOR)


@pytest.mark.parametrize("role", ["anonymous", "admin"])
def test_programs_are_let_in_by_their_token_only(role, company):
    client = browser(role)
    closed = [each for each in BY_TOKEN if each.name != "api:description"]
    assert closed
    for each in closed:
        for method in ("get", "post", "patch", "put", "delete"):
            assert getattr(client, method)(each.url).status_code in {401, 404, 405}, (each.name, method)


def test_anonymous_is_led_to_sign_in():
    client = browser("anonymous")

    def is_led(each: Address) -> bool:
        answers = client.get(each.url), client.post(each.url)
        return all(answer.status_code == 302 and answer.url.startswith(DOOR) for answer in answers)

    assert failing(OURS, is_led) == []


def test_without_access_nothing_opens():
    client = browser("none")
    assert (
        failing(OURS, lambda each: client.get(each.url).status_code == client.post(each.url).status_code == 403) == []
    )


@pytest.mark.parametrize("role", ["reader", "clerk", "manager", "admin"])
def test_a_role_opens_what_its_rights_say(role):
    client = browser(role)

    def is_right(each: Address) -> bool:
        status = client.get(each.url).status_code
        return status < 500 and (status == 403) is not may(role, each.right)

    assert failing(OURS, is_right) == []


def test_a_reader_changes_nothing():
    reader = browser("reader")

    def is_harmless(each: Address) -> bool:
        with CaptureQueriesContext(connection) as asked:
            status = reader.post(each.url, {"act": "all"}).status_code
        writes = [query["sql"] for query in asked if query["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]
        is_refused = status == 403 or (each.right is Right.SEE and status < 500)
        return is_refused and all(OWN_TABLES.match(sql) for sql in writes)

    assert failing([each for each in OURS if each.name not in OWN_PAGES], is_harmless) == []


def test_what_is_sent_empty_is_answered_in_words():
    client = browser("admin")
    assert failing(OURS, lambda each: client.post(each.url).status_code < 500) == []


@pytest.mark.parametrize("role", ["anonymous", "manager"])
def test_sign_in_pages_answer(role):
    client = browser(role)
    foreign = [each for each in ALL if each.is_foreign]
    assert failing(foreign, lambda each: client.get(each.url).status_code in (200, 302)) == []


def test_what_allauth_has_more_is_not_there():
    names = {each.name for each in ALL if each.is_foreign}
    assert names <= {
        "account_login",
        "account_logout",
        "account_inactive",
        "account_reauthenticate",
        "account_change_password",
    }


def test_a_closed_page_says_so_in_words(dan):
    client = Client()
    client.force_login(dan)
    answer = client.get(reverse("dashboard:start"))
    assert answer.status_code == 403
    assert "Your role does not allow it." in answer.text
