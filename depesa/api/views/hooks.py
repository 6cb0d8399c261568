"""Where other shops tell us what happened there."""

import uuid

from django.http import HttpRequest, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from depesa.api.models import Source
from depesa.api.services.inbound import NotSigned, receive
from depesa.core.errors import DomainError

MOST = 2_000_000  # bytes of one webhook


@csrf_exempt
@require_POST
def hook(request: HttpRequest, key: uuid.UUID) -> JsonResponse:
    """A signed webhook of WooCommerce or Shopify: 200 when it is done or known, 401 unsigned, 422 with the reason."""
    source = Source.objects.filter(key=key, is_active=True).first()
    if source is None:
        return _refusal(404, "There is nothing of this name.")
    if len(request.body) > MOST:
        return _refusal(413, "This is more than 2 MB.")
    try:
        return JsonResponse({"done": receive(source, body=request.body, headers=request.headers)})
    except NotSigned as problem:
        return _refusal(401, str(problem))
    except DomainError as problem:
        return _refusal(422, str(problem))


def _refusal(status: int, sentence: str) -> JsonResponse:
    return JsonResponse({"errors": [{"field": "", "message": sentence}]}, status=status)


hook.login_required = False  # type: ignore[attr-defined]
