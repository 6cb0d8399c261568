"""What others wrote is shown as what it is, or not shown."""

import pytest
from django.test import RequestFactory

from depesa.mail.frames import show_file


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
