"""The command line: two words are one command."""

import os
import subprocess
import sys

import pytest

from depesa.config.cli import joined


def test_two_words_are_joined_where_there_is_such_a_command():
    assert joined(["depesa", "import", "sales", "x.csv"]) == ["depesa", "import_sales", "x.csv"]
    assert joined(["depesa", "migrate", "sales"]) == ["depesa", "migrate", "sales"]


def test_commands_of_the_product_are_known_from_a_fresh_start(tmp_path):
    words = ["-c", "from depesa.config.cli import main; main()", "import", "sales", "nowhere.csv"]
    ran = subprocess.run(
        [sys.executable, *words],
        env={**os.environ, "DEPESA_DATA_DIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ran.returncode, ran.stdout) == (2, "")
    assert "There is no file nowhere.csv." in ran.stderr


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("DEPESA_LOG_LEVEL", "LOUD", "DEPESA_LOG_LEVEL is 'LOUD'; write one of DEBUG, INFO, WARNING, ERROR"),
        ("DEPESA_DATABASE_URL", "here", "DEPESA_DATABASE_URL is no address; write postgres://user:password@host/name"),
        ("DEPESA_SECRET_KEY_FILE", "nowhere", "DEPESA_SECRET_KEY_FILE is 'nowhere', which cannot be read: "),
        ("DEPESA_DEBUG", "1", "DEPESA_DEBUG is '1'; write True or False"),
        ("DEPESA_SECRET_KEY", "x", "DEPESA_SECRET_KEY is too short; write at least 32 random characters"),
        ("DEPESA_HOSTS", "desk.example,*", "DEPESA_HOSTS lets any host in"),
        ("DEPESA_HOSTS", ".example", "DEPESA_HOSTS lets any host in"),
        ("DEPESA_SITE_URL", "ftp://x", "DEPESA_SITE_URL is 'ftp://x'; write https://desk.example"),
        ("DEPESA_SITE_URL", "desk.example", "DEPESA_SITE_URL is 'desk.example'; write https://desk.example"),
        ("DEPESA_CATCHER_PORT", "x", "DEPESA_CATCHER_PORT is 'x'; write a whole number"),
    ],
)
def test_a_setting_that_is_not_understood_stops_the_start_with_a_sentence(tmp_path, name, value, sentence):
    ran = subprocess.run(
        [sys.executable, "-m", "depesa", "check"],
        env={**os.environ, "DEPESA_DATA_DIR": str(tmp_path), name: value},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ran.returncode, ran.stdout) == (1, "")
    assert ran.stderr.startswith(sentence)


def test_pages_of_errors_with_source_code_are_refused_behind_https(tmp_path):
    ran = subprocess.run(
        [sys.executable, "-m", "depesa", "check"],
        env={
            **os.environ,
            "DEPESA_DATA_DIR": str(tmp_path),
            "DEPESA_DEBUG": "True",
            "DEPESA_SITE_URL": "https://desk.example",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.stderr.startswith("DEPESA_DEBUG shows source code to everybody")
