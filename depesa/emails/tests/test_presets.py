"""The letters that Depesa brings: in three languages, saved without a problem, filled with much and with little."""

import pytest

from depesa.emails import services as letters
from depesa.emails.models import SystemEmail, SystemEmailText
from depesa.emails.placeholders import context_of
from depesa.emails.presets import PRESETS, draft_of

pytestmark = pytest.mark.django_db
LANGUAGES = ("en", "cs", "lt")
CODES = [
    "order-received",
    "order-received-transfer",
    "order-received-guest",
    "order-received-guest-transfer",
    "order-summary",
    "registration",
    "registration-after-order",
    "forgotten-password",
    "newsletter-opt-in",
    "contact-form",
]


def filled(code, language, *, is_sparse=False):
    email = SystemEmail.objects.get(code=code)
    return letters.fill(code, language, context_of(email.context).samples(language, is_sparse=is_sparse))


def test_every_preset_is_there_bound_to_its_event(company):
    bound = SystemEmail.objects.filter(is_preset=True).values_list("code", "event")
    assert {(code, code) for code in (*CODES, "monthly-statement")} == set(bound)
    assert SystemEmail.objects.filter(code="order-sent", is_preset=False, event="").exists()
    assert SystemEmail.objects.get(code="invoice-issued").document_types.get().code == "invoice"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_can_be_saved_and_filled(company, language):
    for text in SystemEmailText.objects.filter(language=language).select_related("system_email"):
        email = text.system_email
        assert letters.check(email.context, text.subject, text.body, text.html) == [], email.code
        for is_sparse in (False, True):
            letter = filled(email.code, language, is_sparse=is_sparse)
            for part in (letter.subject, letter.text, letter.html):
                assert "{" not in part
                assert "None" not in part
            assert "\n\n\n" not in letter.text
            assert "<p></p>" not in letter.html
            assert bool(letter.html) is bool(text.html)


@pytest.mark.parametrize("language", LANGUAGES)
def test_html_and_text_part_say_the_same(company, language):
    for code in [*CODES, "order-sent", "invoice-issued"]:
        letter = filled(code, language)
        for line in letter.text.splitlines():
            start = line.strip("- ").split(" = ")[0].split(": ")[0]
            if start and "http" not in start and "×" not in start:
                assert start.rstrip(":").replace("&", "&amp;") in letter.html, (code, start)


def test_transfer_tells_how_to_pay_and_the_others_do_not(company):
    assert "LT12 1000 0111 0100 1000" in filled("order-received-transfer", "cs").text
    assert "LT12 1000 0111 0100 1000" not in filled("order-received", "cs").text
    assert "Variabilní symbol: <strong>2011000118</strong>" in filled("order-received-guest-transfer", "cs").html


def test_links_of_accounts_are_buttons_and_stand_in_the_text_part(company):
    letter = filled("forgotten-password", "lt")
    assert 'href="https://vaivorykste.example/account/Xw3f7q/"' in letter.html
    assert "\nhttps://vaivorykste.example/account/Xw3f7q/\n" in letter.text


def test_contact_form_says_received_or_answers(company):
    assert filled("contact-form", "cs").subject == "Odpověď na Vaši zprávu"
    assert filled("contact-form", "cs", is_sparse=True).subject == "Vaši zprávu jsme dostali"


def test_drafts_are_what_the_database_came_with(company):
    for code in PRESETS:
        for text in SystemEmailText.objects.filter(system_email__code=code):
            draft = draft_of(code, text.language)
            assert (draft.subject, draft.text, draft.html) == (text.subject, text.body, text.html), code
