"""What is packed in an office file, by its list of parts. Runs in the process apart."""

import io
import zipfile
from typing import Final

DEEPEST_PACKING: Final = 100  # unpacked to packed; more is a bomb
MOST_PARTS: Final = 10_000


def is_office(content: bytes, folder: str) -> tuple[bool, list[bytes]]:
    """Whether it is a package with parts in the folder (xl/, word/), without macros, and no bomb."""
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        parts = packed.infolist()
    size = sum(part.file_size for part in parts)
    has_macros = any(part.filename.endswith("vbaProject.bin") for part in parts)
    is_sound = len(parts) <= MOST_PARTS and size <= DEEPEST_PACKING * len(content) and not has_macros
    return is_sound and any(part.filename.startswith(folder) for part in parts), []
