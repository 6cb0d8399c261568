"""Contents of files are kept once, as long as anything names them."""

import datetime as dt
import tempfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import RequestFactory
from django.urls import reverse

from depesa.company.services import save
from depesa.core import blobs
from depesa.core.models import Blob
from depesa.customers.models import Customer
from depesa.documents.models import Paper
from depesa.files.uploads import MOST_AT_ONCE

pytestmark = pytest.mark.django_db
LONG_AGO = dt.timedelta(days=2)


def test_what_nothing_names_is_forgotten_after_a_day(clock):
    named = Paper.objects.create(customer=Customer.objects.create(name="Ada"), blob=blobs.keep(b"named"), name="x")
    blobs.keep(b"left over")
    assert blobs.forget_unused() == 0
    clock.shift(LONG_AGO)
    blobs.keep(b"fresh")
    assert blobs.forget_unused() == 1
    assert {bytes(one.content) for one in Blob.objects.all()} == {b"named", b"fresh"}
    named.delete()
    assert blobs.forget_unused() == 1


def test_what_is_wanted_again_is_as_if_it_were_new(clock):
    kept = blobs.keep(b"again")
    clock.shift(LONG_AGO)
    assert blobs.keep(b"again").pk == kept.pk
    assert blobs.forget_unused() == 0
    clock.shift(LONG_AGO)
    assert blobs.forget_unused() == 1
    assert blobs.keep(b"again").pk != kept.pk


def test_a_former_logo_stays_for_the_sheets_that_name_it(company, ada, clock):
    save({}, by=ada, logo=b"a picture")
    save({}, by=ada, is_logo_dropped=True)
    clock.shift(LONG_AGO)
    assert blobs.forget_unused() == 0


def test_every_table_that_names_contents_counts(django_assert_num_queries):
    """A new table with a key to the contents is found by itself."""
    naming = [field for field in Blob._meta.get_fields(include_hidden=True) if field.one_to_many]
    assert len(naming) >= 7
    with django_assert_num_queries(3) as asked:
        blobs.forget_unused()
    question = asked.captured_queries[0]["sql"]
    assert all(relation.related_model._meta.db_table in question for relation in naming)


@pytest.mark.parametrize("size", [10, MOST_AT_ONCE + 1])
@pytest.mark.parametrize("name", ["company:company", "catalog:new", "account_login"])
def test_what_is_refused_leaves_nothing_at_every_door(client, ada, company, name, size, tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    client.force_login(ada)
    answer = client.post(reverse(name), {"new_logo": SimpleUploadedFile("x.png", bytes(size))})
    assert answer.status_code == (400 if size > MOST_AT_ONCE else answer.status_code)
    assert list(tmp_path.iterdir()) == []
    assert not Blob.objects.exists()


def test_a_large_file_comes_in_whole(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    content = bytes(range(256)) * 20_000
    request = RequestFactory().post("/", {"file": SimpleUploadedFile("x.pdf", content, "application/pdf"), "a": "b"})
    [kept] = request.FILES.values()
    assert (kept.name, kept.size, kept.content_type) == ("x.pdf", len(content), "application/pdf")
    assert list(tmp_path.iterdir()) == []  # it has no name, so that no crash leaves it there
    assert b"".join(kept.chunks()) == content
    kept.close()
