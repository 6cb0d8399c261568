"""Content-addressed bytes: the same content is stored once, under its SHA-256."""

import hashlib
from collections.abc import Iterable, Mapping

from depesa.core.models import Blob


def keep(content: bytes) -> Blob:
    """Store the bytes unless they are there; return their row."""
    return keep_many([content])[hashlib.sha256(content).hexdigest()]


def keep_many(contents: Iterable[bytes]) -> Mapping[str, Blob]:
    """Store what is not there yet; return the rows (without content) by SHA-256 in hex."""
    by_sha = {hashlib.sha256(content).hexdigest(): content for content in contents}
    known = _rows(by_sha)
    # In a fixed order: two who store the same contents wait for each other's rows.
    Blob.objects.bulk_create(
        [Blob(sha256=sha, content=by_sha[sha], size=len(by_sha[sha])) for sha in sorted(by_sha.keys() - known.keys())],
        ignore_conflicts=True,
    )
    missing = by_sha.keys() - known.keys()
    return {**known, **_rows(missing)} if missing else known


def _rows(hashes: Iterable[str]) -> dict[str, Blob]:
    return {blob.sha256: blob for blob in Blob.objects.filter(sha256__in=list(hashes)).defer("content")}
