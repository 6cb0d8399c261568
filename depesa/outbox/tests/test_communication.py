"""Settings → Communication: signatures and sender addresses, each confirmed by whoever owns the mailbox."""

import datetime as dt
import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from depesa.outbox import queries
from depesa.outbox.models import Channel, Message, SenderAddress
from depesa.outbox.services import NotVerified, mailbox_of, senders, signatures

pytestmark = pytest.mark.django_db
URL = "/settings/communication/"


@pytest.fixture
def desk(channel):
    def sign_in(user):
        client = Client()
        client.force_login(user)
        return client

    return sign_in


def ask(client, address="ben@sviesa.example", **more):
    return client.post(reverse("outbox:senders"), {"address": address, "name": "Ben", **more}, follow=True)


def link_in(message):
    return re.search(r"http://127\.0\.0\.1:8000(/settings/communication/confirming/\S+)", letter_text(message))[1]


def letter_text(message):
    return queries.sealed_bytes(message).decode().replace("=\r\n", "")


def test_an_address_is_a_sender_after_its_link_was_followed(desk, ben, clock):
    client = desk(ben)
    assert "on its way to ben@sviesa.example" in ask(client, "Ben@Sviesa.example").text
    row = SenderAddress.objects.get()
    assert (row.user, row.address, row.is_verified) == (ben, "ben@sviesa.example", False)
    assert [each.recipient for each in row.letter.deliveries.all()] == ["ben@sviesa.example"]
    with pytest.raises(NotVerified):
        mailbox_of(row)
    link = link_in(row.letter)
    assert "ben@sviesa.example" in client.get(link).text
    row.refresh_from_db()
    assert not row.is_verified, "a program that follows links confirms nothing"
    assert client.post(link).status_code == 302
    row.refresh_from_db()
    assert row.is_verified
    assert mailbox_of(row).name == "Ben"
    assert client.post(link).status_code == 410, "the link works once"
    assert "confirmed already" in ask(client).text


def test_only_who_asked_can_confirm(desk, ada, ben):
    ask(desk(ben))
    link = link_in(Message.objects.get())
    page = desk(ada).post(link)
    assert page.status_code == 410
    assert "Somebody else asked" in page.text
    assert not queries.verified_senders(ben)


def test_a_link_is_good_for_seven_days(desk, ben, clock):
    client = desk(ben)
    ask(client)
    link = link_in(Message.objects.get())
    clock.shift(dt.timedelta(days=7, seconds=1))
    client = desk(ben)
    assert "too old" in client.post(link).text
    ask(client)
    assert client.post(link).status_code == 410, "the newer letter counts"
    assert client.post(link_in(Message.objects.last())).status_code == 302


def test_nobody_is_flooded_with_letters(desk, ben, clock):
    client = desk(ben)
    ask(client)
    assert "a moment ago" in ask(client).text
    clock.shift(dt.timedelta(minutes=2))
    ask(client)
    assert (Message.objects.count(), SenderAddress.objects.count()) == (2, 1)


def test_a_wrong_address_is_said_at_the_field(desk, ben):
    page = ask(desk(ben), "ben@sviesa")
    assert page.status_code == 422
    assert "The part after @ needs a domain" in page.text
    assert 'value="ben@sviesa"' in page.text
    assert not SenderAddress.objects.exists()


def test_a_removed_address_is_a_sender_no_more(desk, ada, ben):
    row = SenderAddress.objects.create(
        user=ben, address="ben@sviesa.example", asked_at=timezone.now(), asked_by=ben, verified_at=timezone.now()
    )
    desk(ada).post(reverse("outbox:sender_removal", args=[row.pk]))
    assert queries.verified_senders(ben).get() == row, "only one's own"
    client = desk(ben)
    client.post(reverse("outbox:sender_removal", args=[row.pk]))
    assert not queries.verified_senders(ben)
    assert queries.verified_among(["ben@sviesa.example"]) == set()
    ask(client)
    assert SenderAddress.objects.filter(removed_at__isnull=True).count() == 1


def test_the_firm_has_addresses_too(desk, ada, ben):
    ask(desk(ben), "sales@sviesa.example", firm="1")
    assert SenderAddress.objects.get().user == ben, "a clerk sets nothing up"
    ask(desk(ada), "orders@sviesa.example", firm="1")
    assert queries.senders_of(None).get().address == "orders@sviesa.example"
    assert "orders@sviesa.example" in desk(ada).get(URL).text
    assert "orders@sviesa.example" not in desk(ben).get(URL).text


def test_a_signature_is_kept_clean_and_shown(desk, ben):
    client = desk(ben)
    typed = {"text": "Ben\r\nSales", "html": '<p onclick="x()">Ben <b>Sales</b></p><script>x()</script>'}
    page = client.post(URL, typed, follow=True).text
    assert "was taken out" in page
    ben.refresh_from_db()
    assert (ben.signature, ben.signature_html) == ("Ben\nSales", "<p>Ben <b>Sales</b></p>")
    frame = client.get(reverse("outbox:signature"))
    assert "<b>Sales</b>" in frame.text
    assert "sandbox" in frame.headers["Content-Security-Policy"]


def test_without_html_the_signature_is_made_from_the_text(ben):
    ben.signature = "Ben & Co\nSales"
    assert "Ben &amp; Co<br>\nSales" in signatures.html_signature(ben)
    ben.signature = ""
    assert signatures.html_signature(ben) == ""


def test_the_page_names_the_system_address(desk, ben):
    page = desk(ben).get(URL).text
    assert "desk@vaivorykste.example" in page
    assert reverse("outbox:channels") not in page


def test_one_address_waits_once_whoever_asks(ben, channel):
    def link(token):
        return f"http://testserver/{token}"

    row = senders.ask("Ben@Sviesa.example", "", user=ben, by=ben, link=link)
    with pytest.raises(senders.JustAsked):
        senders.ask("ben@sviesa.example", "", user=ben, by=ben, link=link)
    assert str(row) == "ben@sviesa.example"


@pytest.fixture
def strict(channel):
    Channel.objects.filter(pk=channel.pk).update(sender_domains="vaivorykste.example", name="Main")
    channel.refresh_from_db()
    return channel


def test_input_36_an_address_of_a_foreign_domain_is_refused_where_it_is_typed(desk, ben, strict):
    page = ask(desk(ben), "ben@sviesa.example")
    assert page.status_code == 422
    assert "The mail server of channel “Main” may send for vaivorykste.example only." in page.text
    assert 'value="ben@sviesa.example"' in page.text
    assert (SenderAddress.objects.count(), Message.objects.count()) == (0, 0)
    assert "on its way" in ask(desk(ben), "Ben@Vaivorykste.example").text


def test_an_address_that_became_foreign_is_named_on_the_page(desk, ben, strict):
    SenderAddress.objects.create(
        user=ben, address="ben@sviesa.example", asked_at=timezone.now(), asked_by=ben, verified_at=timezone.now()
    )
    assert "Letters from this address are refused here." in desk(ben).get(URL).text


def test_input_35_only_one_sender_address(desk, ben):
    assert "Only one sender address." in ask(desk(ben), "a@sviesa.example, b@sviesa.example").text


def test_input_34_the_name_beside_the_address_is_kept_as_mail_programs_show_it(desk, ben):
    ask(desk(ben), name='Ben: "Sales" @Acme')
    assert SenderAddress.objects.get().name == "Ben Sales Acme"
    page = ask(desk(ben), "eva@sviesa.example", name="Ben\u202e")
    assert page.status_code == 422
    assert "invisible direction mark at position 4" in page.text
