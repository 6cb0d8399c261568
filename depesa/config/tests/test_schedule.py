"""What the worker does by itself."""

import datetime as dt

import pytest
from django.utils import translation

from depesa.company.models import Company
from depesa.config.schedule import Entry


@pytest.mark.django_db
def test_sentences_that_are_stored_by_the_worker_are_in_the_companys_language():
    Company.objects.update_or_create(pk=1, defaults={"name": "Šroub & matka, s.r.o.", "language": "cs"})
    spoken = []
    Entry("speak", lambda: spoken.append(translation.get_language()) or 0, dt.timedelta(seconds=1)).run()
    assert (spoken, translation.get_language()) == (["cs"], "en")
