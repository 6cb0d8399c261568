"""Pictures drawn anew, so that nothing but the picture is kept. Runs in the process apart."""

from io import BytesIO
from typing import Final
from warnings import catch_warnings, simplefilter

from PIL import Image, ImageOps

MOST_PIXELS: Final = 16_000_000
MODES: Final = {"PNG": ("RGB", "RGBA", "L", "LA", "P", "1", "I;16"), "JPEG": ("RGB", "L")}

Image.MAX_IMAGE_PIXELS = None  # looked at here, before a picture is decoded


def _opened(content: bytes, most: int = MOST_PIXELS) -> Image.Image:
    with catch_warnings():
        simplefilter("ignore")
        picture = Image.open(BytesIO(content), formats=list(MODES))
        if picture.width * picture.height > most or picture.mode not in MODES[picture.format or ""]:
            raise ValueError(picture.mode, picture.size)
        picture.load()
    return picture


def _encoded(picture: Image.Image, kind: str, **options: int) -> bytes:
    target = BytesIO()
    picture.save(target, kind, optimize=True, **options)
    return target.getvalue()


def clean(content: bytes) -> tuple[None, list[bytes]]:
    """The PNG or JPEG written anew, in its size, without anything that came along with it."""
    picture = _opened(content)
    kind = picture.format or ""
    bare = picture.convert("RGBA") if picture.mode == "P" else picture.copy()
    bare.info.clear()
    return None, [_encoded(bare, kind, **({"quality": 92} if kind == "JPEG" else {}))]


def flatten(content: bytes, widest: int, highest: int, most: int) -> tuple[tuple[int, int], list[bytes]]:
    """The picture the right way up on white, no larger than the box in dots, as PNG; and its size in dots."""
    picture = ImageOps.exif_transpose(_opened(content, most)).convert("RGBA")
    opaque = Image.new("RGB", picture.size, "white")
    opaque.paste(picture, mask=picture.getchannel("A"))
    opaque.thumbnail((widest, highest), Image.Resampling.LANCZOS)
    return opaque.size, [_encoded(opaque, "PNG")]


def shrink(content: bytes, widest: int, highest: int) -> tuple[tuple[str, int, int], list[bytes]]:
    """The picture for a screen, twice as sharp as it is shown; its kind, and the size in which it is shown."""
    picture = _opened(content)
    kind = picture.format or ""
    drawn = picture.convert("RGB" if kind == "JPEG" else "RGBA")
    scale = min(widest / drawn.width, highest / drawn.height, 1)
    width, height = max(round(drawn.width * scale), 1), max(round(drawn.height * scale), 1)
    twice = min(width * 2, drawn.width), min(height * 2, drawn.height)
    return (kind, width, height), [_encoded(drawn.resize(twice, Image.Resampling.LANCZOS), kind)]
