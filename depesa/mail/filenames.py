"""What a file of a letter may be called."""

import re
import unicodedata
from typing import Final

ENDINGS: Final = {
    "application/pdf": "pdf",
    "text/csv": "csv",
    "application/json": "json",
    "application/xml": "xml",
    "application/x-isdoc": "isdoc",
    "text/plain": "txt",
    "image/png": "png",
    "image/jpeg": "jpg",
    "image/gif": "gif",
    "image/webp": "webp",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
}


def safe_name(name: str, media_type: str) -> str:
    """Return a file name that harms nobody: no path, no hidden character, one ending, that of its type."""
    stem = re.split(r"[/\\]", unicodedata.normalize("NFC", name).partition("\0")[0])[-1]
    ending = ENDINGS.get(media_type, "bin")
    stem = re.sub(rf"\.{ending}$", "", stem, flags=re.IGNORECASE)
    # A dot stays between digits (31.12.2025) only, so nothing looks like an ending that is none.
    stem = re.sub(r"(?<!\d)\.|\.(?!\d)", "-", stem)
    stem = re.sub(r"[^\w.+-]+|_", "-", stem)
    stem = re.sub(r"-{2,}", "-", stem).strip("-.+")[:80].strip("-.+")
    return f"{stem or 'document'}.{ending}"
