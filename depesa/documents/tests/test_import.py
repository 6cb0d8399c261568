"""Importing sales documents: preview, confirm, nothing twice, nothing lost, on after a crash."""

import os
import time
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.db.models import Sum
from django.utils import timezone
from openpyxl import Workbook

from depesa.core.errors import StaleState
from depesa.customers.models import Customer
from depesa.documents.models import Books, Document
from depesa.documents.rules import TAKES_BACK, Type
from depesa.documents.services import sales
from depesa.history.models import Entry, Origin
from depesa.history.services import link_due, verify
from depesa.imports import services as imports
from depesa.imports.models import BatchState, ImportBatch
from depesa.imports.queries import earlier_import, find_profile, profile_names
from depesa.imports.rules import fields
from depesa.imports.rules.refusals import Unreadable
from depesa.imports.services import tidy_up
from tests.faults.database import FILE, copy, environment
from tests.faults.processes import Apart

JUNE = Path(__file__).parents[1] / "samples" / "online-retail-2011-06.csv.gz"
HEAD = "type,number,date,customer,customer name,e-mail,currency,net,vat rate,vat,gross\n"
HERE_ALREADY = (
    "This number is here already with other content (dated 2026-03-01, customer 7, net 100.00). "
    "Correct that document, or the number in the file."
)
TWO = HEAD + (
    "invoice,A-1,2026-03-01,7,Jonas,jonas@firm.example,EUR,100.00,21,21.00,121.00\n"
    "return,A-2,2026-03-02,7,Jonas,jonas@firm.example,EUR,-10.00,21,-2.10,-12.10\n"
)

pytestmark = pytest.mark.django_db


def upload(text, name="sales.csv", profile="", by=None):
    content = text if isinstance(text, bytes) else text.encode()
    return imports.receive([content[:50], content[50:]], name, profile=profile, by=by)


def take(text, by=None, **options):
    batch = upload(text, **options)
    sales.preview(batch)
    sales.confirm(batch, by=by)
    sales.import_documents(batch)
    return sales.Figures.of(batch)


def reasons(batch):
    return [(one.line, one.number, one.reason) for one in batch.refusals.order_by("line", "pk")]


def test_the_types_of_files_are_those_of_documents():
    assert set(fields.KINDS) == set(Type)
    assert fields.REVERSALS == TAKES_BACK


def test_june_2011_comes_in_to_the_penny_and_soon():
    started = time.process_time()  # of this process only: the machine may be busy with others
    figures = take(JUNE.read_bytes(), name=JUNE.name, profile="online-retail")
    assert time.process_time() - started < 8  # about 2 on an idle machine
    assert (figures.lines, figures.documents, figures.imported) == (36_874, 2_012, 1_707)
    assert (figures.refused, figures.refused_documents, figures.unchanged) == (305, 305, 0)
    assert (figures.customers, figures.customers_created) == (1_051, 1_051)
    assert figures.totals == {"GBP": "608013.16"}
    assert Document.objects.posted().count() == 1_707
    assert Document.objects.filter(type="return").count() == 314
    assert Document.objects.aggregate(net=Sum("signed_net"))["net"] == Decimal("608013.16")
    first = Document.objects.get(number="555156")
    assert first.lines[0] == {
        "code": "23299",
        "text": "FOOD COVER WITH BEADS SET 2",
        "quantity": "6",
        "price": "3.75",
        "vat_rate": "0",
        "net": "22.50",
    }
    assert (first.document_on, first.month, first.customer.email) == (date(2011, 6, 1), 201106, "15643@retail.example")
    assert (first.customer.name, first.customer.country, first.customer.language) == ("Customer 15643", "GB", "en")


def test_a_preview_adds_nothing_and_says_what_would_come(ben):
    batch = upload(TWO, by=ben)
    sales.preview(batch)
    figures = sales.Figures.of(batch)
    assert batch.state == BatchState.PREVIEWED
    assert (figures.lines, figures.documents, figures.new, figures.customers, figures.customers_created) == (
        2,
        2,
        2,
        1,
        1,
    )
    assert figures.totals == {"EUR": "90.00"}
    assert not Document.objects.exists()
    assert not Customer.objects.exists()


def test_documents_and_customers_come_in_unposted_by_the_plain_profile(ben):
    take(TWO, by=ben)
    invoice, back = Document.objects.order_by("number")
    assert (invoice.type, invoice.net, invoice.vat, invoice.gross) == ("invoice", 100, 21, 121)
    assert (back.type, back.net, back.signed_gross) == ("return", 10, Decimal("-12.10"))
    assert invoice.rates == [["21", "100.00", "21.00"]]
    assert invoice.posting == "not-posted"
    assert (invoice.customer.name, invoice.customer.email) == ("Jonas", "jonas@firm.example")
    entry = Entry.objects.get()
    assert (entry.origin, entry.actor, entry.after["imported"]) == (Origin.IMPORT, ben, 2)
    assert link_due() == verify().length > 0
    assert verify().is_whole


def test_input_90_the_same_file_twice_adds_nothing():
    take(TWO)
    again = upload(TWO, name="copy.csv")
    sales.preview(again)
    figures = sales.Figures.of(again)
    assert (figures.lines, figures.new, figures.unchanged, figures.refused) == (2, 0, 2, 0)
    assert earlier_import(again).file_name == "sales.csv"
    sales.confirm(again, by=None)
    sales.import_documents(again)
    assert sales.Figures.of(again).imported == 0
    assert Document.objects.count() == 2


def test_keys_that_look_alike_add_nothing():
    take(TWO)
    again = upload(TWO.replace("A-1", "A-1\u200b").replace("A-2,", "\ufeffA-2,").replace(",7,", ",\u20607\u00ad,"))
    sales.preview(again)
    figures = sales.Figures.of(again)
    assert (figures.new, figures.unchanged, figures.refused) == (0, 2, 0)
    assert Customer.objects.count() == 1


def test_the_same_documents_in_another_file_add_only_the_new_ones():
    take(TWO)
    figures = take(TWO + "invoice,A-3,2026-03-03,8,Ona,,EUR,1.00,21,0.21,1.21\n")
    assert (figures.imported, figures.unchanged, figures.customers_created) == (1, 2, 1)


def test_a_known_number_with_other_content_is_refused_and_nothing_overwritten():
    take(TWO)
    batch = upload(TWO.replace("100.00,21,21.00,121.00", "200.00,21,42.00,242.00"))
    sales.preview(batch)
    assert reasons(batch) == [
        (
            2,
            "A-1",
            HERE_ALREADY,
        )
    ]
    sales.confirm(batch, by=None)
    sales.import_documents(batch)
    assert len(reasons(batch)) == 1
    assert Document.objects.get(number="A-1").net == 100


def test_a_known_customer_keeps_the_card():
    Customer.objects.create(code="7", name="Jonas and sons", email="office@firm.example")
    figures = take(TWO)
    assert figures.customers_created == 0
    assert Customer.objects.get().name == "Jonas and sons"


def test_a_document_comes_in_whatever_the_address_of_its_new_customer():
    figures = take(TWO.replace("jonas@firm.example", "jonas@@firm.example"))
    assert (figures.refused_documents, figures.customers_created) == (0, 1)
    customer = Customer.objects.get()
    assert customer.email == "jonas@@firm.example"
    assert "@" in customer.email_fault


def test_input_89_bad_rows_are_listed_and_good_ones_wait():
    batch = upload(TWO + "invoice,A-3,31.02.2026,8,Ona,,EUR,1.00,21,0.21,1.21\nbroken,row\n")
    sales.preview(batch)
    assert reasons(batch) == [
        (4, "A-3", "date: “31.02.2026”: This day does not exist."),
        (5, "row", "Row 5: 2 columns instead of 11."),
    ]
    figures = sales.Figures.of(batch)
    assert (figures.new, figures.refused, figures.documents) == (2, 2, 4)
    assert not Document.objects.exists()


def test_what_was_confirmed_is_not_confirmed_twice():
    batch = upload(TWO)
    sales.preview(batch)
    sales.confirm(batch, by=None)
    with pytest.raises(StaleState):
        sales.confirm(batch, by=None)
    with pytest.raises(StaleState):
        imports.drop(batch)


def test_a_file_that_needs_a_choice_waits_with_its_reason_and_the_choice_is_kept():
    batch = upload("Nr,Datum,Sum,Who\n1,2026-03-01,10.00,7\n")
    sales.preview(batch)
    assert (batch.state, batch.is_working) == (BatchState.UPLOADED, False)
    assert batch.reason == "customer code: Choose its column, or a value for the whole file."
    assert sales.continue_due() == 0
    columns = {"number": "Nr", "date": "Datum", "gross": "Sum", "customer_code": "Who"}
    chosen = replace(
        batch.reading, name="till", columns=columns, constants={"currency": "EUR", "vat_rate": "0", "type": "invoice"}
    )
    imports.choose(batch, chosen)
    imports.save_profile(chosen)
    sales.preview(batch)
    assert batch.state == BatchState.PREVIEWED
    assert profile_names() == ["online-retail", "depesa", "till"]
    assert find_profile("till") == chosen
    with pytest.raises(Unreadable, match="There is no profile “tillx”"):
        find_profile("tillx")


def test_a_file_that_is_no_table_is_refused_and_dropped():
    batch = upload(b"%PDF-1.7")
    assert (batch.state, batch.is_working) == (BatchState.REFUSED, False)
    assert batch.reason.startswith("This is not a table.")
    imports.drop(batch)
    assert not Path(batch.path).exists()


def test_an_upload_over_the_limit_leaves_nothing(settings):
    settings.DEPESA_UPLOAD_LIMIT = 1024 * 1024
    with pytest.raises(Unreadable, match="2 MB is over the limit of 1 MB"):
        imports.receive([b"x" * 1024 * 1024] * 3, "big.csv")
    assert not list((settings.DEPESA_DATA_DIR / "imports").iterdir())
    assert not ImportBatch.objects.exists()


def test_the_worker_does_what_is_due_and_no_more():
    first, second = upload(TWO), upload(TWO.replace("A-", "B-"))
    assert sales.continue_due() == 2
    first.refresh_from_db()
    sales.confirm(first, by=None)
    assert sales.continue_due() == 1
    assert sales.continue_due() == 0
    second.refresh_from_db()
    assert second.state == BatchState.PREVIEWED
    assert Document.objects.count() == 2


def test_an_import_that_another_worker_holds_is_left_alone():
    batch = upload(TWO)
    assert imports.lease(batch, BatchState.UPLOADED)
    assert not imports.lease(ImportBatch.objects.get(), BatchState.UPLOADED)
    assert sales.continue_due() == 0
    ImportBatch.objects.update(held_by="elsewhere/1/2/3#1", held_until=timezone.now() + timedelta(minutes=1))
    assert sales.continue_due() == 0


def test_who_lost_the_lease_writes_nothing_more():
    batch = upload(TWO)
    assert imports.lease(batch, BatchState.UPLOADED)
    imports.choose(ImportBatch.objects.get(), batch.reading)
    with pytest.raises(StaleState):
        imports.keep(batch, progress=50)


def test_a_file_that_was_lost_is_said_to_be_gone():
    batch = upload(TWO)
    Path(batch.path).unlink()
    sales.preview(batch)
    assert batch.reason.startswith("The uploaded file is gone.")


def test_files_are_gone_when_the_documents_are_here(settings):
    take(TWO)
    assert not list((settings.DEPESA_DATA_DIR / "imports").iterdir())


def test_files_of_broken_uploads_are_tidied_up_after_a_day(settings):
    waiting = upload(TWO)
    sales.preview(waiting)
    broken, fresh = (settings.DEPESA_DATA_DIR / "imports" / name for name in ("broken", "fresh"))
    for path in (broken, fresh):
        path.touch()
    long_ago = time.time() - 2 * 24 * 3600
    for path in (broken, Path(waiting.path), Path(waiting.path + ".stage")):
        os.utime(path, (long_ago, long_ago))
    assert tidy_up() == 1
    assert not broken.exists()
    assert fresh.exists()
    sales.confirm(waiting, by=None)
    assert sales.continue_due() == 1
    assert Document.objects.count() == 2


def test_documents_are_not_posted_into_closed_books():
    Books.objects.create(pk=1, closed_until=date(2026, 3, 1))
    batch = upload(TWO)
    imports.choose(batch, replace(batch.reading, is_posted=True))
    sales.preview(batch)
    (refusal,) = reasons(batch)
    assert refusal == (2, "A-1", "date: The books are closed until 2026-03-01. Import without posting, or open them.")
    imports.choose(batch, replace(batch.reading, is_posted=False))
    sales.preview(batch)
    assert sales.Figures.of(batch).new == 2


def test_input_87_a_name_like_a_formula_is_a_name_and_comes_back_from_our_own_files(ben):
    take(TWO.replace("Jonas", '"=HYPERLINK(""http://e"",""x"")"'))
    assert Customer.objects.get().name == '=HYPERLINK("http://e","x")'
    take(TWO.replace("Jonas", "'@SUM").replace(",7,", ",8,").replace("A-", "B-"))
    assert Customer.objects.get(code="8").name == "@SUM"


BEGIN = """
import sys
from django.core.management import call_command
call_command("import_sales", sys.argv[1], "--yes", "--json")
"""
GO_ON = """
from depesa.documents.models import Document
from depesa.documents.services import sales
from depesa.imports.models import ImportBatch
before = Document.objects.count()
done = sales.continue_due()
batch = ImportBatch.objects.get()
print(before, done, Document.objects.count(), batch.figures["imported"], batch.refusals.count(), batch.state)
"""


@pytest.mark.slow
def test_a_killed_import_goes_on_where_it_stopped(migrated_file, tmp_path):
    copy(migrated_file, tmp_path / FILE)
    rows = (f"invoice,A-{n},2026-03-01,{n % 90},Jonas,,EUR,{n + 1}.00,0,0,{n + 1}.00\n" for n in range(1_800))
    (tmp_path / "sales.csv").write_text(HEAD + "".join(rows) + "invoice,B,2026-03-01,,,,EUR,1.00,0,0,1.00\n")
    home = environment(tmp_path, f"sqlite:///{tmp_path / FILE}")

    def run(script, **more):
        return Apart(home | more, script, str(tmp_path / "sales.csv")).ended()

    killed = run(BEGIN, DEPESA_KILL_AT="after-import-chunk:2")
    assert (killed.returncode, killed.stdout) == (-9, "")
    assert run(GO_ON).stdout.split() == ["1000", "1", "1800", "1800", "1", "done"]


def test_a_workbook_comes_in_like_a_file_of_text(tmp_path):
    book = Workbook()
    book.active.append(["Number", "Date", "Customer ID", "Currency", "Unit price", "Quantity", "VAT rate"])
    book.active.append([1001, datetime(2026, 3, 1), 7, "EUR", 0.1, 3, 21])
    book.active.append([1001, datetime(2026, 3, 1), 7, "EUR", 2.5, 1, 21])
    book.save(tmp_path / "sales.xlsx")
    figures = take((tmp_path / "sales.xlsx").read_bytes(), name="sales.xlsx")
    assert (figures.imported, figures.refused) == (1, 0)
    document = Document.objects.get()
    assert (document.number, document.customer.code, document.net) == ("1001", "7", Decimal("2.80"))
    head = "Number,Date,Customer ID,Currency,Unit price,Quantity,VAT rate\n"
    again = take(head + "1001,2026-03-01,7,EUR,0.10,3,21\n1001,2026-03-01,7,EUR,2.50,1,21\n")
    assert (again.imported, again.unchanged) == (0, 1)
