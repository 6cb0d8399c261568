"""What others wrote is shown as what it is, or not shown."""

import pytest
from django.test import RequestFactory

from depesa.mail.frames import show_file, show_html


@pytest.mark.parametrize(
    ("content", "claimed", "shown"),
    [
        (b"%PDF-1.7 x", "image/png", "application/pdf"),
        (b"\x89PNG\r\n\x1a\nx", "image/png", "image/png"),
        (b"\xff\xd8\xff\xe0x", "image/jpeg", "image/jpeg"),
        (b"GIF89ax", "image/gif", "image/gif"),
        (b"RIFF\x00\x00\x00\x00WEBPx", "image/webp", "image/webp"),
        (b"a;b\n", "text/csv", "text/plain; charset=utf-8"),
        (b"<script>alert(1)</script>", "image/png", ""),
        (b"\x89PNG\r\n\x1a\nx", "image/jpeg", ""),
        (b"MZ\x90", "application/pdf", ""),
        (b"<svg onload='alert(1)'/>", "image/svg+xml", ""),
    ],
)
def test_a_file_is_shown_only_if_its_bytes_are_what_they_claim(content, claimed, shown):
    answer = show_file(RequestFactory().get("/"), content, name="x", media_type=claimed)
    assert answer.headers["Content-Type"] == (shown or "application/octet-stream")
    assert answer.headers["Content-Disposition"].startswith("inline" if shown else "attachment")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("name", ["link", "meta", "base", "iframe", "frame", "object", "embed", "LINK", "Meta"])
def test_what_could_call_elsewhere_is_shown_as_nothing(name):
    for end in (" ", "/", ">", "\n", "\t", "\f"):
        written = f"<p>before</p><{name}{end}rel=preconnect href=//evil.example><b>after</b></{name}>"
        shown = show_html(written).text
        assert f"<{name}" not in shown.partition(">before")[2]
        assert f"</{name}" not in shown
        assert "<b>after</b>" in shown


def test_words_that_only_begin_alike_stay():
    written = "<p>link meta base <linkage>&lt;link&gt; <bases></p>"
    assert show_html(written).text.endswith(written)
