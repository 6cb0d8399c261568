"""Send a letter that a person wrote: documents, letter and history at once, or nothing of it."""

from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from depesa.core.errors import Faults, Refused
from depesa.documents.models import DocumentTemplate, NumberSeries
from depesa.emails.models import SystemEmailFile, SystemEmailText
from depesa.files.tests.pages import PAGES
from depesa.history.models import Entry
from depesa.orders.models import LetterDraft, Order, OrderDocument
from depesa.orders.services import Wish, generate, invoice
from depesa.orders.services.letters import dispatch
from depesa.orders.services.letters.composition import compose
from depesa.orders.services.letters.dispatch import NeedsALook, send_draft
from depesa.orders.services.letters.drafts import SentAlready, begin, bring_back, choose, keep, take_off, upload
from depesa.orders.tests import world
from depesa.orders.tests.letters import composed, names_in, read
from depesa.outbox.models import Attempt, Delivery, Message, SenderAddress

pytestmark = pytest.mark.django_db
PDF = PAGES + bytes(range(256))


def test_the_letter_leaves_with_text_and_history(write, order, ben):
    draft = write(cc="ona2@zilenaite.example", bcc="boss@vaivorykste.example")
    sent = send_draft(draft, seen=["stranger"])
    message = sent.message
    assert (message.kind, message.concerns, message.customer_id) == ("letter", str(order.ref), order.customer_id)
    assert read(message).get_body(("plain",)).get_content().split() == ["Hello,", "all", "is", "well."]
    assert "all is well" in read(message).get_body(("html",)).get_content()
    assert sorted(message.deliveries.values_list("role", flat=True)) == ["bcc", "cc", "to"]
    entry = Entry.objects.get(event="orders.letter-sent")
    assert (entry.actor, entry.subject, entry.after["message"]) == (ben, str(order.ref), message.pk)
    assert not LetterDraft.objects.exists()
    assert read(message)["Auto-Submitted"] is None


def test_sending_generates_documents_but_never_an_invoice(write, order, note_type):
    with pytest.raises(Faults, match="sending never generates it"):
        send_draft(write("delivery-note", "invoice"))
    assert not OrderDocument.objects.exists()
    sent = send_draft(write("order-confirmation", "delivery-note"))
    assert sorted(sent.generated) == ["delivery-note", "order-confirmation"]
    made = OrderDocument.objects.get(type=note_type)
    assert made.number == "DN0001"
    assert made.paper.blob.sha256
    assert sorted(names_in(sent.message)) == sorted(
        row.paper.name for row in OrderDocument.objects.filter(order=order).select_related("paper")
    )
    assert set(sent.message.enclosures.filter(content_id=None).values_list("paper", flat=True)) == set(
        OrderDocument.objects.values_list("paper", flat=True)
    )


@pytest.mark.parametrize("code", ["invoice", "credit-note", "receipt"])
def test_thread_woocommerce_17186_manual_send_never_makes_an_invoice(write, order, code):
    with pytest.raises(Faults) as refusal:
        send_draft(write(code))
    assert list(refusal.value.by_field) == ["documents"]
    assert not OrderDocument.objects.exists()
    assert not Message.objects.exists()


def test_thread_magento_email_attachments_17_an_invoice_that_is_there_goes_along(write, order):
    [made] = invoice([order.pk], by=None).made
    sent = send_draft(write("invoice"))
    assert sent.generated == []
    made.refresh_from_db()
    assert names_in(sent.message) == [made.paper.name]


def test_manual_mail_comes_from_the_users_own_address_with_signature(write, order, ben):
    ben.signature, ben.signature_html = "Ben\nSales", "<p>Ben <b>Sales</b></p>"
    ben.save()
    sender = SenderAddress.objects.create(
        user=ben, address="ben@sviesa.example", name="Ben", asked_at=timezone.now(), asked_by=ben
    )
    assert begin(order, ben).sender is None, "nobody has confirmed it"
    sender.verified_at = timezone.now()
    sender.save()
    draft = begin(order, ben)
    assert draft.sender == sender
    assert draft.body.endswith("Ben\nSales\n")
    message = send_draft(write(body=draft.body + "\n", sender_id=sender.pk)).message
    letter = read(message)
    assert str(letter["From"]) == "Ben <ben@sviesa.example>"
    assert message.envelope_from != "ben@sviesa.example"
    assert "Ben <b>Sales</b>" in letter.get_body(("html",)).get_content()


@pytest.mark.parametrize("gone", ["removed_at", "verified_at"])
def test_no_letter_leaves_from_another_address_when_the_chosen_one_is_gone(write, order, ben, gone):
    now = timezone.now()
    sender = SenderAddress.objects.create(
        user=ben, address="ben@sviesa.example", asked_at=now, asked_by=ben, verified_at=now
    )
    write(sender_id=sender.pk)
    SenderAddress.objects.update(**{gone: None if gone == "verified_at" else now})
    with pytest.raises(Faults) as refused:
        send_draft(write(sender_id=sender.pk))
    assert set(refused.value.by_field) == {"sender"}
    assert not Message.objects.exists()
    assert send_draft(write(sender_id=None)).message


def test_nobody_sends_from_the_address_of_another(write, order, ada, ben):
    theirs = SenderAddress.objects.create(
        user=ada, address="ada@sviesa.example", asked_at=timezone.now(), asked_by=ada, verified_at=timezone.now()
    )
    assert write(sender_id=theirs.pk).sender is None


def test_thread_woocommerce_35875_the_letter_speaks_the_language_of_the_order(company, ben):
    ben.language = "cs"
    ben.save()
    placed = Order.objects.get(pk=world.order(language="lt", party={"salutation": "Gerb. Ona"}).pk)
    draft = begin(placed, ben)
    assert draft.body.startswith("Gerb. Ona")
    chosen = world.email(body="English\n")
    SystemEmailText.objects.create(system_email=chosen, language="lt", subject="Užsakymas", body="Lietuviškai\n")
    draft.save()
    assert choose(draft, chosen).subject == "Užsakymas"


def test_characters_that_no_font_has_are_said_before_the_letter_leaves(write, order):
    Order.objects.update(name="株式会社テスト")
    with pytest.raises(NeedsALook) as asked:
        send_draft(write("order-confirmation"))
    assert "No font has the characters 株式会社テスト" in str(asked.value)
    assert not Message.objects.exists()
    assert send_draft(write("order-confirmation"), seen=["glyphs"]).message
    assert send_draft(write()).message


def test_a_double_click_sends_once(write):
    draft = write("order-confirmation")
    first = send_draft(draft)
    assert send_draft(draft).message == first.message
    with pytest.raises(SentAlready):
        write(token=draft.token)
    assert Message.objects.count() == OrderDocument.objects.count() == 1


def test_the_token_of_another_letter_names_none_of_ones_own(write, order, ben, ada):
    hers = keep(order, ada, token=uuid4(), fields={"subject": "Hers"})
    of_another_order = keep(world.order(), ben, token=uuid4(), fields={"subject": "His other one"})
    for known in (hers, of_another_order):
        mine = write(token=known.token, subject="Mine")
        assert (mine.order, mine.user, mine.subject) == (order, ben, "Mine")
        assert mine.token != known.token
        known.refresh_from_db()
        assert known.subject != "Mine"


def test_a_failing_template_leaves_neither_letter_nor_number(write, note_type):
    DocumentTemplate.objects.create(type=note_type, language="", source="#panic(")
    with pytest.raises(Faults) as refusal:
        send_draft(write("order-confirmation", "delivery-note"))
    assert list(refusal.value.by_field) == ["documents"]
    assert not OrderDocument.objects.exists()
    assert not Message.objects.exists()
    assert NumberSeries.objects.get(code="delivery-note").last == 0
    assert LetterDraft.objects.exists(), "what was typed is still there"


def test_a_number_that_somebody_took_meanwhile_is_foreseen_again(write, order, note_type, monkeypatch, company):
    other = Order.objects.get(pk=world.order().pk)
    calls = []

    def overtaken(letter):
        done = compose(letter)
        if not calls:
            generate([Wish(order=other, type=note_type)], by=None)
        calls.append(done)
        return done

    monkeypatch.setattr(dispatch, "compose", overtaken)
    sent = send_draft(write("delivery-note"))
    assert len(calls) == 2
    assert OrderDocument.objects.get(order=order).number == "DN0002"
    assert names_in(sent.message) == [OrderDocument.objects.get(order=order).paper.name]


def test_a_removed_order_sends_nothing(write, order):
    draft = write()
    Order.objects.filter(pk=order.pk).update(removed_at=timezone.now())
    draft.order.refresh_from_db()
    with pytest.raises(Refused):
        send_draft(draft)


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"to": ""}, "to"),
        ({"to": "ona@"}, "to"),
        ({"bcc": "x"}, "bcc"),
        ({"subject": " "}, "subject"),
        ({"body": " "}, "body"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(write, fields, field):
    draft = write(**fields)
    with pytest.raises(Faults) as refusal:
        send_draft(draft)
    assert list(refusal.value.by_field) == [field]
    assert getattr(draft, field) == fields[field]


@pytest.mark.parametrize("text", ["Please see the attached file.", "V příloze posíláme list.", "Pridedame sąskaitą."])
def test_attached_is_said_and_nothing_is(write, text):
    with pytest.raises(NeedsALook) as doubt:
        send_draft(write(body=text))
    assert [each.code for each in doubt.value.found] == ["attachment"]
    assert send_draft(write("order-confirmation", body=text)).message


def test_the_same_document_went_there_two_days_ago(write, order, clock):
    send_draft(write("order-confirmation"))
    [warned] = composed(write("order-confirmation")).warnings
    assert warned.code.startswith("again-")
    assert "ona@zilenaite.example" in warned.sentence
    with pytest.raises(NeedsALook):
        send_draft(write("order-confirmation"))
    assert send_draft(write("order-confirmation"), seen=[warned.code]).message
    clock.shift(3 * 24 * 3600)
    assert not composed(write("order-confirmation")).warnings


def test_a_blocked_customer_and_a_stranger_are_named(write, order):
    order.customer.is_blocked = True
    order.customer.save()
    draft = write(to="jan@elsewhere.example")
    assert {each.code for each in composed(draft).warnings} == {"blocked", "stranger"}


def test_an_address_that_the_server_refused_the_last_time_is_named(write):
    row = Delivery.objects.get(message=send_draft(write("order-confirmation")).message)
    Delivery.objects.filter(pk=row.pk).update(state="rejected", ended_at=timezone.now())
    told = {"delivery": row, "number": 1, "token": "t", "worker": "w", "started_at": timezone.now()}
    words = {"phase": "recipient", "code": 550, "enhanced": "5.1.1", "text": "5.1.1 no such user"}
    Attempt.objects.create(**told, **words, outcome="rejected", ended_at=timezone.now())
    [warned] = composed(write()).warnings
    assert warned.sentence.endswith("the last time: 550 5.1.1 no such user")


def test_a_missing_language_is_named(company, ben):
    placed = Order.objects.get(pk=world.order(language="lt").pk)
    draft = begin(placed, ben)
    draft.save()
    choose(draft, world.email(body="Good day,\n"))
    assert [each.code for each in composed(draft).warnings] == ["language"]


def test_files_are_checked_by_content_and_named_safely(write):
    draft = write()
    files = [
        SimpleUploadedFile("../ceník č. 1.pdf", PDF),
        SimpleUploadedFile("virus.exe", b"MZ"),
        SimpleUploadedFile("list.pdf", b"no pdf"),
    ]
    done = upload(draft, files)
    assert [file.name for file in done.kept] == ["ceník-č-1.pdf"]
    assert len(done.refused) == 2
    sent = send_draft(draft)
    assert names_in(sent.message) == ["ceník-č-1.pdf"]


def test_files_that_the_mail_server_does_not_take_are_refused(write):
    draft = write()
    big = SimpleUploadedFile("big.pdf", PAGES + bytes(14_500_000))
    assert len(upload(draft, [big]).kept) == 1
    refused = upload(draft, [SimpleUploadedFile("more.pdf", PAGES + bytes(1_000_000))]).refused
    assert "mail server does not take" in refused[0]
    take_off(draft, draft.files.get().pk)
    assert not draft.files.exists()


def test_a_system_e_mail_never_takes_the_place_of_typed_words_for_good(write, order, note_type):
    draft = write(body="Typed by hand.")
    chosen = world.email(hidden_copy="boss@vaivorykste.example")
    chosen.document_types.add(note_type)
    kept = upload(draft, [SimpleUploadedFile("terms.pdf", PDF)]).kept[0]
    SystemEmailFile.objects.create(system_email=chosen, blob=kept.blob, name="Terms", media_type="application/pdf")
    take_off(draft, kept.pk)
    choose(draft, chosen)
    assert draft.body.startswith("Dear customer") or order.number in draft.body
    assert (draft.ticked, draft.bcc) == (["delivery-note"], "boss@vaivorykste.example")
    assert draft.files.get().name == "Terms.pdf"
    bring_back(draft)
    assert (draft.body, draft.ticked) == ("Typed by hand.", [])
    bring_back(draft)
    assert order.number in draft.body, "the undo can be undone"


def test_html_of_a_system_e_mail_counts_until_its_text_is_changed(write, order):
    draft = write(body="", subject="")
    chosen = world.email()
    SystemEmailText.objects.filter(system_email=chosen).update(
        html="<p>Order <b>{{ order.number }}</b></p>", editor="source"
    )
    choose(draft, chosen)
    assert f"<b>{order.number}</b>" in composed(draft).prepared.letter.html
    draft.body += "One more line."
    draft.save()
    html = composed(draft).prepared.letter.html
    assert "One more line." in html
    assert f"<b>{order.number}</b>" not in html


def test_the_draft_waits_for_its_writer(write, order, ben, ada):
    draft = write("order-confirmation", body="Half a", to="half")
    again = begin(order, ben)
    assert (again.pk, again.body, again.to, again.ticked) == (draft.pk, "Half a", "half", ["order-confirmation"])
    assert begin(order, ada).pk is None
