"""Names of files. Pure Python."""

import re
import unicodedata

_OTHER = re.compile(r"[^A-Za-z0-9._-]+")


def file_name(*parts: str) -> str:
    """A name that every file system takes: "Faktura", "INV-7" make Faktura-INV-7.pdf; at most 100 characters."""
    plain = unicodedata.normalize("NFKD", "-".join(part for part in parts if part))
    bare = "".join(c for c in plain if not unicodedata.combining(c))
    return (_OTHER.sub("-", bare).strip("-._")[:96] or "document") + ".pdf"
