"""Whatever is sent, the answer is one that the description of the API names, and never a fault of ours."""

import re
from pathlib import Path

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from depesa.api.models import Topic
from depesa.api.services.notices import ENDED, EVENTS
from depesa.api.views.rest import api
from depesa.api.views.rest.door import REFUSED

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]

SETTINGS = settings(
    max_examples=12,
    derandomize=True,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    database=None,
    suppress_health_check=list(HealthCheck),
)

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture
def described(program, order, settings):
    """The API as it describes itself, with something in it to ask for."""
    settings.DEPESA_API_RATE = 1_000_000
    placed = program.post("/orders", order).json()["number"]
    program.post(f"/orders/{placed}/documents", {"type": "invoice"})
    program.post("/customers", {"name": "UAB Ąžuolas", "code": "A1"})
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)  # one connection, whose transaction the test takes back
    yield program, placed
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


SCHEMA = schemathesis.openapi.from_dict(api.get_openapi_schema(path_prefix="/api/v1"))
SCHEMA.app = get_wsgi_application()
OPERATIONS = [found.ok() for found in SCHEMA.get_all_operations()]


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.label)
def test_no_answer_is_a_fault_or_a_surprise(operation, described):
    program, placed = described

    @given(case=operation.as_strategy(generation_mode=GenerationMode.POSITIVE))
    @SETTINGS
    def right(case):
        walk(case)

    @given(case=operation.as_strategy(generation_mode=GenerationMode.NEGATIVE))
    @SETTINGS
    def wrong(case):
        walk(case)

    def walk(case):
        names = case.path_parameters
        if len(names.get("number", "x")) % 2 == 0:
            names["number"] = placed
        if len(names.get("code", "x")) % 2 == 0:
            names["code"] = "received"
        case.call_and_validate(checks=CHECKS, headers={"Authorization": f"Bearer {program.text}"})

    right()
    if can_be_wrong(operation):
        wrong()


def can_be_wrong(operation):
    """Whether anything is sent that could be wrong."""
    return operation.body or operation.query or operation.path_parameters


def test_the_description_is_open_and_names_every_answer(client, company):
    told = client.get("/api/v1/openapi.json").json()
    assert len(OPERATIONS) == sum(len(path) for path in told["paths"].values())
    for path in told["paths"].values():
        for operation in path.values():
            assert {"400", "401", "403", "404", "409", "422", "429"} < set(operation["responses"])


def test_the_reference_names_every_verb_status_and_event():
    page = Path(__file__).parents[3].joinpath("docs/reference/api.md").read_text()
    described = api.get_openapi_schema(path_prefix="")["paths"]
    verbs = {f"{method.upper()} {path}" for path, methods in described.items() for method in methods}
    assert verbs == set(re.findall(r"`((?:GET|POST|PATCH|PUT|DELETE) /\S*)`", page))
    assert set(map(str, REFUSED)) == set(re.findall(r"^\| `(\d{3})` \|", page, re.MULTILINE))
    events = {f"`{event}`" for event in EVENTS} | {f"`letters.{state}`" for state in ("accepted", *ENDED)}
    table = page[page.index("| topic | events |") :].split("\n\n")[0]
    topics = {f"`{topic}`" for topic in Topic.values}
    assert events | topics == set(re.findall(r"`[^`]+`", table))
