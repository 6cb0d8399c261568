"""Crowds: the pages answer as many requests at a time as are quick together; the others wait, and hold little.

Each request that is answered has a thread and a session of the database of its own. A thousand of them at once would
take a gigabyte of memory and more sessions than PostgreSQL lets in.
"""

import asyncio
from typing import Final, override

from django.core.handlers.asgi import ASGIHandler
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils import translation
from django.utils.translation import gettext as _

AT_ONCE: Final = 16
PATIENCE: Final = 60  # seconds in which a request must have its turn


class Pages(ASGIHandler):
    """The pages of an ASGI server, in the order in which they were asked for; 503 to who would wait too long.

    What comes in is read before the turn, and the answer goes out after it: a slow line keeps nobody waiting.
    """

    def __init__(self) -> None:
        super().__init__()
        self._turns = asyncio.Semaphore(AT_ONCE)

    @override
    async def get_response_async(self, request: HttpRequest) -> HttpResponseBase:
        try:
            async with asyncio.timeout(PATIENCE):
                await self._turns.acquire()
        except TimeoutError:
            return _too_many(request)
        try:
            return await self.answer(request)
        finally:
            self._turns.release()

    async def answer(self, request: HttpRequest) -> HttpResponseBase:
        """What the page says, once it is its turn."""
        return await super().get_response_async(request)


def _too_many(request: HttpRequest) -> HttpResponse:
    with translation.override(translation.get_language_from_request(request)):
        words = _("Too many people are looking at these pages just now. Try again in a minute.")
    headers = {"Retry-After": str(PATIENCE), "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
    return HttpResponse(words, status=503, content_type="text/plain; charset=utf-8", headers=headers)
