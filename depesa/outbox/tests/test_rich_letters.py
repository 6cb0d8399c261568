"""Letters with HTML of their own, pictures in it, hidden copies, a sender of their own, and what they concern."""

import datetime as dt
import email
from email import policy

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from depesa.company.models import Company
from depesa.core import blobs
from depesa.core.records import Ref
from depesa.emails.services import Picture
from depesa.outbox import queries
from depesa.outbox.mime import LetterNotSealed, Mailbox, reseal
from depesa.outbox.models import Channel, Delivery, Kind, Message, SenderAddress, State
from depesa.outbox.services import EnclosureDraft, Letter, NotVerified, deliver_due, prepare, queue
from depesa.outbox.services.repeats import NotRepeatable, NotSettled, repeat
from tests.faults.plans import BEHAVIOURS, Plan

pytestmark = pytest.mark.django_db

PNG = b"\x89PNG\r\n\x1a\n" + bytes(40)


@pytest.fixture
def compose(channel, customer):
    def compose(key="v1:rich", **more):
        values = {
            "kind": Kind.LETTER,
            "customer_id": customer.pk,
            "language": "en",
            "to": ("jan@sviesa.example",),
            "subject": "About your order",
            "text": "Dear customer,\n\nthe parcel is on its way.\n",
            "useless_after": timezone.now() + dt.timedelta(days=30),
            "concerns": "order:12",
        }
        return Letter(dedupe_key=key, **values | more)

    return compose


def send(letter, by=None):
    sealing = prepare([letter])
    assert not sealing.refused
    return queue(sealing.ready, by=by)[letter.dedupe_key]


def read(message):
    return email.message_from_bytes(queries.sealed_bytes(message), policy=policy.default)


def test_given_html_is_used_as_it_is(compose):
    letter = read(send(compose(html="<p>On its <b>way</b>.</p>")))
    assert letter.get_body(("html",)).get_content().strip() == "<p>On its <b>way</b>.</p>"
    assert letter.get_body(("plain",)).get_content().startswith("Dear customer,")


def test_without_html_the_text_is_framed(compose):
    assert "Vaivorykšt" in read(send(compose())).get_body(("html",)).get_content()


def test_a_picture_travels_inside_the_html(compose, customer, ada):
    picture, paper = blobs.keep(PNG), blobs.keep(b"%PDF-1.7 x")
    message = send(
        compose(
            html='<p><img src="cid:logo@depesa" alt=""></p>',
            inline=(Picture(cid="logo@depesa", blob_id=picture.pk, content=PNG, media_type="image/png"),),
            enclosures=(EnclosureDraft(blob_id=paper.pk, content=b"%PDF-1.7 x", name="Terms.pdf"),),
        )
    )
    letter = read(message)
    assert [part.get_content_type() for part in letter.walk()] == [
        "multipart/mixed",
        "multipart/alternative",
        "text/plain",
        "multipart/related",
        "text/html",
        "image/png",
        "application/pdf",
    ]
    shown = next(part for part in letter.walk() if part.get_content_type() == "image/png")
    assert (shown["Content-ID"], shown.get_content()) == ("<logo@depesa>", PNG)
    assert not letter.defects
    client = Client()
    client.force_login(ada)
    frame = client.get(reverse("outbox:html", args=[message.pk])).text
    assert "data:image/png;base64," in frame
    page = client.get(message.get_absolute_url()).text
    assert "Terms.pdf" in page
    assert "logo@depesa" not in page
    assert [file.name for file in queries.slips_concerning(Ref("order", "12"), ada)[0].attachments] == ["Terms.pdf"]


@pytest.mark.parametrize(
    ("cid", "media_type"),
    [("a b", "image/png"), ("a\r\nX: y", "image/png"), ("a", "text/html"), ("a", "image/png\r\n")],
)
def test_a_picture_that_is_none_is_refused(compose, cid, media_type):
    picture = Picture(cid=cid, blob_id=1, content=PNG, media_type=media_type)
    assert prepare([compose(html="<p>x</p>", inline=(picture,))]).refused


def test_hidden_copies_are_recipients_and_no_header(compose, ada, sink):
    message = send(compose(cc=("petr@sviesa.example",), bcc=("boss@vaivorykste.example", "jan@sviesa.example")))
    roles = dict(Delivery.objects.filter(message=message).values_list("recipient", "role"))
    assert roles == {"jan@sviesa.example": "to", "petr@sviesa.example": "cc", "boss@vaivorykste.example": "bcc"}
    assert b"boss@" not in queries.sealed_bytes(message)
    deliver_due()
    assert sorted(taken.recipient for taken in sink.taken) == sorted(roles)
    client = Client()
    client.force_login(ada)
    page = client.get(message.get_absolute_url()).text
    assert "Hidden copy" in page
    assert "boss@vaivorykste.example (hidden copy)" in page


def test_letters_about_a_record_are_found(compose, ada, dan):
    about = send(compose())
    send(compose(key="v1:other", concerns="order:13"))
    send(compose(key="v1:none", concerns=None))
    assert list(queries.concerning(Ref("order", "12"), ada)) == [about]
    assert not queries.concerning(Ref("order", "12"), dan)
    assert Message.objects.filter(concerns__isnull=True).count() == 1


def test_only_a_confirmed_address_is_a_sender(compose, ada):
    sender = SenderAddress.objects.create(
        user=ada, address="ada@vaivorykste.example", name="Ada", asked_at=timezone.now(), asked_by=ada
    )
    letter = compose(sender=Mailbox("Ada@vaivorykste.example", "Ada Žukė"), reply_to=Mailbox("help@sviesa.example"))
    assert prepare([letter]).refused == {"v1:rich": str(NotVerified())}
    SenderAddress.objects.filter(pk=sender.pk).update(verified_at=timezone.now())
    message = send(letter)
    assert read(message)["From"].addresses[0].addr_spec == "Ada@vaivorykste.example"
    assert read(message)["Reply-To"] == "help@sviesa.example"
    assert (message.sender, message.envelope_from) == (
        "Ada Žukė <Ada@vaivorykste.example>",
        "desk@vaivorykste.example",
    )
    SenderAddress.objects.filter(pk=sender.pk).update(removed_at=timezone.now())
    assert prepare([compose(key="v1:later", sender=letter.sender)]).refused


def test_input_36_a_letter_of_a_foreign_domain_is_not_sealed(compose, channel, ada):
    SenderAddress.objects.create(
        user=ada, address="ada@sviesa.example", asked_at=timezone.now(), asked_by=ada, verified_at=timezone.now()
    )
    Channel.objects.filter(pk=channel.pk).update(sender_domains="vaivorykste.example", name="Main")
    foreign, own = compose(sender=Mailbox("ada@sviesa.example")), compose(key="v1:own")
    sealing = prepare([foreign, own])
    sentence = "The mail server of channel “Main” may send for vaivorykste.example only."
    assert (sealing.refused, [each.letter for each in sealing.ready]) == ({"v1:rich": sentence}, [own])
    Channel.objects.filter(pk=channel.pk).update(sender_domains="sviesa.example")
    assert prepare([foreign]).refused == {"v1:rich": sentence.replace("vaivorykste", "sviesa")}, "the envelope counts"


def test_input_34_the_companys_name_is_cleaned_before_it_stands_in_from(compose, company):
    Company.objects.update(name='E-shop: "Acme" @home')
    Channel.objects.update(from_name="")
    message = send(compose())
    assert read(message)["From"].addresses[0].display_name == "E-shop Acme home"
    assert message.sender.startswith("E-shop Acme home <")


def test_one_bad_subject_stops_its_own_letter_only(compose):
    sealing = prepare([compose(subject="two\nlines"), compose(key="v1:good")])
    assert sealing.refused == {"v1:rich": "The subject must be one line."}
    assert [each.letter.dedupe_key for each in sealing.ready] == ["v1:good"]


def test_an_address_that_the_server_refused_is_suspect_until_it_takes_a_letter(compose, sink):
    sink.script.letters.by_recipient["jan@sviesa.example"] = [BEHAVIOURS["rcpt-550"], Plan()]
    send(compose(to=("jan@sviesa.example", "cleo@sviesa.example")))
    deliver_due()
    assert queries.refused_addresses(["jan@sviesa.example", "cleo@sviesa.example"]) == {
        "jan@sviesa.example": "550 5.1.1 no such user"
    }
    send(compose(key="v1:next"))
    deliver_due()
    assert queries.refused_addresses(["jan@sviesa.example"]) == {}


def test_input_37_38_only_the_headers_that_depesa_makes_stand_in_the_head(compose):
    hostile = "Bcc: x@y.example X-A: q Message-ID: <abc>"
    letter = read(send(compose(subject=hostile, text=f"{hostile}\r\n.\r\n", html=f"<p>{hostile}</p>")))
    assert letter.keys() == [
        "From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "X-Auto-Response-Suppress", "MIME-Version",
        "Content-Type",
    ]  # fmt: skip
    assert letter["Subject"] == hostile


def test_a_letter_goes_once_more_with_the_same_words(compose, ada, sink):
    paper = blobs.keep(b"%PDF-1.7 x")
    message = send(
        compose(
            bcc=("boss@vaivorykste.example",),
            enclosures=(EnclosureDraft(blob_id=paper.pk, content=b"%PDF-1.7 x", name="Terms.pdf"),),
        )
    )
    with pytest.raises(NotSettled):
        repeat(message, reason="asked on the phone", seen=0, by=ada)
    deliver_due()
    again = repeat(message, reason="asked on the phone", seen=0, by=ada)
    assert repeat(message, reason="asked on the phone", seen=0, by=ada) == again
    assert (again.resend_of, again.concerns, again.created_by) == (message, "order:12", ada)
    assert again.message_id != message.message_id
    first, second = read(message), read(again)
    assert second["Message-ID"] == again.message_id
    assert second.get_body(("plain",)).get_content() == first.get_body(("plain",)).get_content()
    assert [part.get_filename() for part in second.iter_attachments()] == ["Terms.pdf"]
    deliver_due()
    assert Delivery.objects.filter(message=again, state=State.ACCEPTED).count() == 2
    assert queries.violations() == []


def test_a_one_time_link_never_goes_twice(compose, ada):
    message = send(compose())
    Message.objects.filter(pk=message.pk).update(policy="security")
    message.refresh_from_db()
    Delivery.objects.update(state=State.REJECTED)
    with pytest.raises(NotRepeatable):
        repeat(message, reason="x", seen=0, by=ada)
    assert "Send again" not in [str(action.label) for action in queries.ways_in(message, ada)]


def test_sending_once_more_from_the_slip(compose, ben, cleo):
    message = send(compose())
    Delivery.objects.update(state=State.REJECTED)
    url = reverse("outbox:repetition", args=[message.pk])
    assert url in [action.url for action in queries.ways_in(message, ben)]
    assert url not in [action.url for action in queries.ways_in(message, cleo)]
    client = Client()
    client.force_login(ben)
    assert "Send the letter once more?" in client.get(url).text
    assert "Say in a few words why" in client.post(url, {"reason": " ", "seen": 0}).text
    assert client.post(url, {"reason": "lost", "seen": 0}).status_code == 302
    assert client.post(url, {"reason": "lost", "seen": 0}).status_code == 302
    assert message.resends.count() == 1


def test_a_message_id_is_checked_when_sealed_anew():
    with pytest.raises(LetterNotSealed):
        reseal(b"Date: x\r\n\r\n", {}, message_id="no id", date=timezone.now())
