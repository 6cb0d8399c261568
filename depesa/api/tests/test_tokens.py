"""What a token opens: what it was made for, what its maker may now, until its last day."""

import datetime as dt

import pytest
from django.utils import timezone

from depesa.api.models import ApiToken, Scope
from depesa.api.services import is_too_fast, make_token, tokens
from depesa.api.tests.conftest import Program
from depesa.api.views.rest import api
from depesa.api.views.rest.door import Bearer
from depesa.staff.rules import Role

pytestmark = pytest.mark.django_db

VERBS = [
    ("GET", "/orders", "orders:read", Role.READER),
    ("POST", "/orders", "orders:write", Role.CLERK),
    ("PATCH", "/orders/x", "orders:write", Role.CLERK),
    ("POST", "/orders/x/documents", "orders:write", Role.CLERK),
    ("POST", "/orders/x/history", "orders:write", Role.CLERK),
    ("GET", "/customers", "customers:read", Role.READER),
    ("POST", "/customers", "customers:write", Role.CLERK),
    ("GET", "/states", "states:read", Role.READER),
    ("PATCH", "/states/received", "states:write", Role.MANAGER),
    ("POST", "/events", "events:write", Role.CLERK),
]
RANKS = [Role.NONE, Role.READER, Role.CLERK, Role.MANAGER, Role.ADMIN]


def become(user, **values):
    type(user).objects.filter(pk=user.pk).update(**values)


def sentence(answer):
    return answer.json()["errors"][0]["message"]


def test_every_verb_names_its_area_and_right():
    operations = [
        each for _prefix, router in api._routers for view in router.path_operations.values() for each in view.operations
    ]
    assert len(operations) > 10
    for operation in operations:
        [door] = operation.auth_callbacks
        assert isinstance(door, Bearer), operation
        assert any(scope.startswith(f"{door.area}:") for scope in Scope.values), operation


@pytest.mark.parametrize(("method", "path", "scope", "least"), VERBS)
def test_a_token_may_what_its_maker_may_now(program, ada, method, path, scope, least):
    for role in RANKS:
        become(ada, role=role)
        answer = program.ask(method, path, {} if method != "GET" else None)
        is_open = RANKS.index(role) >= RANKS.index(least)
        assert (answer.status_code != 403) == is_open, role
        assert is_open or "Whoever made this token may not do this" in sentence(answer)


@pytest.mark.parametrize(("method", "path", "scope", "least"), VERBS)
def test_a_token_opens_only_what_it_was_made_for(company, ada, method, path, scope, least):
    for each in Scope.values:
        found = Program(make_token("x", scopes=[each], by=ada)[1]).ask(method, path, {} if method != "GET" else None)
        covers = each in {scope, scope.replace("read", "write")}
        assert (found.status_code != 403) == covers, each


def test_a_token_ends_with_its_last_day(program, ada, clock):
    text = make_token("x", scopes=["orders:read"], by=ada, ends_on=dt.date(2011, 7, 6))[1]
    ended = Program(text)
    clock.shift(dt.timedelta(hours=32))  # 23:00 in Vilnius on the last day
    assert ended.get("/orders").status_code == 200
    clock.shift(dt.timedelta(hours=1))
    answer = ended.get("/orders")
    assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, "Bearer")
    assert "This token ended on" in sentence(answer)


def test_a_token_of_somebody_who_may_not_sign_in_lets_nobody_in(program, ada):
    become(ada, is_active=False)
    answer = program.get("/orders")
    assert answer.status_code == 401
    assert "may not sign in any more" in sentence(answer)


def test_the_last_use_is_known_by_time_and_machine_and_not_written_each_time(program, clock):
    ApiToken.objects.update(ends_on=dt.date(2012, 1, 1))
    row = ApiToken.objects.all()
    program.get("/states")
    first = row.get()
    assert (first.last_used_at, first.last_used_from) == (timezone.now(), "127.0.0.1")
    clock.shift(dt.timedelta(minutes=4))
    program.get("/states")
    assert row.get().last_used_at == first.last_used_at
    clock.shift(dt.timedelta(minutes=2))
    program.get("/states")
    assert row.get().last_used_at == timezone.now()


def test_what_is_refused_stands_in_the_log_without_the_token(program, ada, caplog):
    with caplog.at_level("INFO", "depesa.security"):
        become(ada, role="none")
        program.get("/orders")
        Program("my password by mistake").get("/orders")
    prefix = ApiToken.objects.get().prefix
    assert [record.message for record in caplog.records if "token-refused" in record.message] == [
        f'event=token-refused status=403 token="{prefix}" path="/api/v1/orders" machine=127.0.0.1',
        'event=token-refused status=401 path="/api/v1/orders" machine=127.0.0.1',
    ]


@pytest.mark.parametrize("rate", [1, 3, 40, 600])
def test_all_processes_together_keep_the_rate(company, ada, settings, clock, rate):
    settings.DEPESA_API_RATE = rate
    token = make_token("x", scopes=["orders:read"], by=ada)[0]
    let_in = 0
    for number in range(rate + 50):
        if number % 7 == 0:
            tokens._shares.clear()  # another process, which knows nothing of this one
        let_in += not is_too_fast(token)
    assert 0 < let_in <= rate
    clock.shift(dt.timedelta(minutes=1))
    assert not is_too_fast(token)


def test_one_process_alone_may_use_the_whole_rate(company, ada, settings, clock):
    settings.DEPESA_API_RATE = 40
    token = make_token("x", scopes=["orders:read"], by=ada)[0]
    assert [is_too_fast(token) for _ in range(41)] == [False] * 40 + [True]
