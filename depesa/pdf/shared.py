"""The renderer of this process, shared by pages and background verbs."""

import atexit
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cache, lru_cache
from typing import Final

from django.conf import settings

from depesa.pdf.jobs import Job, Rendered, RenderError
from depesa.pdf.renderer import Renderer

REMEMBERED: Final = 64  # PDFs


@cache
def shared_renderer() -> Renderer:
    """The renderer of this process; its workers start with the first job and live as long as the process."""
    return Renderer(settings.DEPESA_RENDERERS)


def close_shared_renderer() -> None:
    """End its workers, if any have started; the next job would start new ones."""
    if shared_renderer.cache_info().currsize:
        shared_renderer().close()
        shared_renderer.cache_clear()


atexit.register(close_shared_renderer)


class Memory:
    """Renders what it has not rendered lately: the same job gives the same bytes, so each is made once."""

    def render_many(self, jobs: Iterable[Job]) -> Iterator[Rendered]:
        """Outcomes in the order of the jobs."""
        return map(_remembered, jobs)


def _remembered(job: Job) -> Rendered:
    try:
        return Rendered(job.key, _pdf(replace(job, key="")))
    except RenderError as problem:
        return Rendered(job.key, None, str(problem))


@lru_cache(maxsize=REMEMBERED)
def _pdf(job: Job) -> bytes:
    return shared_renderer().render(job)
