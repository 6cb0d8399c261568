"""A crowd: as many requests are answered at a time as are quick together, the others wait or are told so."""

import asyncio
from types import SimpleNamespace

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from depesa.config import crowds


@pytest.fixture
def pages():
    """Pages whose answers wait until the gate is open; how many of them are at it, and were at most."""
    found = SimpleNamespace(now=0, most=0, gate=asyncio.Event())

    class Slow(crowds.Pages):
        async def answer(self, request):
            found.now += 1
            found.most = max(found.most, found.now)
            try:
                await found.gate.wait()
            finally:
                found.now -= 1
            if request.path == "/broken/":
                raise ValueError
            return HttpResponse("a page")

    found.handler = Slow()
    return found


def asked(pages, path="/shop/", **headers):
    return asyncio.create_task(pages.handler.get_response_async(RequestFactory().get(path, headers=headers)))


def test_a_thousand_at_once_all_have_their_turn_and_few_hold_anything_meanwhile(pages):
    async def crowd():
        asking = [asked(pages) for _ in range(1000)]
        await asyncio.sleep(0)
        pages.gate.set()
        return await asyncio.gather(*asking)

    assert {answer.status_code for answer in asyncio.run(crowd())} == {200}
    assert pages.most == crowds.AT_ONCE


def test_who_would_wait_too_long_is_told_so_in_his_language(pages, monkeypatch):
    monkeypatch.setattr(crowds, "PATIENCE", 0.05)

    async def crowd():
        asking = [asked(pages, accept_language="cs") for _ in range(crowds.AT_ONCE + 1)]
        late = await asking[-1]
        pages.gate.set()
        return late, await asyncio.gather(*asking[:-1])

    late, answered = asyncio.run(crowd())
    assert (late.status_code, late["Cache-Control"]) == (503, "no-store")
    assert "Zkuste to znovu za minutu" in late.content.decode()
    assert {answer.status_code for answer in answered} == {200}


def test_who_leaves_or_breaks_gives_the_turn_to_the_next(pages):
    async def crowd():
        asking = [asked(pages, "/broken/") for _ in range(crowds.AT_ONCE)]
        waiting = [asked(pages) for _ in range(crowds.AT_ONCE)]
        await asyncio.sleep(0)
        for gone in (asking[0], waiting[0]):  # one that is answered, one that waits
            gone.cancel()
        pages.gate.set()
        await asyncio.gather(*asking, *waiting, return_exceptions=True)
        return await asyncio.gather(*(asked(pages) for _ in range(2 * crowds.AT_ONCE)))

    assert {answer.status_code for answer in asyncio.run(crowd())} == {200}
