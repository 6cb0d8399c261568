"""What may stand in the log: no link that still works."""

import logging

import pytest

from depesa.config.logs import WithoutSecrets

NAMES = {"fmt": "format", "style": "style"}
TOKEN = "dPq3Zz_x0-LkJh87TTqweRty12"


@pytest.mark.parametrize(
    "line",
    [
        f"Forbidden (CSRF token missing.): /shop/en/new-password/{TOKEN}/",
        f"Internal Server Error: /shop/en/activation/{TOKEN}",
        f'"GET /orders/{TOKEN}/?page=2 HTTP/1.1" 404',
        f"/settings/communication/confirming/{TOKEN}/ asked",
        f"/x/?token={TOKEN}&page=2",
    ],
)
def test_a_one_time_link_is_cut(line):
    written = WithoutSecrets("%(message)s").format(logging.LogRecord("x", 30, "", 0, line, (), None))
    assert TOKEN not in written
    assert written == line.replace(TOKEN, "…")


def test_a_traceback_is_cut_too_and_other_words_stay():
    try:
        int(f"/shop/en/new-password/{TOKEN}/")
    except ValueError as problem:
        kind = (ValueError, problem, problem.__traceback__)
    line = "delivery 2011-06-30 of /documents/imports/17/ failed in depesa.documents.services.postings"
    written = WithoutSecrets("%(message)s").format(logging.LogRecord("x", 40, "", 0, line, (), kind))
    assert TOKEN not in written
    assert line in written


def test_a_line_tells_its_time_in_utc(settings):
    made = WithoutSecrets(**{key: settings.LOGGING["formatters"]["line"][name] for key, name in NAMES.items()})
    record = logging.LogRecord("depesa.x", 30, "", 0, "said", (), None)
    record.created, record.msecs = 1322654400.25, 250.0
    assert made.format(record) == "2011-11-30T12:00:00.250Z WARNING depesa.x said"


def test_the_log_of_every_process_is_written_so(settings):
    assert settings.LOGGING["formatters"]["line"]["()"] == "depesa.config.logs.WithoutSecrets"
