"""The sender's logo, made small, opaque and safe before a template may see it."""

from dataclasses import dataclass
from hashlib import sha256
from typing import Self

from depesa.core.errors import DomainError
from depesa.files import pictures
from depesa.files.sandbox import NotOpened, open_apart

MAX_BYTES = 2 * 1024 * 1024
MAX_PIXELS = 20_000_000
PRINTED = (640, 256)  # 300 dpi in the box of 54 x 21 mm
BOX_MM = (50.0, 18.0)


class LogoError(DomainError):
    """Upload PNG or JPEG up to 2 MB."""


@dataclass(frozen=True, slots=True)
class Logo:
    """A PNG under a name made from its content, which templates use as its path."""

    path: str
    content: bytes
    width_mm: float
    height_mm: float

    @classmethod
    def read(cls, upload: bytes) -> Self:
        """The logo as it will be printed; refuses anything but RGB or grey PNG and JPEG with LogoError."""
        if len(upload) > MAX_BYTES:
            raise LogoError
        content, (width, height) = _redraw(upload)
        scale = min(BOX_MM[0] / width, BOX_MM[1] / height)
        return cls(
            f"/assets/{sha256(content).hexdigest()}.png",
            content,
            round(width * scale, 2),
            round(height * scale, 2),
        )

    @classmethod
    def readable(cls, upload: bytes) -> Self | None:
        """The logo, or none: papers matter more than the picture, and the company page says what is wrong with it."""
        try:
            return cls.read(upload)
        except LogoError:
            return None


def _redraw(upload: bytes) -> tuple[bytes, tuple[int, int]]:
    try:
        opened = open_apart(pictures.flatten, upload, *PRINTED, MAX_PIXELS)
    except NotOpened as broken:
        raise LogoError from broken
    width, height = opened.facts
    return opened.parts[0], (width, height)
