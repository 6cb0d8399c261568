"""Where a payment gateway tells what became of a payment; signed, not signed in."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from depesa.core.errors import DomainError
from depesa.core.inputs import read_number
from depesa.shop.services import payments

MOST: int = 64 * 1024
_STATUS: dict[type[DomainError], int] = {
    payments.NotSigned: 403,
    payments.NotUnderstood: 400,
    payments.NoSuchOrder: 404,
}


@csrf_exempt
@login_not_required
@require_POST
def payment(request: HttpRequest) -> JsonResponse:
    """Take one message: {"id", "order", "event"} and perhaps {"amount", "currency"}; see docs/how-to."""
    if (read_number(request.headers.get("Content-Length") or "0") or 0) > MOST:
        return JsonResponse({"error": "too large"}, status=413)
    timestamp = request.headers.get("X-Depesa-Timestamp", "")
    signature = request.headers.get("X-Depesa-Signature", "")
    try:
        outcome = payments.receive(request.body, timestamp=timestamp, signature=signature)
    except DomainError as refusal:
        return JsonResponse({"error": str(refusal)}, status=_STATUS.get(type(refusal), 409))
    return JsonResponse({"outcome": outcome}, status=409 if outcome == "refused" else 200)
