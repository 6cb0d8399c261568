"""Pages of imports: upload, look, choose, confirm, watch."""

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import UnreadablePostError
from django.test import Client
from django.urls import reverse

from depesa.documents.models import Document
from depesa.documents.services import sales
from depesa.imports.models import BatchState, ImportBatch, Profile

HEAD = "number,date,customer,customer name,currency,net,vat rate\n"
GOOD = HEAD + "A-1,2026-03-01,7,Jonas,EUR,1000.00,21\nA-2,2026-03-01,7,Jonas,EUR,-10.00,21\n"
BAD = GOOD + "A-3,2026-02-31,8,Ona,EUR,1.00,21\n"

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client, ben, company):
    client.force_login(ben)
    return client


def send(client, *texts, **fields):
    files = [
        SimpleUploadedFile(f"sales{number}.csv", text if isinstance(text, bytes) else text.encode())
        for number, text in enumerate(texts)
    ]
    return client.post(reverse("documents:import_upload"), {"uploads": files, **fields})


def look(client, batch):
    return client.get(reverse("documents:import", args=[batch.pk])).content.decode()


def act(client, name, batch, data=None):
    return client.post(reverse(f"documents:import_{name}", args=[batch.pk]), data or {})


def choices(page):
    """What the mapping form of a page holds, as a browser would send it."""
    form = page.context["form"]
    found = {bound.html_name: bound.initial for bound in form if bound.initial not in (None, False, "")}
    return {name: "on" if value is True else value for name, value in found.items()}


def test_a_file_is_uploaded_seen_and_confirmed(desk, ben):
    answer = send(desk, BAD)
    batch = ImportBatch.objects.get()
    assert (answer.status_code, answer.url) == (302, reverse("documents:import", args=[batch.pk]))
    assert (batch.state, batch.created_by) == (BatchState.PREVIEWED, ben)
    page = look(desk, batch)
    assert "Import 2 documents of 1 customer" in page
    assert "1 refused document stays out." in page
    assert "Date: “2026-02-31”: This day does not exist." in page
    assert "990.00 EUR" in page
    assert not Document.objects.exists()
    act(desk, "confirmation", batch)
    batch.refresh_from_db()
    assert (batch.state, batch.confirmed_by, Document.objects.count()) == (BatchState.DONE, ben, 2)
    assert "Import 2 documents" not in look(desk, batch)


def test_the_uploaded_file_lies_beside_the_database_and_nowhere_else(desk, settings):
    send(desk, GOOD)
    batch = ImportBatch.objects.get()
    assert batch.path.startswith(str(settings.DEPESA_DATA_DIR / "imports"))
    assert batch.size == len(GOOD)


def test_several_files_come_in_at_once(desk):
    answer = send(desk, GOOD, GOOD.replace("A-", "B-"))
    assert answer.url == reverse("documents:imports")
    page = desk.get(answer.url).content.decode()
    assert "sales0.csv" in page
    assert "sales1.csv" in page


def test_input_90_the_second_time_the_page_says_so(desk):
    for _ in range(2):
        send(desk, GOOD)
        batch = ImportBatch.objects.latest("pk")
        page = look(desk, batch)
        act(desk, "confirmation", batch)
    assert "rows, 0 new." in page
    assert "Already imported on" in page
    assert Document.objects.count() == 2


def test_columns_are_chosen_where_the_file_does_not_say_them(desk):
    send(desk, "Nr,Datum,Sum,Who\n1,2026-03-01,10.00,7\n")
    batch = ImportBatch.objects.get()
    page = desk.get(reverse("documents:import", args=[batch.pk]))
    assert "Customer code: Choose its column, or a value for the whole file." in page.content.decode()
    chosen = choices(page) | {
        "column_gross": "Sum",
        "column_customer_code": "Who",
        "constant_currency": "EUR",
        "constant_vat_rate": "0",
        "name": "till",
    }
    assert act(desk, "mapping", batch, chosen).status_code == 302
    batch.refresh_from_db()
    assert (batch.state, batch.profile) == (BatchState.PREVIEWED, "till")
    assert Profile.objects.get().name == "till"
    assert "Import 1 document of 1 customer" in look(desk, batch)
    send(desk, "Nr,Datum,Sum,Who\n2,2026-03-01,10.00,7\n", profile="till")
    assert ImportBatch.objects.latest("pk").state == BatchState.PREVIEWED


def test_a_separator_or_an_encoding_that_was_not_found_can_be_chosen(desk):
    send(desk, "One column\nand nothing else\n")
    batch = ImportBatch.objects.get()
    page = desk.get(reverse("documents:import", args=[batch.pk]))
    assert "no separator was found" in page.content.decode()
    answer = desk.post(
        reverse("documents:import_mapping", args=[batch.pk]), choices(page) | {"separator": ";"}, follow=True
    )
    assert "no separator was found" in answer.content.decode()
    send(desk, GOOD.replace("Jonas", "Žąsis").encode("cp1257"))
    other = ImportBatch.objects.latest("pk")
    page = desk.get(reverse("documents:import", args=[other.pk]))
    act(desk, "mapping", other, choices(page) | {"encoding": "cp1250", "separator": ","})
    other.refresh_from_db()
    assert (other.state, other.shape["encoding"]) == (BatchState.PREVIEWED, "cp1250")


def test_a_name_of_ours_cannot_be_taken_and_nothing_chosen_is_lost(desk):
    send(desk, GOOD)
    batch = ImportBatch.objects.get()
    page = desk.get(reverse("documents:import", args=[batch.pk]))
    answer = act(desk, "mapping", batch, choices(page) | {"name": "depesa", "constant_language": "lt"})
    assert answer.status_code == 422
    assert "This name belongs to a built-in profile." in answer.content.decode()
    assert answer.context["form"]["constant_language"].value() == "lt"


def test_a_big_file_is_left_to_the_worker_and_watched(desk, monkeypatch):
    monkeypatch.setattr(sales, "SMALL", 10)
    send(desk, GOOD)
    batch = ImportBatch.objects.get()
    assert batch.state == BatchState.UPLOADED
    assert reverse("documents:import_progress", args=[batch.pk]) in look(desk, batch)
    watched = desk.get(reverse("documents:import_progress", args=[batch.pk]))
    assert "HX-Refresh" not in watched.headers
    sales.continue_due()
    assert desk.get(reverse("documents:import_progress", args=[batch.pk])).headers["HX-Refresh"] == "true"
    act(desk, "confirmation", batch)
    assert not Document.objects.exists()
    sales.continue_due()
    assert Document.objects.count() == 2


def test_what_is_no_table_is_said_and_can_be_dropped(desk):
    send(desk, b"%PDF-1.7")
    batch = ImportBatch.objects.get()
    assert "This is not a table." in look(desk, batch)
    assert act(desk, "removal", batch).status_code == 302
    batch.refresh_from_db()
    assert batch.state == BatchState.DROPPED


def test_a_file_over_the_limit_and_no_file_are_said_at_the_field(desk, settings):
    settings.DEPESA_UPLOAD_LIMIT = 1024 * 1024
    answer = send(desk, b"x" * (2 * 1024 * 1024))
    assert answer.status_code == 422
    assert "2 MB is over the limit of 1 MB." in answer.content.decode()
    assert "Choose a CSV or XLSX file." in send(desk).content.decode()
    assert not list((settings.DEPESA_DATA_DIR / "imports").iterdir())


def test_all_reasons_stand_on_a_page_of_their_own_and_go_to_a_file(desk):
    send(desk, HEAD + "".join(f"A-{n},2026-02-31,7,J,EUR,1.00,21\n" for n in range(30)))
    batch = ImportBatch.objects.get()
    url = reverse("documents:import_refusals", args=[batch.pk])
    assert desk.get(url).content.decode().count("This day does not exist.") == 30
    assert b"".join(desk.get(url + "?file=csv").streaming_content).count(b"A-") == 30


def test_who_may_what(client, cleo, dan, ben, company):
    client.force_login(ben)
    send(client, GOOD)
    batch = ImportBatch.objects.get()
    client.force_login(cleo)
    assert client.get(reverse("documents:import", args=[batch.pk])).status_code == 200
    assert send(client, GOOD).status_code == 403
    assert act(client, "confirmation", batch).status_code == 403
    client.force_login(dan)
    assert client.get(reverse("documents:imports")).status_code == 403


def test_an_upload_without_the_token_is_refused(ben, company):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(ben)
    assert send(strict, GOOD).status_code == 403
    assert not ImportBatch.objects.exists()


def test_confirming_twice_is_said_and_doubles_nothing(desk):
    send(desk, GOOD)
    batch = ImportBatch.objects.get()
    act(desk, "confirmation", batch)
    answer = desk.post(reverse("documents:import_confirmation", args=[batch.pk]), follow=True)
    assert "Somebody else was faster" in answer.content.decode()
    assert Document.objects.count() == 2


def lying(settings):
    folder = settings.DEPESA_DATA_DIR / "imports"
    return list(folder.iterdir()) if folder.exists() else []


@pytest.fixture
def strict(desk):
    """Ben at a browser whose token counts."""
    client = Client(enforce_csrf_checks=True)
    client.cookies = desk.cookies
    return client


def parted(*files, end=b"--X--\r\n"):
    """A body with these files as (field, content)."""
    head = 'Content-Disposition: form-data; name="{}"; filename="a.csv"'
    parts = [f"--X\r\n{head.format(name)}\r\n\r\n{text}\r\n".encode() for name, text in files]
    return b"".join([*parts, end])


def put(client, body, **more):
    how = {"content_type": "multipart/form-data; boundary=X", **more}
    return client.generic("POST", reverse("documents:import_upload"), body, **how)


def test_a_file_without_a_token_leaves_nothing(strict, settings):
    assert put(strict, parted(("uploads", GOOD))).status_code == 403
    assert lying(settings) == []


def test_files_in_other_fields_leave_nothing(desk, settings):
    assert put(desk, parted(("other", GOOD), ("file", GOOD))).status_code == 422
    assert lying(settings) == []


def test_a_connection_that_breaks_leaves_nothing(desk, settings, monkeypatch):
    class Broken(BytesIO):
        def read(self, *size):
            if got := super().read(*size):
                return got
            raise OSError("reset")

    body = parted(("uploads", GOOD), ("uploads", GOOD), end=b"")
    monkeypatch.setattr("django.test.client.FakePayload", Broken)
    with pytest.raises(UnreadablePostError):
        put(desk, body, CONTENT_LENGTH=str(len(body) + 10_000))
    assert lying(settings) == []


def test_a_fault_on_the_way_leaves_nothing(desk, settings, monkeypatch):
    def full(*_asked, **_how):
        raise OSError("disk full")

    monkeypatch.setattr(ImportBatch.objects, "create", full)
    with pytest.raises(OSError, match="disk full"):
        send(desk, GOOD)
    assert lying(settings) == []


def test_too_large_or_too_many_files_leave_nothing_and_are_told(desk, settings):
    settings.DEPESA_UPLOAD_LIMIT = 100
    assert "limit" in send(desk, GOOD, "a,b\n").text
    assert lying(settings) == []
    answer = send(desk, *["a,b\n"] * 21)
    assert (answer.status_code, "Upload at most 20 files at once." in answer.text) == (422, True)
    assert lying(settings) == []


def test_who_may_not_leaves_nothing(client, cleo, company, settings):
    client.force_login(cleo)
    assert send(client, GOOD).status_code == 403
    assert lying(settings) == []
