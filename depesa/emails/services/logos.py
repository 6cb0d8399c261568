"""The company's logo as letters carry it: small, because it goes with every one of them."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from depesa.company.models import Company
from depesa.core import blobs
from depesa.files import pictures
from depesa.files.sandbox import open_apart

CID: Final = "logo"
_WIDEST: Final = 200  # as shown; kept twice as wide for sharp screens
_HIGHEST: Final = 64


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture inside a letter, named `cid:` and its id; `size` as it is shown, where that is known."""

    cid: str
    blob_id: int
    content: bytes
    media_type: str
    size: tuple[int, int] = (0, 0)


def logo_of(company: Company) -> Picture | None:
    """The company's logo in the size of letters; nothing if there is none."""
    if company.logo is None:
        return None
    content, media_type, size = _small(bytes(company.logo.content))
    return Picture(CID, blobs.keep(content).pk, content, media_type, size)


@lru_cache(maxsize=4)
def _small(content: bytes) -> tuple[bytes, str, tuple[int, int]]:
    opened = open_apart(pictures.shrink, content, _WIDEST, _HIGHEST)
    kind, width, height = opened.facts
    return opened.parts[0], f"image/{kind.lower()}", (width, height)
