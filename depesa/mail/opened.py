"""A letter laid open on a page: its tabs, its frame, its files with their pages as pictures."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from django.urls import reverse

from depesa.core.reasons import gettext, pgettext
from depesa.mail.letter import Letter, Part

MOST_PAGES: Final = 20  # of one file that are shown as pictures
MOST_SOURCE: Final = 200_000  # bytes of the source that stand on the page


@dataclass(frozen=True, slots=True)
class Tab:
    """One way to look at the letter."""

    label: str
    url: str
    is_current: bool
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Picture:
    """One page of a file."""

    page: int
    url: str
    large_url: str


@dataclass(frozen=True, slots=True)
class File:
    """A file in the letter; `pages` is 0 if it cannot be shown as pictures."""

    part: Part
    url: str
    pages: int
    pictures: list[Picture]

    @property
    def left_out(self) -> int:
        """Pages that are not shown as pictures."""
        return self.pages - len(self.pictures)


@dataclass(frozen=True, slots=True)
class Reading:
    """What the template mail/reading/letter.html shows."""

    letter: Letter
    view: str
    tabs: list[Tab]
    frame_url: str
    source_url: str
    source: str
    files: list[File]


def lay_open(
    letter: Letter, content: bytes, *, app: str, pk: int, view: str, path: str, count: Callable[[bytes], int]
) -> Reading:
    """The letter as the app's page shows it; the app names its views html, file, file_page and source.

    `view` is html, text, headers or source; `count` says how many pages a file has.
    """
    labels = {"html": pgettext("letter", "Letter"), "text": gettext("Text")}
    ways = [way for way, has in (("html", letter.written_html), ("text", letter.text)) if has] or ["text"]
    chosen = view if view in {*ways, "headers", "source"} else ways[0]
    labels |= {"headers": gettext("Headers"), "source": gettext("Source")}
    return Reading(
        letter=letter,
        view=chosen,
        tabs=[Tab(labels[way], f"{path}?view={way}", way == chosen) for way in (*ways, "headers", "source")],
        frame_url=reverse(f"{app}:html", args=[pk]),
        source_url=reverse(f"{app}:source", args=[pk]),
        source=content[:MOST_SOURCE].decode("utf-8", "replace").replace("\0", "\N{REPLACEMENT CHARACTER}")
        if chosen == "source"
        else "",
        files=[_file(part, app, pk, count) for part in letter.attachments],
    )


def _file(part: Part, app: str, pk: int, count: Callable[[bytes], int]) -> File:
    pages = count(part.content)
    places = [(page, reverse(f"{app}:file_page", args=[pk, part.number, page])) for page in range(1, pages + 1)]
    pictures = [Picture(page, url, f"{url}?scale=large") for page, url in places[:MOST_PAGES]]
    return File(part, reverse(f"{app}:file", args=[pk, part.number]), pages, pictures)
