"""Nothing is lost, nobody waits for ever, and only the guilty job fails."""

import os
import signal
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from time import monotonic, sleep

import pytest

from depesa.pdf import Job, Renderer, RenderError
from depesa.pdf.tests.texts import page_texts
from depesa.statements.tests.sheets import statement

DAY = date(2011, 6, 30)
ENDLESS = "#for i in range(30000) { for j in range(30000) {} }"
HUNGRY = '#("a" * 3000000000).len()'
LINKS = '#link("https://a.example/?q=(1)")[a] #link("mailto:a@b.example")[b] #link("tel:+3705")[c]'
GOOD = '#set document(title: "Ours")\n#set text(lang: "en")\nHello #json("/data.json").name Řž Київ'


def users(key: object, source: str) -> Job:
    return Job(key, Path(), b'{"name": "#read(Ben)"}', DAY, source=source)


def test_many_jobs_stream_and_each_has_one_outcome() -> None:
    read = 0

    def jobs() -> Iterator[Job]:
        nonlocal read
        for read in range(1, 61):
            yield statement(1).to_job(read)

    with Renderer(processes=2) as renderer:
        outcomes = renderer.render_many(jobs())
        first = next(outcomes)
        assert read < 50
        keys = [first.key, *(outcome.key for outcome in outcomes)]
    assert sorted(keys) == list(range(1, 61))


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ('#read("/etc/passwd")', "file not found"),
        ('#read("/../trusted/statement.typ")', "would escape the project root"),
        ('#read("/statement.typ")', "file not found"),
        ('#import "@preview/cetz:0.3.4": canvas', "failed to download package"),
        ("#while true {}", "condition is always true"),
        ('#link("java" + "script:" + json("/data.json").name)[x]', "“javascript:#read(Ben)”"),
        ('#link("file:///etc/passwd")[x]', "more than pages. It has a link"),
        (ENDLESS, "The template took longer than 2 s."),
        (HUNGRY, "The template needed more than 512 MB of memory."),
        ("fine\n#table(columns: 2, [a]", "unclosed delimiter (template.typ, line 2, column 6)."),
    ],
)
def test_users_template_is_refused_and_the_next_is_rendered(renderer: Renderer, source: str, reason: str) -> None:
    with pytest.raises(RenderError) as refusal:
        renderer.render(users(1, source))
    assert reason in str(refusal.value)
    assert "/tmp" not in str(refusal.value)
    assert renderer.render(users(2, GOOD + LINKS)).startswith(b"%PDF")


def pids(renderer: Renderer) -> list[int]:
    return [worker._process.pid for worker in renderer._bulk._workers]


def test_users_template_without_title_is_rendered_with_a_warning(renderer: Renderer) -> None:
    outcome = renderer.render_one(users(1, "Hello"))
    assert outcome.pdf is not None
    assert "PDF/UA" in outcome.warnings[0]


def test_template_that_crashes_the_engine_is_named() -> None:
    with Renderer(processes=1, users_timeout=120) as patient:
        outcome = patient.render_one(users(1, "#let x = (" + "(1,)+" * 50_000 + "())"))
        assert outcome.error == "The PDF engine stopped 3 times on this document."
        assert patient.render(users(2, GOOD)).startswith(b"%PDF")


def test_users_template_has_the_fonts_and_the_literal_value(renderer: Renderer) -> None:
    outcome = renderer.render_one(users(1, GOOD))
    assert outcome.warnings == ()
    assert page_texts(outcome.pdf or b"") == ["Hello #read(Ben) Řž Київ"]


def test_only_the_guilty_jobs_of_a_batch_fail() -> None:
    sources = [GOOD] * 20
    sources[3] = HUNGRY
    sources[11] = ENDLESS
    with Renderer(processes=2, users_timeout=2, memory_bytes=1 << 29) as renderer:
        outcomes = {o.key: o for o in renderer.render_many(users(i, source) for i, source in enumerate(sources))}
    assert [key for key in sorted(outcomes) if outcomes[key].pdf is None] == [3, 11]
    assert "512 MB" in outcomes[3].error
    assert "2 s" in outcomes[11].error


def test_killed_worker_loses_nothing() -> None:
    with Renderer(processes=2) as renderer:
        keys = []
        for count, outcome in enumerate(renderer.render_many(statement(3).to_job(key) for key in range(60))):
            assert outcome.pdf is not None
            keys.append(outcome.key)
            if count % 20 == 5:
                os.kill(pids(renderer)[0], signal.SIGKILL)
    assert sorted(keys) == list(range(60))


def test_slow_reader_blames_no_job_for_a_killed_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("depesa.pdf.workers.GRACE", 0.0)
    with Renderer(processes=1, timeout=2) as renderer:
        outcomes = renderer.render_many(statement(1).to_job(key) for key in range(40))
        next(outcomes)
        os.kill(pids(renderer)[0], signal.SIGKILL)
        sleep(2.1)
        assert all(outcome.pdf is not None for outcome in outcomes)


def test_stopped_worker_does_not_stop_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("depesa.pdf.workers.GRACE", 0.2)
    with Renderer(processes=1, timeout=3) as renderer:
        outcomes = renderer.render_many(statement(3).to_job(key) for key in range(60))
        next(outcomes)
        os.kill(pids(renderer)[0], signal.SIGSTOP)
        started = monotonic()
        others = list(outcomes)
    assert len(others) == 59
    assert sum(outcome.pdf is None for outcome in others) <= 1
    assert monotonic() - started < 60


def test_abandoned_run_leaves_the_renderer_usable() -> None:
    with Renderer(processes=1) as renderer:
        outcomes = renderer.render_many(statement(1).to_job(key) for key in range(50))
        next(outcomes)
        outcomes.close()
        assert [outcome.key for outcome in renderer.render_many([statement(1).to_job("again")])] == ["again"]


def test_renderer_closes_in_the_middle_of_a_run() -> None:
    with Renderer(processes=1) as renderer:
        outcomes = renderer.render_many(statement(1).to_job(key) for key in range(50))
        next(outcomes)
    with pytest.raises(RuntimeError, match="closed in the middle"):
        list(outcomes)


def test_single_job_goes_beside_a_run() -> None:
    with Renderer(processes=1) as renderer:
        outcomes = renderer.render_many(statement(1).to_job(key) for key in range(5))
        next(outcomes)
        assert renderer.render(statement(1).to_job("preview")).startswith(b"%PDF")
        with pytest.raises(RuntimeError, match="in the middle"):
            next(renderer.render_many([statement(1).to_job("nested")]))
        assert len(list(outcomes)) == 4


def test_error_while_jobs_are_read_reaches_the_caller() -> None:
    def jobs() -> Iterator[Job]:
        yield statement(1).to_job(1)
        raise LookupError("the database is gone")

    with Renderer(processes=1) as renderer, pytest.raises(LookupError):
        list(renderer.render_many(jobs()))


def test_engine_that_cannot_start_is_said_once() -> None:
    with Renderer(processes=1, memory_bytes=1 << 26) as renderer, pytest.raises(RenderError, match="does not start"):
        renderer.render(statement(1).to_job(1))
