"""Make the PDFs of order documents; processes share the work by leases, outside any transaction."""

import datetime as dt
import secrets
from collections.abc import Mapping, Sequence
from hashlib import sha256
from itertools import batched
from typing import Final

from django.db import connection, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from depesa.company.models import Company
from depesa.company.queries import current
from depesa.core import blobs
from depesa.core.edges import assert_outside_transaction, kill_point
from depesa.core.processes import is_dead, me
from depesa.core.reasons import gettext as _
from depesa.core.tables import lock_rows
from depesa.documents.models import Paper
from depesa.documents.queries import sources
from depesa.orders.models import OrderDocument
from depesa.orders.paper import OrderPaper, order_job
from depesa.orders.rules.names import file_name
from depesa.pdf import Job, Logo, Rendered, RendersJobs

LEASE: Final = dt.timedelta(minutes=5)
STORED_AT_ONCE: Final = 50


class Templates:
    """Templates and logo as they are now, each read once."""

    def __init__(self) -> None:
        self.sources = sources()
        self.logo = logo_of(current())

    def job(self, row: OrderDocument, key: int | str) -> Job:
        """The job that renders this document."""
        source = self.sources.get((row.type.code, row.language), "")
        return order_job(key, OrderPaper.of(row.content), source=source, logo=self.logo)


def logo_of(company: Company) -> Logo | None:
    """The logo as documents print it; none if there is none or it cannot be read."""
    return Logo.readable(bytes(company.logo.content)) if company.logo else None


def render_due(renderer: RendersJobs, limit: int = 200) -> int:
    """Render up to `limit` documents that wait for their PDF; how many. 0: none is due."""
    assert_outside_transaction()
    token = f"{me()}#{secrets.token_hex(8)}"
    _take_from_the_dead()
    if not (ids := _claim(token, limit)):
        return 0
    try:
        render(renderer, ids)
    finally:
        _free(OrderDocument.objects.filter(rendering_by=token))
    return len(ids)


def render(renderer: RendersJobs, ids: Sequence[int]) -> None:
    """Render these documents now, those that have their PDF already left out."""
    assert_outside_transaction()
    waiting = OrderDocument.objects.filter(pk__in=ids, paper__isnull=True).select_related("type", "order")
    rows = {row.pk: row for row in waiting}
    templates = Templates()
    jobs = (templates.job(row, pk) for pk, row in rows.items())
    for outcomes in batched(renderer.render_many(jobs), STORED_AT_ONCE):
        kill_point("order-document-rendered")
        with transaction.atomic():
            keep(outcomes, rows)


def _take_from_the_dead() -> None:
    leased = OrderDocument.objects.exclude(rendering_by="").filter(paper__isnull=True)
    for token in list(leased.order_by().values_list("rendering_by", flat=True).distinct()):
        if is_dead(token.partition("#")[0]):
            _free(leased.filter(rendering_by=token))


def _free(rows: QuerySet[OrderDocument]) -> None:
    with transaction.atomic():
        OrderDocument.objects.filter(pk__in=lock_rows(rows)).update(rendering_by="", rendering_until=None)


def _claim(token: str, limit: int) -> list[int]:
    now = timezone.now()
    free = Q(rendering_until__isnull=True) | Q(rendering_until__lt=now)
    with transaction.atomic():
        due = OrderDocument.objects.select_for_update(
            of=("self",), skip_locked=connection.features.has_select_for_update_skip_locked
        ).filter(free, paper__isnull=True, problem="")
        ids = list(due.order_by("id").values_list("pk", flat=True)[:limit])
        OrderDocument.objects.filter(pk__in=ids).update(rendering_by=token, rendering_until=now + LEASE)
    return ids


def keep(outcomes: Sequence[Rendered], rows: Mapping[int, OrderDocument]) -> None:
    """Keep the PDFs as papers of their customers; one that was generated again meanwhile keeps waiting."""
    kept = blobs.keep_many(each.pdf for each in outcomes if each.pdf is not None)
    for outcome in outcomes:
        row = rows[int(str(outcome.key))]
        same = OrderDocument.objects.filter(pk=row.pk, revision=row.revision)
        if outcome.pdf is None:
            same.update(problem=(outcome.error or _("The PDF could not be made."))[:500])
            continue
        paper = Paper.objects.create(
            customer_id=row.customer_id,
            blob=kept[sha256(outcome.pdf).hexdigest()],
            name=file_name(row.type.name_in(row.language), row.number or row.order.number),
        )
        same.update(paper=paper, problem="")


def render_again(ids: Sequence[int]) -> int:
    """Try those once more whose PDF could not be made; how many there are."""
    failed = OrderDocument.objects.filter(pk__in=ids, paper__isnull=True).exclude(problem="")
    return failed.update(problem="", rendering_until=None, rendering_by="")
