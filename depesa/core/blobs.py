"""Content-addressed bytes: the same content is stored once, under its SHA-256."""

import datetime as dt
import hashlib
from collections.abc import Iterable, Mapping
from typing import Final

from django.db import connection, transaction
from django.db.models import Exists, ManyToOneRel, OuterRef
from django.utils import timezone

from depesa.core.models import Blob
from depesa.core.tables import lock_rows

UNUSED_FOR: Final = dt.timedelta(days=1)


def keep(content: bytes, *, is_lasting: bool = False) -> Blob:
    """Store the bytes unless they are there; return their row. `is_lasting`: they stay though no row names them."""
    found = keep_many([content])[hashlib.sha256(content).hexdigest()]
    if is_lasting:
        Blob.objects.filter(pk=found.pk, is_lasting=False).update(is_lasting=True)
    return found


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
    found = list(Blob.objects.filter(sha256__in=list(hashes)).defer("content"))
    gone = _renew(found)
    return {blob.sha256: blob for blob in found if blob.pk not in gone}


def _renew(rows: Iterable[Blob]) -> set[int]:
    """Note that what was kept long ago is wanted again; which of it was taken away at this very moment."""
    now = timezone.now()
    old = [row.pk for row in rows if row.kept_at < now - UNUSED_FOR / 2]
    if not old:
        return set()
    with transaction.atomic():
        there = lock_rows(Blob.objects.filter(pk__in=old))
        Blob.objects.filter(pk__in=there).update(kept_at=now)
    return set(old).difference(there)


def forget_unused() -> int:
    """Take away what was kept more than a day ago and no row names, at most a thousand; how many."""
    unused = Blob.objects.filter(is_lasting=False, kept_at__lt=timezone.now() - UNUSED_FOR)
    for relation in Blob._meta.get_fields(include_hidden=True):
        if isinstance(relation, ManyToOneRel):
            named = relation.related_model._default_manager.filter(**{relation.field.name: OuterRef("pk")})
            unused = unused.filter(~Exists(named))
    some = list(unused.order_by("kept_at").values_list("pk", flat=True)[:1000])
    with transaction.atomic():
        found = lock_rows(unused.filter(pk__in=some))
        Blob.objects.filter(pk__in=found)._raw_delete(using=connection.alias)  # noqa: SLF001
    return len(found)
