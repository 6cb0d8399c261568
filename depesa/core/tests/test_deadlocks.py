"""What the database takes back for somebody else's sake is done once more, whole; then a sentence says so."""

import datetime as dt
import json
import sys
import threading
from contextlib import nullcontext
from decimal import Decimal
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError, connection, transaction
from django.urls import reverse
from PIL import Image

from depesa.api.models import IdempotencyKey, Scope
from depesa.api.services import make_token
from depesa.catalog.models import Category
from depesa.catalog.services import create, ensure_default_list
from depesa.config.cli import main
from depesa.config.schedule import Entry
from depesa.core.batches import each_alone
from depesa.core.deadlocks import TRIES, Occupied, is_occupied, undeterred
from depesa.staff.models import User
from tests.faults.database import POSTGRESQL

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not POSTGRESQL, reason="SQLite has one writer"),
]


@pytest.fixture
def taken_back():
    """Lets the database take back the first so many writings of this kind into a table; `tries` says how many were."""
    made = []

    def make_so(table, times, *, event="INSERT OR UPDATE", state="40P01"):
        body = f"IF nextval('tries') <= {times} THEN RAISE 'taken back' USING ERRCODE = '{state}'; END IF; RETURN NEW;"
        made.append(f"DROP TRIGGER taken_back ON {table}; DROP FUNCTION take_back(); DROP SEQUENCE tries")
        _execute(
            "CREATE SEQUENCE tries",  # it goes on where a transaction is taken back
            f"CREATE FUNCTION take_back() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body} END $$",
            f"CREATE TRIGGER taken_back BEFORE {event} ON {table} FOR EACH ROW EXECUTE FUNCTION take_back()",
        )

    yield make_so
    _execute(*made)


def _execute(*statements):
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def tries():
    with connection.cursor() as cursor:
        cursor.execute("SELECT last_value FROM tries")
        return cursor.fetchone()[0]


def move(position):
    with transaction.atomic():
        Category.objects.update(position=position)
    return 1


@pytest.fixture
def category():
    return Category.objects.create(code="tools", names={"en": "Tools"})


@pytest.mark.parametrize("state", ["40P01", "40001"])
def test_a_deadlock_and_a_failed_serialisation_are_tried_again(category, taken_back, state):
    taken_back("catalog_category", TRIES - 1, state=state)
    assert undeterred(move)(7) == 1
    category.refresh_from_db()
    assert (category.position, tries()) == (7, TRIES)


def test_who_is_taken_back_each_time_is_told_in_the_end(category, taken_back):
    taken_back("catalog_category", 99)
    with pytest.raises(OperationalError) as caught:
        undeterred(move)(7)
    assert is_occupied(caught.value)
    assert tries() == TRIES


@pytest.mark.parametrize("stays", ["committed", "written outside a transaction"])
def test_what_has_stayed_is_not_done_twice(category, taken_back, stays):
    done = []

    def act():
        done.append(stays)
        if stays == "committed":
            with transaction.atomic():
                Category.objects.create(code=f"c{len(done)}", names={})
        else:
            Category.objects.create(code=f"c{len(done)}", names={})
        move(7)

    taken_back("catalog_category", 99, event="UPDATE")
    with pytest.raises(OperationalError):
        undeterred(act)()
    assert len(done) == 1


def test_what_a_rolled_back_part_wrote_does_not_count_as_stayed(category, taken_back):
    def act():
        with transaction.atomic():
            with transaction.atomic():
                User.objects.update(name="")
                transaction.set_rollback(True)
            move(7)

    taken_back("catalog_category", 1)
    undeterred(act)()
    assert tries() == 2


def test_a_part_of_a_transaction_is_not_tried_alone(category, taken_back):
    taken_back("catalog_category", 1)
    with pytest.raises(OperationalError), transaction.atomic():
        undeterred(move)(7)
    assert tries() == 1


def test_two_who_wait_for_each_other_are_both_done(category):
    other = Category.objects.create(code="toys", names={"en": "Toys"})
    both, done = threading.Barrier(2), []

    def lock(first, second):
        begun = []

        def act():
            begun.append(first)
            with transaction.atomic():
                Category.objects.filter(pk=first).update(position=1)
                if len(begun) == 1:
                    both.wait(30)
                Category.objects.filter(pk=second).update(position=2)

        undeterred(act)()
        done.append(len(begun))
        connection.close()

    ways = [(category.pk, other.pk), (other.pk, category.pk)]
    threads = [threading.Thread(target=lock, args=way) for way in ways]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(done) == [1, 2]


def test_rows_of_a_batch_are_none_the_worse_for_it(category, taken_back):
    taken_back("catalog_category", 2)
    assert each_alone(lambda rows: [move(row) for row in rows], [7], lambda failed: failed.sentence) == [1]


def test_a_page_begins_anew_with_its_uploaded_files(client, ada, taken_back):
    client.force_login(ada)
    ensure_default_list()
    product = create({"code": "H1", "names": {"en": "Hammer"}, "price": Decimal(5)}, by=ada)
    drawn = BytesIO()
    Image.new("RGB", (4, 4), "red").save(drawn, "PNG")
    picture = SimpleUploadedFile("red.png", drawn.getvalue(), "image/png")
    typed = {"code": "H1", "names_en": "Hammer", "price": "4.95", "vat_rate": "21", "position": "0", "version": "1"}
    taken_back("catalog_product", 1)
    answer = client.post(reverse("catalog:edit", args=[product.pk]), {**typed, "new_image": picture})
    assert answer.status_code == 302, answer.text
    assert client.get(reverse("catalog:picture", args=[product.pk])).status_code == 200
    assert tries() > 1


def test_a_page_that_is_taken_back_each_time_says_so(client, ada, taken_back):
    client.force_login(ada)
    taken_back("catalog_category", 99)
    answer = client.post(reverse("catalog:new_category"), {"code": "toys", "names_en": "Toys", "position": "0"})
    assert answer.status_code == 409
    assert str(Occupied()) in answer.text
    assert not Category.objects.exists()


def test_a_request_of_a_program_begins_anew_and_is_told_in_the_end(client, ada, company, taken_back):
    _token, text = make_token("shop", by=ada, scopes=Scope.values)

    def enter(key):
        return client.post(
            "/api/v1/customers",
            json.dumps({"name": "Rasa", "email": "rasa@sink.example"}),
            content_type="application/json",
            headers={"Authorization": f"Bearer {text}", "Idempotency-Key": key},
        )

    taken_back("customers_customer", TRIES + 1)
    refused = enter("one")
    assert (refused.status_code, refused.json()["errors"][0]["message"]) == (409, str(Occupied()))
    assert enter("two").status_code == 201
    assert IdempotencyKey.objects.count() == 1


def test_a_verb_of_the_schedule_begins_anew(category, taken_back):
    taken_back("catalog_category", 1)
    assert Entry("move", lambda: move(7), dt.timedelta(seconds=1)).run() == 1


@pytest.mark.parametrize(("times", "left"), [(1, ["rasa"]), (99, [])])
def test_a_command_begins_anew_and_says_so_in_the_end(taken_back, monkeypatch, capsys, times, left):
    monkeypatch.setattr(sys, "argv", ["depesa", "users", "add", "rasa", "--generate"])
    taken_back("staff_user", times)
    with nullcontext() if left else pytest.raises(SystemExit, match="Somebody else is working"):
        main()
    assert list(User.objects.values_list("username", flat=True)) == left
