"""The catcher keeps what comes, byte for byte."""

import pytest

from depesa.catcher import services
from depesa.catcher.models import CaughtLetter
from depesa.catcher.rules import LARGEST

PLAIN = (
    b"From: a@x.example\r\nTo: b@y.example\r\nSubject: =?utf-8?q?Dobr=C3=BD_den?=\r\nMessage-ID: <1@x>\r\n\r\nhello\r\n"
)


def keep(envelope_from, recipients, content):
    return services.keep_many([services.Caught(envelope_from, recipients, content)])[0]


def test_a_letter_is_kept_byte_for_byte_with_its_envelope(db):
    kept = keep("bounce@x.example", ["b@y.example", "hidden@y.example"], PLAIN)
    kept.refresh_from_db()
    assert bytes(kept.content) == PLAIN
    assert (kept.envelope_from, kept.recipients) == ("bounce@x.example", ["b@y.example", "hidden@y.example"])
    assert (kept.subject, kept.sender, kept.to, kept.message_id) == ("Dobrý den", "a@x.example", "b@y.example", "<1@x>")
    assert (kept.size, kept.attachment_count, kept.is_read) == (len(PLAIN), 0, False)


def test_a_batch_is_one_statement(db, django_assert_num_queries):
    batch = [services.Caught("a@x.example", ["b@y.example"], PLAIN)] * 50
    with django_assert_num_queries(1):
        services.keep_many(batch)
    assert CaughtLetter.objects.count() == 50


@pytest.mark.parametrize("content", [b"", b"\0\xff" * 5_000, b"Subject: \0" + b"s" * 9_000 + b"\r\n\r\n"])
def test_hostile_bytes_are_kept(db, content):
    kept = keep("\0" * 999, ["\0" * 999] * 2_000, content)
    kept.refresh_from_db()
    assert bytes(kept.content) == content
    assert len(kept.recipients) == 1_000
    assert "\0" not in kept.subject + kept.envelope_from


def test_a_letter_beyond_50_mb_is_refused_in_a_sentence(db):
    with pytest.raises(services.LetterTooLarge, match="larger than 50 MB"):
        keep("a@x.example", [], b"x" * (LARGEST + 1))
    assert not CaughtLetter.objects.exists()
