"""Who comes in, how fast, and how what is refused is said."""

from collections.abc import Callable, Mapping
from typing import Any, Final, cast

from django.core.exceptions import ObjectDoesNotExist
from django.db import OperationalError
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from ninja import NinjaAPI, Status
from ninja.errors import HttpError, ValidationError
from ninja.security import HttpBearer

from depesa.api.forms.schemas import Errors
from depesa.api.models import ApiToken
from depesa.api.rules.signatures import SHOWN
from depesa.api.services import NotLetIn, is_too_fast, once, token_of
from depesa.api.services.keys import Answer
from depesa.core.deadlocks import Occupied, is_occupied
from depesa.core.errors import DomainError, Faults
from depesa.core.inputs import machine_of
from depesa.core.security import log_security
from depesa.history.models import Origin
from depesa.history.rules import coming_through
from depesa.staff.rules import Right
from depesa.ui.parts import Text

PAGE: Final = 100
REFUSED: Final = frozenset({400, 401, 403, 404, 409, 422, 429})
REFUSALS: Final[Mapping[Any, Any]] = {REFUSED: Errors}


class Caller(HttpRequest):
    """A request of a program that has shown its token."""

    auth: ApiToken


_READS: Final = gettext_lazy("This token may read and not write. Make another one in Settings → API and webhooks.")
_ELSEWHERE: Final = gettext_lazy("This token was not made for this. Make another one in Settings → API and webhooks.")


class Refusal(Exception):
    """This is answered with a status and a sentence."""

    def __init__(self, status: int, sentence: Text, *, field: str = "") -> None:
        super().__init__(sentence)
        self.status, self.field = status, field


class Bearer(HttpBearer):
    """Lets in whoever shows a token for the area whose maker has the right now; a verb that names none is closed."""

    def __init__(self, area: str = "", right: Right = Right.MANAGE_USERS) -> None:
        super().__init__()
        self.area, self.right = area, right

    def authenticate(self, request: HttpRequest, token: str) -> ApiToken | None:
        """The token, None when nobody knows it; 401 when it lets nobody in, 403 what it may not, 429 too fast."""
        prefix, machine = token[:SHOWN], machine_of(request)
        try:
            found = self._admitted(request, token, machine)
        except Refusal as refusal:
            log_security("token-refused", status=refusal.status, token=prefix, path=request.path, machine=machine)
            raise
        if found is None:
            log_security("token-refused", status=401, path=request.path, machine=machine)
        return found

    def _admitted(self, request: HttpRequest, text: str, machine: str) -> ApiToken | None:
        try:
            found = token_of(text, machine=machine)
        except NotLetIn as refusal:
            raise Refusal(401, str(refusal)) from None
        if found is None:
            return None
        if is_too_fast(found):
            raise Refusal(429, _("This is more than the token may ask in a minute. Wait a minute."))
        writes = request.method not in {"GET", "HEAD"}
        if not found.covers(self.area, writes=writes):
            is_reader = writes and found.covers(self.area, writes=False)
            raise Refusal(403, _READS if is_reader else _ELSEWHERE)
        if not found.created_by.may(self.right):
            raise Refusal(403, _("Whoever made this token may not do this. Somebody who may makes another one."))
        return found


def answer(status: int, errors: list[dict[str, str]]) -> HttpResponse:
    """What is wrong, each thing in a sentence."""
    response = api.create_response(HttpRequest(), {"errors": errors}, status=status)
    if status == 401:
        response.headers["WWW-Authenticate"] = "Bearer"
    if status == 429:
        response.headers["Retry-After"] = "60"
    return response


def _of_domain(_request: HttpRequest, problem: Exception | type[Exception]) -> HttpResponse:
    if isinstance(problem, Faults):
        return answer(422, [{"field": name, "message": said} for name, said in problem.by_field.items()])
    return answer(409, [{"field": "", "message": str(problem)}])


def _of_database(request: HttpRequest, problem: Exception | type[Exception]) -> HttpResponse:
    if isinstance(problem, OperationalError) and is_occupied(problem):
        return _of_domain(request, Occupied())
    raise problem


def _of_schema(_request: HttpRequest, problem: Exception | type[Exception]) -> HttpResponse:
    found = cast("ValidationError", problem).errors
    return answer(422, [{"field": _place(each["loc"]), "message": str(each["msg"])} for each in found])


def _place(steps: Any) -> str:
    """The place as it is written in the body: items.0.price."""
    return ".".join(str(step) for step in steps[2:] or steps[1:] or steps)


def _answer_refusal(_request: HttpRequest, problem: Exception | type[Exception]) -> HttpResponse:
    refusal = cast("Refusal", problem)
    return answer(refusal.status, [{"field": refusal.field, "message": str(refusal)}])


def _of_http(_request: HttpRequest, problem: Exception | type[Exception]) -> HttpResponse:
    error = cast("HttpError", problem)
    sentence = _("Show a token: Authorization: Bearer depesa_…") if error.status_code == 401 else str(error)
    return answer(error.status_code, [{"field": "", "message": sentence}])


def _missing(_request: HttpRequest, _problem: Exception | type[Exception]) -> HttpResponse:
    return answer(404, [{"field": "", "message": _("There is nothing of this name.")}])


def made() -> NinjaAPI:
    """The API without its verbs."""
    found = NinjaAPI(
        title="Depesa",
        version="1",
        urls_namespace="api_v1",
        openapi_url=None,
        docs_url=None,
        auth=Bearer(),
        description="Orders, customers, documents and their history. Amounts are texts; times are ISO 8601.",
    )
    found.add_exception_handler(DomainError, _of_domain)
    found.add_exception_handler(OperationalError, _of_database)
    found.add_exception_handler(ValidationError, _of_schema)
    found.add_exception_handler(HttpError, _of_http)
    found.add_exception_handler(Refusal, _answer_refusal)
    found.add_exception_handler(Http404, _missing)
    found.add_exception_handler(ObjectDoesNotExist, _missing)
    return found


api = made()


def write(request: HttpRequest, key: str | None, act: Callable[[ApiToken], Answer]) -> Status[Any]:
    """Do what a program asks, once a key, as what came through the API."""
    token = cast("Caller", request).auth
    asked = b"\n".join((str(request.method).encode(), request.path.encode(), request.body))
    with coming_through(Origin.API):
        return Status(*once(token, key or "", asked, lambda: act(token)))


def page_of[M: Model](rows: QuerySet[M], after: int | None, shape: Callable[[M], dict[str, Any]]) -> dict[str, Any]:
    """A page of rows, newest first: those whose id is below `after`."""
    if after is not None:
        rows = rows.filter(pk__lt=after)
    found = list(rows.order_by("-pk")[: PAGE + 1])
    following = str(found[PAGE - 1].pk) if len(found) > PAGE else ""
    return {"items": [shape(row) for row in found[:PAGE]], "next": following}
