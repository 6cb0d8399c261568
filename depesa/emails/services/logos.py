"""The company's logo as letters carry it: small, because it goes with every one of them."""

import io
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from PIL import Image

from depesa.company.models import Company
from depesa.core import blobs

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
    with Image.open(io.BytesIO(content)) as opened:
        is_photo = opened.format == "JPEG"
        picture = opened.convert("RGB" if is_photo else "RGBA")
    scale = min(_WIDEST / picture.width, _HIGHEST / picture.height, 1)
    size = max(round(picture.width * scale), 1), max(round(picture.height * scale), 1)
    twice = min(size[0] * 2, picture.width), min(size[1] * 2, picture.height)
    kept = io.BytesIO()
    picture.resize(twice, Image.Resampling.LANCZOS).save(kept, "JPEG" if is_photo else "PNG", optimize=True)
    return kept.getvalue(), "image/jpeg" if is_photo else "image/png", size
