"""A program works only on the tables that it knows, older and newer ones are refused with a sentence."""

import io

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

pytestmark = pytest.mark.django_db
OLDER = "1 migrations are not applied; run depesa migrate."
NEWER = "The tables are those of a newer Depesa (outbox.0009_later); install that one here, too."


@pytest.fixture(params=[OLDER, NEWER], ids=["older tables", "newer tables"])
def sentence(request, company):
    recorder = MigrationRecorder(connection)
    if request.param == OLDER:
        recorder.record_unapplied("outbox", "0002_guard_and_first_channel")
    else:
        recorder.record_applied("outbox", "0009_later")
    return request.param


def test_no_worker_starts_on_tables_of_another_version(sentence):
    with pytest.raises(CommandError) as refused:
        call_command("work", until_idle=True)
    assert (str(refused.value), refused.value.returncode) == (sentence, 2)


def test_check_names_what_does_not_fit(sentence):
    said = io.StringIO()
    with pytest.raises(CommandError):
        call_command("check", stdout=said)
    assert sentence in said.getvalue()
    assert "bad   database" in said.getvalue()
