"""A letter that a stranger wrote is looked at, and nobody hears of it."""

import select
import smtplib
import socket
import sqlite3
import time
from contextlib import closing
from email.message import EmailMessage

import pytest

from tests.journeys.conftest import sign_in

pytestmark = pytest.mark.browser

CALLS = """
<html><head><link rel="preconnect" href="{0}/a"><link rel="dns-prefetch" href="{0}/b"><LINK/rel=prefetch href="{0}/c">
<link rel="preload" as="image" href="{0}/d"><link rel="modulepreload" href="{0}/e"><link rel="stylesheet" href="{0}/f">
<link rel="prerender" href="{0}/g"><link rel="icon" href="{0}/h"><link rel="manifest" href="{0}/i"><base href="{0}/">
<meta http-equiv="refresh" content="0;url={0}/j"><meta http-equiv="x-dns-prefetch-control" content="on">
<meta http-equiv="Link" content="<{0}/k>; rel=preconnect"><style>@import "{0}/l";
@font-face {{ font-family: x; src: url({0}/m) }} body {{ background: url({0}/n); font-family: x }}</style>
<script type="speculationrules">{{"prefetch": [{{"urls": ["{0}/o"]}}]}}</script></head>
<body background="{0}/p" onload="fetch('{0}/q')"><p>Hello</p><img src="{0}/r" srcset="{0}/s 2x" attributionsrc="{0}/t">
<picture><source srcset="{0}/u"><img src="{0}/v"></picture>
<video src="{0}/w" poster="{0}/x" preload="auto" autoplay></video>
<iframe src="{0}/y"></iframe><iframe srcdoc="&lt;link rel=preconnect href={0}/z&gt;"></iframe>
<object data="{0}/1"></object><embed src="{0}/2">
<svg><image href="{0}/3"/><use href="{0}/4#a"/></svg>
<table background="{0}/5"></table>
<form action="{0}/6"><input type="image" src="{0}/7"></form><a href="{0}/8" ping="{0}/9" attributionsrc>somewhere</a>
<link rel="preconnect" href="{0}/late"></body></html>
"""


def test_looking_at_a_hostile_letter_opens_no_connection(chromium, desk):
    with closing(socket.create_server(("127.0.0.1", 0))) as listener, chromium.awake() as browser:
        key = catch(desk, CALLS.format(f"http://127.0.0.1:{listener.getsockname()[1]}"))
        with closing(browser.new_context(base_url=desk.url)) as context:
            page = context.new_page()
            sign_in(page, "ada")
            for address, place in (
                (f"/catcher/{key}/", page.frame_locator("main iframe")),
                (f"/catcher/{key}/html/", page),
            ):
                page.goto(address)
                place.get_by_text("Hello").wait_for()
                page.wait_for_load_state("networkidle")
            answer = page.request.get(f"/catcher/{key}/html/")
        assert answer.headers["x-dns-prefetch-control"] == "off"
        # A connection stands in the queue of the listener as soon as it is opened.
        assert select.select([listener], [], [], 1) == ([], [], [])


def catch(desk, html):
    """The key of the letter once the catcher has it."""
    letter = EmailMessage()
    letter["From"], letter["To"], letter["Subject"] = "x@evil.example", "ada@depesa.example", f"calls {time.time_ns()}"
    letter.set_content("Hello")
    letter.add_alternative(html, subtype="html")
    with smtplib.SMTP("127.0.0.1", desk.catcher_port) as server:
        server.send_message(letter)
    with closing(sqlite3.connect(desk.file, timeout=60)) as database:
        [(key,)] = database.execute("SELECT id FROM catcher_caughtletter WHERE subject = ?", [letter["Subject"]])
    return key
