"""One phase of the run in a process of its own, so that its CPU time and memory are its own.

`python -m tests.bench.phase seed|form|render|seal|deliver|prepare|note|render letters|write` prints one JSON object:
seconds, CPU seconds of this process and its children, peak memory of each in MiB.
"""

import json
import os
import resource
import sys
import time

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "depesa.config.settings")

import django

django.setup()

from django.conf import settings
from django.db import connection
from tests.bench import changes
from tests.bench.seed import MONTH, seed

from depesa.core.models import columns_of
from depesa.pdf import Renderer
from depesa.outbox.models import Channel
from depesa.outbox.services import deliver_due
from depesa.statements.models import Statement
from depesa.statements.services import form, post_sending, render_due


def _cpu(who: int) -> float:
    used = resource.getrusage(who)
    return used.ru_utime + used.ru_stime


def _render() -> None:
    with Renderer(settings.DEPESA_RENDERERS) as renderer:
        while render_due(renderer):
            pass


def _seal() -> None:
    ready = Statement.objects.filter(**columns_of(MONTH, "run__"), state="ready", operation__posting="not-posted")
    post_sending(list(ready.values_list("operation", flat=True)), None)


def _deliver() -> None:
    while deliver_due():
        pass


PHASES = {
    "form": lambda: form(MONTH, by=None),
    "render": _render,
    "seal": _seal,
    "deliver": _deliver,
    "note": changes.note_all,
    "render letters": changes.render_all,
    "write": changes.write_all,
}


def main() -> None:
    name = sys.argv[1]
    if name == "seed":
        Channel.objects.update(max_connections=int(os.environ.get("DEPESA_BENCH_CONNECTIONS", "32")))
        seed(customers=int(sys.argv[2]), documents=int(sys.argv[3]))
        return
    if name == "prepare":
        changes.prepare(int(sys.argv[2]))
        return
    began, own, children = time.perf_counter(), _cpu(resource.RUSAGE_SELF), _cpu(resource.RUSAGE_CHILDREN)
    PHASES[name]()
    figures = {
        "seconds": time.perf_counter() - began,
        "cpu": _cpu(resource.RUSAGE_SELF) - own + _cpu(resource.RUSAGE_CHILDREN) - children,
        "peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "child_peak_mib": resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024,
        "statements": Statement.objects.count(),
        "database": connection.vendor,
    }
    sys.stdout.write(json.dumps(figures) + "\n")


if __name__ == "__main__":
    main()
