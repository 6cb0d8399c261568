"""The command `depesa import sales`: figures for scripts, sentences for people, exit statuses for both."""

import io
import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from depesa.documents.models import Document
from depesa.imports.models import BatchState, ImportBatch

HEAD = "number,date,customer,currency,net,vat rate\n"
JUNE = Path(__file__).parents[1] / "samples" / "online-retail-2011-06.csv.gz"

pytestmark = pytest.mark.django_db


@pytest.fixture
def write(tmp_path):
    def write_file(text, name="sales.csv"):
        (tmp_path / name).write_text(text)
        return str(tmp_path / name)

    return write_file


def run(*words):
    out, err = io.StringIO(), io.StringIO()
    call_command("import_sales", *words, stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


def refuse(*words):
    with pytest.raises(CommandError) as caught:
        run(*words)
    return caught.value.returncode, str(caught.value)


def test_the_figures_are_json_and_nothing_else(write):
    rows = "".join(f"{number},2026-03-01,7,EUR,1.00,21\n" for number in range(3))
    bad = "".join(f"B{number},2026-02-31,7,EUR,1.00,21\n" for number in range(120))
    out, err = run(write(HEAD + rows + bad), write(HEAD + "9,2026-03-01,8,EUR,1.00,21\n", "b.csv"), "--yes", "--json")
    said = json.loads(out)
    assert list(said) == [
        "files",
        "lines",
        "documents",
        "imported",
        "unchanged",
        "refused",
        "refused_count",
        "customers_created",
    ]
    assert len(said["refused"]) == 100
    assert said["refused"][0] == {
        "line": 5,
        "number": "B0",
        "reason": "date: “2026-02-31”: This day does not exist.",
    }
    del said["refused"]
    assert said == {
        "files": 2,
        "lines": 124,
        "documents": 124,
        "imported": 4,
        "unchanged": 0,
        "refused_count": 120,
        "customers_created": 2,
    }
    assert err == ""


def test_without_yes_it_asks_and_imports_nothing_on_no(write, monkeypatch):
    path = write(HEAD + "9,2026-03-01,8,EUR,1.00,21\n")
    monkeypatch.setattr("sys.stdin", io.StringIO("n\n"))
    assert refuse(path) == (1, "Nothing was imported.")
    assert ImportBatch.objects.get().state == BatchState.DROPPED
    monkeypatch.setattr("sys.stdin", io.StringIO("y\n"))
    out, err = run(path)
    assert "1 new documents of 1 customers (1 new), net 1.00 EUR" in err
    assert out == "sales.csv: 1 documents imported, 0 here already, 0 refused; 1 customers created\n"


def test_input_90_the_second_time_it_says_when_it_was_imported(write, monkeypatch):
    path = write(HEAD + "9,2026-03-01,8,EUR,1.00,21\n")
    run(path, "--yes")
    monkeypatch.setattr("sys.stdin", io.StringIO("y\n"))
    out, err = run(path)
    assert "0 new documents" in err
    assert "Already imported on 20" in err
    assert "0 documents imported, 1 here already" in out


def test_one_unreadable_file_stops_all_before_anything_is_imported(write):
    good = write(HEAD + "9,2026-03-01,8,EUR,1.00,21\n")
    status, sentence = refuse(good, write("%PDF-1.7", "b.csv"), "--yes", "--json")
    assert status == 1
    assert "b.csv: This is not a table." in sentence
    assert not Document.objects.exists()
    assert set(ImportBatch.objects.values_list("state", flat=True)) == {BatchState.DROPPED}


def test_a_file_that_does_not_fit_the_profile_is_refused_in_words(write):
    status, sentence = refuse(write(HEAD + "9,2026-03-01,8,EUR,1.00,21\n"), "--profile", "online-retail", "--yes")
    assert status == 1
    assert "The column “InvoiceNo” is missing. The file has: number, date" in sentence


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["nowhere.csv", "--yes"], "There is no file nowhere.csv."),
        ([str(JUNE), "--profile", "retail"], "There is no profile “retail”. There are: online-retail, depesa."),
    ],
)
def test_wrong_usage_has_its_own_status(words, sentence):
    assert refuse(*words) == (2, sentence)
