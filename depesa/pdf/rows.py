"""PDFs of rows: each row gets its PDF or a sentence why there is none, whatever making or keeping it raises."""

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from itertools import chain

from depesa.core.batches import Failed, alone, each_alone
from depesa.pdf.jobs import Job, Rendered, RendersJobs


def render_rows[Row](
    renderer: RendersJobs, rows: Iterable[Row], make: Callable[[Row], Job], key_of: Callable[[Row], Hashable]
) -> Iterator[Rendered]:
    """The outcomes of the jobs that `make` makes of the rows, as they come; last of those it cannot make one of."""
    unmade: list[Rendered] = []

    def refuse(failed: Failed[Row]) -> None:
        unmade.append(Rendered(key_of(failed.row), None, failed.sentence))

    def jobs() -> Iterator[Job]:
        for row in rows:
            if job := alone(make, row, refuse, name=key_of):
                yield job

    return chain(renderer.render_many(jobs()), unmade)


def keep_each(keep: Callable[[Sequence[Rendered]], None], outcomes: Sequence[Rendered]) -> None:
    """Keep the outcomes in one transaction of `keep`; one that cannot be kept is kept as failed, with the sentence."""

    def kept(some: Sequence[Rendered]) -> Sequence[Rendered]:
        keep(some)
        return some

    def refuse(failed: Failed[Rendered]) -> Rendered:
        return kept([Rendered(failed.row.key, None, failed.sentence)])[0]

    each_alone(kept, outcomes, refuse, name=lambda each: each.key)
