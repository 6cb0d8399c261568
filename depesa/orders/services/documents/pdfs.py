"""Make the PDFs of order documents; processes share the work by leases, outside any transaction."""

import datetime as dt
from collections.abc import Mapping, Sequence
from functools import partial
from hashlib import sha256
from itertools import batched
from typing import Final

from django.db import transaction

from depesa.company.models import Company
from depesa.company.queries import current
from depesa.core import blobs
from depesa.core.edges import assert_outside_transaction, kill_point
from depesa.core.leases import FREE, claimed
from depesa.core.reasons import gettext as _
from depesa.documents.models import Paper
from depesa.documents.queries import sources
from depesa.orders.models import OrderDocument
from depesa.orders.paper import OrderPaper, order_job
from depesa.orders.rules.names import file_name
from depesa.pdf import Job, Logo, Rendered, RendersJobs, keep_each, render_rows

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
    due = OrderDocument.objects.filter(paper__isnull=True, problem="")
    with claimed(due, limit, LEASE) as claim:
        render(renderer, claim.keys)
    return len(claim.keys)


def render(renderer: RendersJobs, ids: Sequence[int]) -> None:
    """Render these documents now, those that have their PDF already left out."""
    assert_outside_transaction()
    waiting = OrderDocument.objects.filter(pk__in=ids, paper__isnull=True).select_related("type", "order")
    rows = {row.pk: row for row in waiting}
    templates = Templates()
    outcomes = render_rows(renderer, rows.values(), lambda row: templates.job(row, row.pk), lambda row: row.pk)
    for some in batched(outcomes, STORED_AT_ONCE):
        kill_point("order-document-rendered")
        keep_each(partial(_keep_in_one, rows), some)


def _keep_in_one(rows: Mapping[int, OrderDocument], outcomes: Sequence[Rendered]) -> None:
    with transaction.atomic():
        keep(outcomes, rows)


def keep(outcomes: Sequence[Rendered], rows: Mapping[int, OrderDocument]) -> None:
    """Keep the PDFs as papers of their customers; one that was generated again meanwhile keeps waiting."""
    kept = blobs.keep_many(each.pdf for each in outcomes if each.pdf is not None)
    for outcome in outcomes:
        row = rows[int(str(outcome.key))]
        same = OrderDocument.objects.filter(pk=row.pk, revision=row.revision)
        if outcome.pdf is None:
            same.update(problem=outcome.error or _("The PDF could not be made."))
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
    return failed.update(problem="", **FREE)
