"""At scale: the same schedule as Celery tasks. A task carries nothing; the rows say what is due.

celery -A depesa.config.celery worker --beat
"""

import os

import django
from celery import Celery
from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "depesa.config.settings")
django.setup()

from depesa.config.schedule import SCHEDULE, Entry  # noqa: E402  Celery loads this module before Django is set up

app = Celery("depesa", broker=settings.DEPESA_CELERY_BROKER)
app.conf.update(
    task_ignore_result=True,
    task_acks_late=False,  # a lost task costs a second, a repeated one finds nothing due
    worker_prefetch_multiplier=1,
    broker_connection_retry_on_startup=True,
    beat_schedule={
        entry.name: {"task": f"depesa.{entry.name}", "schedule": entry.every, "options": {"expires": 60}}
        for entry in SCHEDULE
    },
)


def _add(entry: Entry) -> None:
    def run() -> int:  # a function of its own: of a bound method Celery would ask for the argument "self"
        return entry.run()

    app.task(name=f"depesa.{entry.name}")(run)


for _entry in SCHEDULE:
    _add(_entry)
