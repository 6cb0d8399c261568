"""Sending statements by posting their operations."""

import datetime as dt
import email.policy
from email import message_from_bytes

import pytest
from django.utils import timezone

from depesa.company.models import Company
from depesa.core import blobs
from depesa.core.errors import Refused
from depesa.core.periods import Period
from depesa.customers.models import Customer
from depesa.emails.models import SystemEmail, SystemEmailFile, SystemEmailText
from depesa.mail.letter import read_letter
from depesa.operations.models import Operation
from depesa.operations.services import (
    attach_file,
    attach_link,
    detach,
    edit,
    post,
    post_due,
    postings,
    requests,
    withdraw,
)
from depesa.operations.services.requests import ask
from depesa.outbox.mime import unseal
from depesa.outbox.models import Channel, Delivery, Message, SenderAddress, State
from depesa.outbox.queries import sealed_bytes
from depesa.outbox.services.decisions import try_again
from depesa.statements.models import Statement
from depesa.statements.queries import may_leave
from depesa.statements.services import dispatch as verbs
from depesa.statements.services import follow_letters, re_form, send_again
from depesa.statements.services.formation import form
from depesa.statements.services.pdfs import render_due
from depesa.statements.tests.conftest import Refusing, make_customer, sell

JUNE = Period.month(2011, 6)


def sending():
    return Operation.objects.filter(task__code="send-statement", removed_at=None).order_by("id")


@pytest.fixture
def ready(renderer):
    """Sell to the customers, form and render; the sending operations."""

    def make_ready(*customers):
        for customer in customers:
            sell(customer)
        form(JUNE, by=None)
        render_due(renderer)
        return list(sending())

    return make_ready


def change(operation, by, **changes):
    return edit(operation, changes, by=by, version=Operation.objects.get(pk=operation.pk).version)


def test_one_bad_address_of_five(company, ada, ready):
    operations = ready(*(make_customer(f"C-{number}") for number in range(5)))
    change(operations[2], ada, addresses="c-2@shop..example")
    report = post([row.pk for row in operations], by=ada)
    assert report.posted == 4
    [(refused, reason)] = report.refused
    assert refused == operations[2].pk
    assert "Two dots" in reason
    operations[2].refresh_from_db()
    assert (operations[2].posting, operations[2].refusal) == ("not-posted", reason)
    assert Message.objects.count() == 4
    change(operations[2], ada, addresses="c-2@shop.example")
    again = post([row.pk for row in operations], by=ada)
    assert again.posted == 1
    assert Message.objects.count() == Delivery.objects.count() == 5


def test_a_new_address_on_the_card_changes_nothing(novak, ada, ready):
    [operation] = ready(novak)
    Customer.objects.update(email="new@novak.example")
    assert post([operation.pk], by=ada).posted == 1
    assert Delivery.objects.get().recipient == "novak@shop.example"


def test_edited_address_and_text_are_what_leaves(novak, ada, ready):
    [operation] = ready(novak)
    change(
        operation,
        ada,
        addresses="Boss@Novak.example; book@novak.example, boss@novak.example",
        subject="Hello",
        letter_text="Our own words.",
    )
    attach_file(operation, file_name="prices.txt", content=b"cheap", by=ada)
    attach_link(operation, name="Prices", link="https://shop.example/prices", by=ada)
    assert post([operation.pk], by=ada).posted == 1
    message = Message.objects.get()
    assert sorted(Delivery.objects.values_list("recipient", flat=True)) == ["Boss@novak.example", "book@novak.example"]
    assert (message.subject, message.first_line, message.customer) == ("Hello", "Our own words.", novak)
    assert list(message.enclosures.values_list("name", flat=True)) == ["Seznam-dokladu-2011-06-NOVAK.pdf", "prices.txt"]
    operation.refresh_from_db()
    assert (operation.posting, operation.posted_by, operation.message) == ("posted", ada, message)


def test_a_posted_operation_is_not_posted_twice(novak, ada, ready):
    [operation] = ready(novak)
    assert post([operation.pk], by=ada).posted == 1
    assert post([operation.pk], by=ada).refused == ((operation.pk, "Ada has posted it already."),)
    change(operation, ada, letter_text="More words")
    assert "Its letter has left already" in post([operation.pk], by=ada).refused[0][1]
    assert Message.objects.count() == 1


def test_an_operation_changed_between_reading_and_posting_waits(novak, ada, monkeypatch, ready):
    [operation] = ready(novak)

    def meanwhile(letters):
        monkeypatch.undo()
        assert post([operation.pk], by=ada).posted == 1
        return verbs.prepare(letters)

    monkeypatch.setattr(verbs, "prepare", meanwhile)
    report = post([operation.pk], by=ada)
    assert report.posted == 0
    assert "at the same moment" in report.refused[0][1]
    assert Message.objects.count() == 1


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [({"addresses": " "}, "no e-mail address"), ({"subject": ""}, "subject"), ({"letter_text": ""}, "letter text")],
)
def test_what_is_missing_is_said(novak, ada, fields, sentence, ready):
    [operation] = ready(novak)
    change(operation, ada, **fields)
    assert sentence in post([operation.pk], by=ada).refused[0][1]


def test_without_pdf_nothing_leaves(novak, ada):
    sell(novak)
    form(JUNE, by=None)
    [operation] = sending()
    assert "not ready yet" in post([operation.pk], by=ada).refused[0][1]
    render_due(Refusing(operation.statement.pk))
    assert "a loop" in post([operation.pk], by=ada).refused[0][1]
    assert not Message.objects.exists()


def test_a_reader_may_not_send(novak, cleo, ready):
    [operation] = ready(novak)
    assert "may not" in post([operation.pk], by=cleo).refused[0][1]


def test_a_letter_that_reached_nobody_can_be_posted_again(novak, ada, ready):
    [operation] = ready(novak)
    change(operation, ada, addresses="a@x.example;b@x.example")
    post([operation.pk], by=ada)
    Delivery.objects.filter(recipient="a@x.example").update(state=State.REJECTED, reason="550 no such user")
    assert follow_letters() == 0
    Delivery.objects.update(state=State.REJECTED, reason="550 no such user")
    assert follow_letters() == 1
    assert follow_letters() == 0
    operation.refresh_from_db()
    assert operation.posting == "not-posted"
    assert "a@x.example: refused, 550 no such user" in operation.refusal
    assert post([operation.pk], by=ada).posted == 1
    assert sorted(Message.objects.values_list("dedupe_key", flat=True)) == [
        f"v1:stmt:201106:{novak.pk}:r1:0",
        f"v1:stmt:201106:{novak.pk}:r1:1",
    ]


def test_sending_again_is_an_explicit_act_with_a_reason(novak, ada, ready):
    [operation] = ready(novak)
    with pytest.raises(Refused, match="No letter has left"):
        send_again(operation, reason="lost", by=ada)
    post([operation.pk], by=ada)
    first = Message.objects.get()
    with pytest.raises(Refused, match="why"):
        send_again(operation, reason=" ", by=ada)
    second = send_again(operation, reason="the customer lost it", by=ada)
    assert (second.resend_of_id, second.dedupe_key[-2:]) == (first.pk, ":1")
    operation.refresh_from_db()
    assert (operation.posting, operation.message_id) == ("posted", second.pk)


@pytest.fixture
def posted(novak, ada, ready):
    """An operation whose letter has left."""
    [operation] = ready(novak)
    assert post([operation.pk], by=ada).posted == 1
    operation.refresh_from_db()
    return operation


def refuse(message):
    message.deliveries.update(state=State.REJECTED, reason="550 no such user")
    follow_letters()


def test_a_letter_that_arrived_counts_whatever_becomes_of_a_later_one(posted, novak, ada):
    posted.message.deliveries.update(state=State.ACCEPTED, permit_seq=1, accepted_at=timezone.now())
    for _copy in range(2):
        refuse(send_again(posted, reason="a copy for the bookkeeper", by=ada))
        posted.refresh_from_db()
        assert (posted.posting, posted.refusal) == ("posted", "")
    assert may_leave(Operation.objects.filter(pk=posted.pk)).count() == 0
    sell(novak)
    assert re_form(posted.statement, by=ada).revision == 2


def test_a_refused_letter_that_is_tried_again_makes_its_operation_posted(posted, ada):
    refuse(posted.message)
    posted.refresh_from_db()
    assert posted.posting == "not-posted"
    try_again(posted.message.deliveries.get(), reason="the address works now", by=ada)
    assert (follow_letters(), follow_letters()) == (1, 0)
    posted.refresh_from_db()
    assert (posted.posting, posted.refusal) == ("posted", "")
    assert "already" in post([posted.pk], by=ada).refused[0][1]
    assert send_again(posted, reason="lost", by=ada).resend_of == posted.message


def test_of_what_was_edited_meanwhile_the_tried_letter_is_not_the_last_word(posted, ada):
    refuse(posted.message)
    change(posted, ada, letter_text="Other words.")
    try_again(posted.message.deliveries.get(), reason="the address works now", by=ada)
    assert follow_letters() == 1
    posted.refresh_from_db()
    assert posted.posting == "corrected"
    assert send_again(posted, reason="with our own words", by=ada).first_line == "Other words."


def test_an_operation_of_another_customer_is_refused_with_a_sentence(novak, jonas, ada, ready):
    operations = ready(novak, jonas)
    for customer in (jonas, None):
        change(operations[0], ada, customer=customer)
        report = post([row.pk for row in operations[:1]], by=ada)
        assert "Its statement is that of Šroub & matka, s.r.o." in report.refused[0][1]
    change(operations[0], ada, customer=jonas)
    operations[0].refresh_from_db()
    attach_file(operations[0], file_name="prices.txt", content=b"cheap", by=ada)
    change(operations[0], ada, customer=novak)
    report = post([row.pk for row in operations], by=ada)
    assert report.posted == 1
    assert report.refused[0][1].startswith("The file “prices.txt” belongs to another customer.")
    detach(operations[0].attachments.get(), by=ada)
    assert post([operations[0].pk], by=ada).posted == 1


@pytest.mark.parametrize("moment", ["before", "while it is sealed", "after"])
def test_what_was_taken_back_does_not_leave(novak, ada, monkeypatch, ready, moment):
    [operation] = ready(novak)
    ask(Operation.objects.filter(pk=operation.pk), by=ada)
    taken = []

    def take_back():
        monkeypatch.undo()
        taken.append(withdraw(Operation.objects.filter(pk=operation.pk), by=ada))

    if moment == "after":
        monkeypatch.setattr(requests, "_keep_refusals", lambda _report: take_back())
    else:
        module, name = (verbs, "prepare") if "sealed" in moment else (postings, "work_of")
        do = getattr(module, name)
        monkeypatch.setattr(module, name, lambda given: (take_back(), do(given))[1])
    post_due()
    operation.refresh_from_db()
    assert taken == [Message.objects.count() ^ 1]
    assert operation.posting == ("posted" if moment == "after" else "not-posted")
    assert operation.asked_at is None


def test_t1_one_letter_that_cannot_be_filled_stops_no_other(jonas, ada, ready):
    SystemEmailText.objects.update(subject="{{ customer.name }}", version=77)
    first, second = ready(jonas, make_customer("EMPTY", name=""))
    assert (second.subject, second.letter_text) == ("", "")
    assert "“customer.name” is empty" in second.refusal
    report = post([first.pk, second.pk], by=ada)
    assert report.posted == 1
    assert report.refused == ((second.pk, second.refusal),)


def test_a_statement_leaves_as_its_system_email_says(novak, jonas, ada, ready):
    """Hidden copy, sender, files and HTML of its own; what a person has changed leaves as that person wrote it."""
    SystemEmail.objects.filter(code="monthly-statement").update(
        hidden_copy="copy@vaivorykste.example", sender="ada@vaivorykste.example"
    )
    now = timezone.now()
    SenderAddress.objects.create(address="ada@vaivorykste.example", asked_at=now, verified_at=now, asked_by=ada)
    monthly = SystemEmail.objects.get(code="monthly-statement")
    SystemEmailText.objects.filter(system_email=monthly).update(
        html="<p>{{ month.name }}: <b>thanks</b></p>", version=7
    )
    SystemEmailFile.objects.create(
        system_email=monthly, blob=blobs.keep(b"terms"), name="terms.txt", media_type="text/plain"
    )
    one, other = ready(novak, jonas)
    attach_link(one, name="Portal", link="https://portal.example/june 2011", by=ada)
    change(other, ada, letter_text="Dear Jonas, this is all.")

    assert post([one.pk, other.pk], by=ada).posted == 2

    for operation, is_own in ((one, True), (other, False)):
        operation.refresh_from_db()
        message = operation.message
        assert message.sender.endswith("<ada@vaivorykste.example>")
        assert "copy@vaivorykste.example" in message.deliveries.filter(role="bcc").values_list("recipient", flat=True)
        assert "terms.txt" in message.enclosures.values_list("name", flat=True)
        html = read_letter(sealed_bytes(message)).html
        assert ("<b>thanks</b>" in html) == is_own
        assert ("portal.example/june%202011" in html) == is_own


def test_a_statement_whose_system_email_is_switched_off_waits_and_is_told_before_forming(novak, ada, client, ready):
    SystemEmail.objects.filter(code="monthly-statement").update(is_active=False)
    client.force_login(ada)
    sentence = "The system e-mail of statements is switched off."
    assert sentence in client.get("/runs/2011-06/forming/").text
    [operation] = ready(novak)

    report = post([operation.pk], by=ada)

    assert (report.posted, Message.objects.count()) == (0, 0)
    assert report.refused[0][1].startswith(sentence)
    assert sentence in client.get("/runs/2011-06/posting/").text
    SystemEmail.objects.filter(code="monthly-statement").update(is_active=True)
    assert post([operation.pk], by=ada).posted == 1


def test_the_letter_as_sealed(novak, ada, ready):
    Customer.objects.update(copy_format="json")
    [operation] = ready(novak)
    post([operation.pk], by=ada)
    message = Message.objects.get()
    parts = {each.blob.sha256: bytes(each.blob.content) for each in message.enclosures.select_related("blob")}
    letter = message_from_bytes(unseal(bytes(message.skeleton), parts, message.sha256), policy=email.policy.default)
    assert letter["To"] == "novak@shop.example"
    names = [part.get_filename() for part in letter.iter_attachments()]
    assert names == ["Seznam-dokladu-2011-06-NOVAK.pdf", "Seznam-dokladu-2011-06-NOVAK.json"]
    pdf = bytes(Statement.objects.get().paper.blob.content)
    assert pdf in [part.get_content() for part in letter.iter_attachments()]
    assert message.useless_after > message.sealed_at + dt.timedelta(days=7)


def test_a_firm_with_a_hidden_sign_in_its_name_refuses_each_letter_with_a_sentence(company, novak, jonas, ada, ready):
    operations = ready(novak, jonas)
    Channel.objects.update(from_name="Vaivorykštė\N{LEFT-TO-RIGHT MARK} UAB")
    Company.objects.update(name="Vaivorykštė\N{LEFT-TO-RIGHT MARK} UAB")
    report = post([row.pk for row in operations], by=ada)
    assert (report.posted, len(report.refused)) == (0, 2)
    assert all("invisible direction mark" in reason for _pk, reason in report.refused)
