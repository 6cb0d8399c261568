"""What goes into the renderer and what comes out."""

from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Protocol

from depesa.core.errors import DomainError
from depesa.pdf.logo import Logo


class RenderError(DomainError):
    """The PDF could not be made."""


class RendererUnavailableError(RenderError):
    """The PDF engine does not start on this machine."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file carried inside the PDF, such as the same rows as CSV; UTF-8 text only."""

    name: str
    content: bytes
    media_type: str
    description: str


@dataclass(frozen=True, slots=True)
class Job:
    """One PDF to make.

    `template` is the file of a built-in template; `source` is a user's own Typst text and takes its place.
    `data` is UTF-8 JSON, which the template reads as /data.json.
    `document_at` is the date that the PDF bears, so that the same job gives the same bytes for ever.
    """

    key: Hashable
    template: Path
    data: bytes
    document_at: int | date
    tagged: bool = True
    source: str = ""
    images: tuple[Logo, ...] = ()
    attachments: tuple[Attachment, ...] = ()

    @property
    def timestamp(self) -> int:
        """Seconds since 1970; a bare date means noon in UTC, which is that date all over Europe."""
        if isinstance(self.document_at, int):
            return self.document_at
        if isinstance(self.document_at, datetime):
            return int(self.document_at.timestamp())
        return int(datetime.combine(self.document_at, time(12), UTC).timestamp())

    @property
    def standards(self) -> list[str]:
        """Archivable always, accessible unless refused; PDF/A-3 where files are attached."""
        part = "a-3" if self.attachments else "a-2"
        return [f"{part}u", "ua-1"] if self.tagged else [f"{part}b"]


@dataclass(frozen=True, slots=True)
class Rendered:
    """The outcome of one job: the PDF, or a sentence that says why there is none."""

    key: Hashable
    pdf: bytes | None
    error: str = ""
    warnings: tuple[str, ...] = ()


class RendersJobs(Protocol):
    """What renders many jobs: a Renderer, or what stands before one."""

    def render_many(self, jobs: Iterable[Job]) -> Iterator[Rendered]:
        """Outcomes as they come."""
