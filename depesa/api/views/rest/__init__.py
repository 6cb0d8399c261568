"""The verbs of other apps for programs: one file a noun."""

from django.http import HttpRequest, JsonResponse
from django.urls import URLPattern
from django.views.decorators.http import require_safe

from depesa.api.views.rest import customers, orders, states
from depesa.api.views.rest.door import api

api.add_router("/orders", orders.router)
api.add_router("/customers", customers.router)
api.add_router("/states", states.router)
api.add_router("/events", states.events)


def patterns() -> list[URLPattern]:
    """The addresses of the API; programs show a token instead of signing in."""
    found = [each for each in api.urls[0] if isinstance(each, URLPattern) and each.name != "api-root"]
    for each in found:
        each.callback.login_required = False  # type: ignore[attr-defined]
    return found


@require_safe
def description(_request: HttpRequest) -> JsonResponse:
    """The description of the API (OpenAPI 3.1), for programs that read it."""
    return JsonResponse(api.get_openapi_schema(path_prefix="/api/v1"))


description.login_required = False  # type: ignore[attr-defined]
