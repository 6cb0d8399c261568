"""The sender's logo, made small, opaque and safe before a template may see it."""

from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO
from typing import Self
from warnings import catch_warnings, simplefilter

from PIL import Image, ImageOps

from depesa.core.errors import DomainError

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


def _redraw(upload: bytes) -> tuple[bytes, tuple[int, int]]:
    try:
        with catch_warnings():
            simplefilter("ignore")
            with Image.open(BytesIO(upload), formats=["PNG", "JPEG"]) as picture:
                if picture.mode == "CMYK" or picture.width * picture.height > MAX_PIXELS:
                    raise LogoError
                rgba = ImageOps.exif_transpose(picture).convert("RGBA")
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as broken:
        raise LogoError from broken
    opaque = Image.new("RGB", rgba.size, "white")
    opaque.paste(rgba, mask=rgba.getchannel("A"))
    opaque.thumbnail(PRINTED, Image.Resampling.LANCZOS)
    target = BytesIO()
    opaque.save(target, "PNG", optimize=True)
    return target.getvalue(), opaque.size
