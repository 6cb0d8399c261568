"""Texts as they are kept."""

import pytest

from depesa.core.texts import one_line


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (" Acme, s.r.o. ", "Acme, s.r.o."),
        ("Acme\r\nBcc: x@y.example", "Acme Bcc: x@y.example"),
        ("Acme\u2028UAB\x85", "Acme UAB"),
        ("In\u202evoice\u200b\x00", "Invoice"),
        ("10\u00a0000\tKč", "10 000 Kč"),
        ("\ud800x", "x"),
    ],
)
def test_a_line_keeps_its_words_and_nothing_hidden(typed, kept):
    assert one_line(typed) == kept
