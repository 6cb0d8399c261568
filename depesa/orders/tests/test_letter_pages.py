"""The window for a letter: a dialog over every tab, a page without script."""

import re
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from depesa.emails.models import SystemEmail
from depesa.files.tests.pages import PAGES
from depesa.orders.models import DraftFile, LetterDraft, Order, OrderDocument
from depesa.orders.services import invoice
from depesa.orders.tests import world
from depesa.outbox.models import Message

pytestmark = pytest.mark.django_db
PDF = PAGES + bytes(range(256))


@pytest.fixture
def order(company):
    return Order.objects.get(pk=world.order().pk)


@pytest.fixture
def clerk(ben):
    client = Client()
    client.force_login(ben)
    return client


@pytest.fixture
def url(order):
    def url(name="new_letter", *more):
        return reverse(f"orders:{name}", args=[order.pk, *more])

    return url


@pytest.fixture
def typed():
    return {
        "token": str(uuid.uuid4()),
        "to": "ona@zilenaite.example",
        "cc": "",
        "bcc": "",
        "subject": "Your order",
        "body": "Hello,\n\nall is well.\n",
    }


def test_every_tab_offers_the_window(clerk, order, url):
    for tab in ("order", "customer", "communication", "history"):
        page = clerk.get(url(tab)).text
        assert f'href="{url()}"' in page
        assert 'id="letter-dialog"' in page
        assert 'aria-keyshortcuts="e"' in page


def test_the_window_begins_with_address_salutation_and_signature(clerk, order, url, ben):
    ben.signature = "Ben\nSales"
    ben.save()
    page = clerk.get(url())
    assert page.context["draft"].to == "ona@zilenaite.example"
    assert "Dear" in page.context["draft"].body
    assert "Ben\nSales" in page.text.replace("\r\n", "\n")
    assert "the system&#x27;s address" in page.text
    assert not LetterDraft.objects.exists(), "looking keeps nothing"


def test_the_dialog_gets_a_piece_and_not_a_page(clerk, url):
    piece = clerk.get(url(), headers={"HX-Request": "true"}).text
    assert "<html" not in piece
    assert 'id="letter-window"' in piece


def test_accounting_documents_that_are_missing_cannot_be_ticked(clerk, order, url):
    def box(code):
        page = clerk.get(url()).text
        return next(line for line in page.splitlines() if f'name="documents" value="{code}"' in line)

    assert "disabled" in box("invoice")
    assert "sending never generates it" in box("invoice")
    assert "disabled" not in box("order-confirmation")
    assert "will be generated with the sending" in box("order-confirmation")
    invoice([order.pk], by=None)
    assert "disabled" not in box("invoice")
    assert "disabled" in box("credit-note")


def test_the_draft_is_kept_and_offered_again(clerk, url, typed):
    answer = clerk.post(
        url(), typed | {"to": "ona@", "body": "Half a"}, headers={"HX-Request": "1", "HX-Target": "kept"}
    )
    assert "Draft kept" in answer.text
    assert "<form" not in answer.text
    page = clerk.get(url()).text
    assert "Half a" in page
    assert 'value="ona@"' in page
    assert "Half a" not in clerk.post(url("letter_removal"), typed).text
    assert not LetterDraft.objects.exists()


def test_sending_leads_to_the_communication_of_the_order(clerk, order, url, typed):
    answer = clerk.post(url("letter_dispatch"), typed | {"documents": ["order-confirmation"]}, follow=True)
    assert answer.redirect_chain == [(url("communication"), 302)]
    assert "is in the outbox" in answer.text
    assert "Your order" in answer.text
    assert Message.objects.get().created_by.username == "ben"
    assert OrderDocument.objects.get(order=order).type.code == "order-confirmation"


def test_the_dialog_is_led_on_by_a_header(clerk, url, typed):
    answer = clerk.post(url("letter_dispatch"), typed, headers={"HX-Request": "true"})
    assert answer.headers["HX-Redirect"] == url("communication")


def test_pressing_send_twice_sends_once(clerk, url, typed):
    clerk.post(url("letter_dispatch"), typed)
    answer = clerk.post(url("letter_dispatch"), typed, follow=True)
    assert "has been sent already" in answer.text
    assert Message.objects.count() == 1
    assert not LetterDraft.objects.exists()


def test_a_fault_stands_at_its_field_and_nothing_is_lost(clerk, url, typed):
    page = clerk.post(url("letter_dispatch"), typed | {"to": "ona@", "body": "Typed with care."})
    assert page.status_code == 422
    assert "The part after @ needs a domain" in page.text
    assert "Typed with care." in page.text
    assert not Message.objects.exists()


def test_what_is_odd_is_asked_once(clerk, url, typed):
    page = clerk.post(url("letter_dispatch"), typed | {"body": "See the attached file."})
    assert page.status_code == 409
    assert "nothing is" in page.text
    assert 'name="seen" value="attachment"' in page.text
    assert not Message.objects.exists()
    assert (
        clerk.post(url("letter_dispatch"), typed | {"body": "See the attached file.", "seen": "attachment"}).status_code
        == 302
    )


def test_the_preview_shows_the_letter_and_its_files(clerk, url, typed):
    ticked = typed | {"documents": ["order-confirmation"], "bcc": "boss@vaivorykste.example"}
    page = clerk.post(url("letter_preview"), ticked).text
    assert "boss@vaivorykste.example" in page
    assert "Generated with the sending" in page
    assert re.search(r"order-confirmation-\S+\.pdf", page, re.IGNORECASE)
    frame = clerk.get(url("draft:html"))
    assert "all is well." in frame.text
    assert "sandbox" in frame.headers["Content-Security-Policy"]
    assert b"boss@" not in clerk.get(url("draft:source")).content
    assert not Message.objects.exists()
    assert not OrderDocument.objects.exists()
    sent = clerk.post(url("letter_dispatch"), {"token": typed["token"]})
    assert sent.status_code == 302
    assert Message.objects.get().deliveries.count() == 2


def test_what_changed_after_the_preview_is_said_before_it_leaves(clerk, url, typed):
    page = clerk.post(url("letter_preview"), typed)
    [previewed] = re.findall(r'name="previewed" value="(\w+)"', page.text)
    clerk.post(url(), typed | {"body": "Typed in another window."})
    looked_at = {"token": typed["token"], "previewed": previewed}
    again = clerk.post(url("letter_dispatch"), looked_at)
    assert again.status_code == 409
    assert "is not the one that you looked at" in again.text
    assert "Typed in another window." in again.text
    assert not Message.objects.exists()
    seen = re.findall(r'name="seen" value="([^"]+)"', again.text)
    assert clerk.post(url("letter_dispatch"), looked_at | {"seen": seen}).status_code == 302


def test_the_pages_of_a_preview_are_pictures(clerk, url, typed):
    page = clerk.post(url("letter_preview"), typed | {"documents": ["order-confirmation"]})
    [shown] = page.context["reading"].files
    picture = clerk.get(shown.pictures[0].url)
    assert picture.headers["Content-Type"] == "image/png"
    assert clerk.get(shown.url).content.startswith(b"%PDF-")
    assert clerk.get(url("draft:file", 99)).status_code == 404


def test_files_go_up_and_come_off(clerk, url, typed):
    files = [SimpleUploadedFile("terms.pdf", PDF), SimpleUploadedFile("virus.exe", b"MZ")]
    page = clerk.post(url("letter_files"), typed | {"files": files})
    assert page.status_code == 422
    assert "terms.pdf" in page.text
    assert "are not sent" in page.text
    file = DraftFile.objects.get()
    assert "terms.pdf" not in clerk.post(url("letter_file_removal", file.pk), typed).text


def test_a_system_e_mail_fills_and_is_undone(clerk, order, url, typed):
    email = world.email(subject="About {{ order.number }}")
    page = clerk.post(url("letter_text"), typed | {"system_email": email.pk}).text
    assert f'value="About {order.number}"' in page
    assert "Bring back what stood here" in page
    assert 'value="Your order"' in clerk.post(url("letter_undo"), typed | {"subject": f"About {order.number}"}).text


def test_a_system_e_mail_that_cannot_be_written_says_why(clerk, url, typed):
    email = SystemEmail.objects.create(code="empty", name="Empty", context="order")
    page = clerk.post(url("letter_text"), typed | {"system_email": email.pk})
    assert page.status_code == 422
    assert "has no text in any language" in page.text
    assert "all is well." in page.text


def test_a_reader_looks_and_does_not_write(cleo, order, url, typed):
    client = Client()
    client.force_login(cleo)
    assert "letter-dialog" not in client.get(url("order")).text
    assert client.get(url("communication")).status_code == 200
    for name in (
        "new_letter",
        "letter_dispatch",
        "letter_preview",
        "letter_text",
        "letter_files",
        "letter_removal",
        "draft:html",
    ):
        assert client.post(url(name), typed).status_code == 403
    assert not Message.objects.exists()
