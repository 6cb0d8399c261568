"""Crowds: the pages answer as many requests at a time as are quick together; the others wait, and hold nothing.

Each request that is answered has a thread and a session of the database of its own. A thousand of them at once would
take a gigabyte of memory and more sessions than PostgreSQL lets in.
"""

import asyncio
from collections.abc import Awaitable, Callable
from inspect import iscoroutinefunction
from typing import Final

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils import translation
from django.utils.decorators import sync_and_async_middleware
from django.utils.translation import gettext as _

AT_ONCE: Final = 16
PATIENCE: Final = 60  # seconds in which a request must have its turn

type Answers = Callable[[HttpRequest], Awaitable[HttpResponseBase]]


@sync_and_async_middleware
def crowd_middleware(get_response: Answers) -> Answers:
    """Requests have their turn in the order in which they came; who would wait too long is told so, with 503."""
    if not iscoroutinefunction(get_response):
        return get_response
    turns = asyncio.Semaphore(AT_ONCE)

    async def answer_in_turn(request: HttpRequest) -> HttpResponseBase:
        try:
            async with asyncio.timeout(PATIENCE):
                await turns.acquire()
        except TimeoutError:
            return _too_many(request)
        try:
            return await get_response(request)
        finally:
            turns.release()

    return answer_in_turn


def _too_many(request: HttpRequest) -> HttpResponse:
    with translation.override(translation.get_language_from_request(request)):
        words = _("Too many people are looking at these pages just now. Try again in a minute.")
    headers = {"Retry-After": str(PATIENCE), "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
    return HttpResponse(words, status=503, content_type="text/plain; charset=utf-8", headers=headers)
