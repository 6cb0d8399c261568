"""Documents and refusals out of a text or a file."""

from dataclasses import replace
from functools import partial

import pytest

from depesa.imports.rules.profiles import fit, guess
from depesa.imports.rules.rows import inspect, read_rows, read_sample
from depesa.imports.rules.sales import assemble, assemble_all
from depesa.imports.rules.stage import Stage


@pytest.fixture
def take(tmp_path):
    """Documents and refusals of a text, by the given profile or a guessed one."""

    def take_text(text, profile=None, **changes):
        path = tmp_path / "sales.csv"
        path.write_text(text)
        return take_file(path, tmp_path / "stage", profile, **changes)

    return take_text


def take_file(path, stage_path, profile=None, *, home="", **changes):
    stage_path.unlink(missing_ok=True)
    shape = inspect(path)
    profile = fit(replace(profile or guess(shape.header, read_sample(path, shape)), **changes), shape.header)
    with Stage(stage_path) as stage:
        stage.fill(read_rows(path, shape), profile, shape.header)
        assembled = list(assemble_all(stage, profile, make=partial(assemble, home=home)))
        loose = [(line, str(problem)) for line, problem in stage.loose_lines()]
    documents = [one.document for one in assembled if one.document]
    refusals = [(r.line, r.number, str(r.problem)) for one in assembled for r in one.refusals]
    return documents, refusals, loose
