"""Files that go with letters: made here and nowhere else, from papers, from kept files, from what somebody uploads."""

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Protocol, Self

from depesa.core import blobs
from depesa.core.models import Blob
from depesa.documents.models import Paper
from depesa.files.uploads import media_type_of
from depesa.mail.filenames import safe_name


@dataclass(frozen=True, slots=True, kw_only=True)
class EnclosureDraft:
    """A file that goes with a letter: a customer's paper, or a blob that anybody may get."""

    blob_id: int
    content: bytes
    name: str
    media_type: str = "application/pdf"
    paper_id: int | None = None

    @property
    def is_stored(self) -> bool:
        """Whether its bytes are kept already; a PDF that was made for its letter is kept with it."""
        return bool(self.blob_id)

    def stored_as(self, paper: Paper) -> Self:
        """The same file, now that it is a paper."""
        return replace(self, paper_id=paper.pk, blob_id=paper.blob_id)


class Kept(Protocol):
    """A row that names kept bytes: a paper, or a file of a draft, a system e-mail, an operation."""

    @property
    def pk(self) -> int: ...
    @property
    def blob_id(self) -> int | None: ...
    @property
    def name(self) -> str: ...
    @property
    def media_type(self) -> str: ...


def enclose(rows: Iterable[Kept]) -> list[EnclosureDraft]:
    """The files of these rows in their order; one without bytes, such as a link, is none."""
    return enclose_many({0: rows})[0]


def enclose_many[Key: Hashable](rows: Mapping[Key, Iterable[Kept]]) -> dict[Key, list[EnclosureDraft]]:
    """The files of many letters, all their bytes read in one question and each of them once."""
    files = {key: [(row, row.blob_id) for row in some if row.blob_id] for key, some in rows.items()}
    ids = {blob for some in files.values() for _row, blob in some}
    contents = {blob.pk: bytes(blob.content) for blob in Blob.objects.filter(pk__in=ids)}
    return {key: [_enclosure(row, blob, contents[blob]) for row, blob in some] for key, some in files.items()}


def _enclosure(row: Kept, blob_id: int, content: bytes) -> EnclosureDraft:
    paper_id = row.pk if isinstance(row, Paper) else getattr(row, "paper_id", None)
    return EnclosureDraft(blob_id=blob_id, content=content, name=row.name, media_type=row.media_type, paper_id=paper_id)


def enclose_upload(name: str, content: bytes) -> EnclosureDraft:
    """A file as somebody gave it: kept, typed by its content and safely named; BadUpload says why it cannot go."""
    media_type = media_type_of(name, content)
    return EnclosureDraft(
        blob_id=blobs.keep(content).pk, content=content, name=safe_name(name, media_type), media_type=media_type
    )


def enclose_made(name: str, pdf: bytes) -> EnclosureDraft:
    """A PDF that was made for this letter and is not stored yet."""
    return EnclosureDraft(blob_id=0, content=pdf, name=name)
