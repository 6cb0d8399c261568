"""System e-mails themselves: one's own, copies, what holds in all languages, files."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from depesa.documents.models import DocumentType
from depesa.emails import services as letters
from depesa.emails.contributions import USAGES, Usage, Usages
from depesa.emails.models import SystemEmail
from depesa.files.tests.pages import PAGES
from depesa.history.models import Entry
from depesa.outbox.models import SenderAddress
from tests.plugs import brought

pytestmark = pytest.mark.django_db
PDF = PAGES


@pytest.fixture
def desk(client, ada, company):
    """Ada's browser."""
    client.force_login(ada)
    return client


def page_of(code="order-sent", view="email"):
    return reverse(f"emails:{view}", args=[code])


def test_the_list_has_preset_ones_first_with_what_they_are_for(desk):
    page = desk.get(reverse("emails:system_emails"))
    codes = [overview.email.code for overview, _usages in page.context["rows"]]
    assert set(codes[-2:]) == {"order-sent", "invoice-issued"}
    assert "Goes when a customer asks for a new password; its link works once" in page.text


def test_one_of_ones_own(desk, ada):
    answer = desk.post(reverse("emails:new"), {"name": "Ready to collect", "context": "order"})
    email = SystemEmail.objects.get(code="ready-to-collect")
    assert answer.url == reverse("emails:text", args=[email.code, "en"])
    assert (email.is_preset, email.event, email.context) == (False, "", "order")
    assert Entry.objects.get(event="emails.email-added").actor == ada
    assert desk.get(answer.url).status_code == 200


def test_names_that_would_be_addresses_or_are_taken_get_a_number(ada):
    assert letters.add("New", "order", by=ada).code == "new-2"
    assert letters.add("Paste", "order", by=ada).code == "paste-2"
    assert [letters.add("Žádost", "order", by=ada).code for _ in range(3)] == ["zadost", "zadost-2", "zadost-3"]
    assert letters.add("…", "order", by=ada).code == "letter"


def test_settings_are_kept_and_told(desk, ada):
    now = timezone.now()
    SenderAddress.objects.create(address="shop@vaivorykste.example", asked_at=now, asked_by=ada, verified_at=now)
    invoice = DocumentType.objects.get(code="invoice")
    typed = {"name": "Sent", "is_active": "on", "sender": "shop@vaivorykste.example", "document_types": [invoice.pk]}
    desk.post(page_of(), {**typed, "hidden_copy": "archive@vaivorykste.example", "description": "Goods have left."})
    email = SystemEmail.objects.get(code="order-sent")
    assert (email.name, email.sender, email.hidden_copy) == ("Sent", typed["sender"], "archive@vaivorykste.example")
    assert list(email.document_types.all()) == [invoice]
    entry = Entry.objects.get(event="emails.email-changed")
    assert entry.after["documents"] == "invoice"
    assert "active" not in entry.after


@pytest.mark.parametrize("field", ["sender", "hidden_copy"])
def test_addresses_are_checked(desk, field):
    page = desk.post(page_of(), {"name": "Sent", field: "nobody at all"})
    assert page.status_code == 422
    assert page.context["form"].errors[field]
    assert "nobody at all" in page.text


def test_a_preset_one_keeps_name_and_event(desk):
    desk.post(page_of("registration"), {"name": "Mine", "event": "other"})
    email = SystemEmail.objects.get(code="registration")
    assert (email.event, email.is_active) == ("registration", False)
    assert "Mine" not in desk.get(reverse("emails:system_emails")).text


def test_a_copy_has_texts_files_and_no_event(desk, ada):
    original = SystemEmail.objects.get(code="order-received")
    letters.attach(original, "terms.pdf", PDF, by=ada)
    desk.post(page_of("order-received", "copy"))
    copy = SystemEmail.objects.get(code="order-received-copy")
    assert (copy.is_preset, copy.event) == (False, "")
    assert copy.texts.count() == 3
    assert copy.files.get().name == "terms.pdf"
    assert copy.texts.get(language="lt").html == original.texts.get(language="lt").html


def test_ones_own_is_deleted_if_nothing_uses_it(desk, ada):
    email = letters.add("Ready", "order", by=ada)
    state = Usage("State “Ready”", "/settings/states/1/")
    with brought(USAGES, Usages(lambda one: [state] if one == email else [])):
        page = desk.post(page_of("ready", "removal"), follow=True)
    assert "It is used by: State “Ready”. Choose another one there first." in page.text
    assert "/settings/states/1/" in page.text
    desk.post(page_of("ready", "removal"))
    assert not SystemEmail.objects.filter(code="ready").exists()


def test_a_preset_one_is_never_deleted(desk):
    assert "bound to its event" in desk.get(page_of("registration", "removal")).text
    desk.post(page_of("registration", "removal"))
    assert SystemEmail.objects.filter(code="registration").exists()


def test_files_go_along_and_are_taken_away(desk):
    upload = SimpleUploadedFile("terms.pdf", PDF)
    desk.post(page_of(view="attach"), {"file": upload})
    file = SystemEmail.objects.get(code="order-sent").files.select_related("blob").get()
    assert (file.name, file.media_type, bytes(file.blob.content)) == ("terms.pdf", "application/pdf", PDF)
    assert "terms.pdf" in desk.get(page_of()).text
    desk.post(reverse("emails:detach", args=["order-sent", file.pk]))
    assert not SystemEmail.objects.get(code="order-sent").files.exists()


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("run.exe", b"MZ", "are not sent"),
        ("terms.pdf", b"<html>", "is not a PDF"),
        ("twice.pdf", PDF, "goes along already"),
    ],
)
def test_files_that_cannot_go_along_are_refused_in_words(desk, ada, name, content, said):
    letters.attach(SystemEmail.objects.get(code="order-sent"), "twice.pdf", PDF, by=ada)
    page = desk.post(page_of(view="attach"), {"file": SimpleUploadedFile(name, content)})
    assert page.status_code == 422
    assert said in page.context["file_form"].errors["file"][0]


def test_files_of_a_letter_are_together_no_larger_than_one_may_be(ada, monkeypatch):
    monkeypatch.setattr("depesa.emails.services.emails.LARGEST", 2 * len(PDF))
    email = SystemEmail.objects.get(code="order-sent")
    letters.attach(email, "one.pdf", PDF, by=ada)
    letters.attach(email, "two.pdf", PDF, by=ada)
    with pytest.raises(letters.emails.FileRefused, match="too big"):
        letters.attach(email, "three.pdf", PDF, by=ada)
