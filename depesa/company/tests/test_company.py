"""Our own firm: codes are checked, pictures are pictures, changes are remembered."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from depesa.company.models import Company
from depesa.company.queries import current
from depesa.core.codes import CodeFault, account_fault, company_code_fault, vat_code_fault
from depesa.history.models import Entry

pytestmark = pytest.mark.django_db
GOOD = {
    "name": "Vaivorykštė UAB",
    "country": "LT",
    "company_code": "121215434",
    "vat_code": "LT212154314",
    "city": "Vilnius",
    "email": "info@vaivorykste.example",
    "website": "vaivorykste.example",
    "bank_account": "lt12 1000 0111 0100 1000",
    "currency": "EUR",
    "language": "lt",
    "time_zone": "Europe/Vilnius",
}


def picture(kind="PNG", size=(40, 20), mode="RGB"):
    written = io.BytesIO()
    Image.new(mode, size).save(written, kind)
    return written.getvalue()


@pytest.fixture
def send(client, ada):
    client.force_login(ada)

    def post(**changes):
        return client.post(reverse("company:company"), {**GOOD, **changes})

    return post


def test_first_company_is_saved_and_remembered(send, ada):
    assert send().status_code == 302
    firm = current()
    assert (firm.name, firm.bank_account, firm.website) == (
        "Vaivorykštė UAB",
        "LT121000011101001000",
        "https://vaivorykste.example",
    )
    entry = Entry.objects.get(event="company.changed")
    assert (entry.actor, entry.after["bank_account"]) == (ada, "LT121000011101001000")


def test_hidden_characters_and_line_breaks_do_not_stay_in_the_name(send):
    assert send(name="Vaivo\u202erykštė\r\nBcc: x@y.example").status_code == 302
    assert current().name == "Vaivorykštė Bcc: x@y.example"


def test_history_tells_only_what_changed(send):
    send()
    send(bank_account="CZ6508000000192000145399")
    assert Entry.objects.last().before == {"bank_account": "LT121000011101001000"}
    send(bank_account="CZ6508000000192000145399")
    assert Entry.objects.count() == 2


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("company_code", "121215435", "Check digit does not match."),
        ("company_code", "12121", "wrong length or wrong characters"),
        ("vat_code", "LT212154315", "Check digit does not match."),
        ("bank_account", "LT121000011101001001", "Check digit does not match."),
        ("bank_account", "!!", "wrong length or wrong characters"),
        ("email", "info@", "The part after @ needs a domain"),
        ("website", "javascript:alert(1)", "The website begins with https:// or http://."),
        ("website", "www.a.cz, www.b.cz", "The website begins with https:// or http://."),
        ("website", "firma.cz (e-shop)", "The website begins with https:// or http://."),
        ("website", "ftp://x.example", "The website begins with https:// or http://."),
        ("time_zone", "Europe/Vilnus", "Select a valid choice."),
        ("currency", "XXX", "Select a valid choice."),
        ("name", "", "This field is required."),
    ],
)
def test_inputs_81_and_82_wrong_values_are_answered_at_the_field(send, field, typed, said):
    page = send(**{field: typed, "city": "Kaunas"})
    assert page.status_code == 422
    assert said in " ".join(page.context["form"].errors[field])
    assert "Kaunas" in page.text
    assert not Company.objects.exists()


@pytest.mark.parametrize(
    ("code", "country", "fault"),
    [
        ("27082440", "CZ", None),
        ("12345678", "CZ", CodeFault.CHECK_DIGIT),
        ("2708244", "CZ", CodeFault.SHAPE),
        ("304 871 236", "LT", CodeFault.CHECK_DIGIT),
        ("121215434", "LT", None),
        ("1234567", "LT", None),
        ("anything", "US", None),
    ],
)
def test_input_81_company_codes(code, country, fault):
    assert company_code_fault(code, country) is fault


@pytest.mark.parametrize(
    ("code", "country", "fault"),
    [
        ("CZ27082440", "", None),
        ("27082440", "CZ", None),
        ("CZ12345678", "", CodeFault.CHECK_DIGIT),
        ("LT119511515", "CZ", None),
        ("LT1", "", CodeFault.SHAPE),
        ("12", "", None),
    ],
)
def test_input_81_vat_codes(code, country, fault):
    assert vat_code_fault(code, country) is fault


def test_input_82_bank_account():
    assert account_fault("CZ65 0800 0000 1920 0014 5399", "CZ") is None
    assert account_fault("CZ65 0800 0000 1920 0014 5398", "CZ") is CodeFault.CHECK_DIGIT


@pytest.mark.parametrize(
    ("typed", "country", "fault"),
    [
        ("19-2000145399/0800", "CZ", None),
        ("2000145399/0800", "", None),
        ("19-2000145398/0800", "CZ", CodeFault.CHECK_DIGIT),
        ("18-2000145399/0800", "CZ", CodeFault.CHECK_DIGIT),
        ("19-2000145399/080", "CZ", CodeFault.SHAPE),
        ("19-2000145399/0800", "LT", CodeFault.SHAPE),
    ],
)
def test_a_czech_account_is_checked_by_its_own_digits(typed, country, fault):
    """Decree 169/2011 of the Czech National Bank: prefix and number are multiples of 11 in its weights."""
    assert account_fault(typed, country) is fault


def test_a_czech_account_is_kept_with_its_dash(send):
    czech = {"country": "CZ", "company_code": "27082440", "vat_code": "CZ27082440"}
    send(bank_account=" 19-2000145399 / 0800", **czech)
    assert Company.objects.get().bank_account == "19-2000145399/0800"


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_logo_is_kept_and_shown(client, send, kind):
    send(new_logo=SimpleUploadedFile("anything.exe", picture(kind)))
    answer = client.get(reverse("company:logo"))
    assert answer.headers["Content-Type"] == f"image/{kind.lower()}"
    assert Image.open(io.BytesIO(answer.content)).size == (40, 20)
    send(drop_logo="on")
    assert current().logo is None
    assert client.get(reverse("company:logo")).status_code == 404


@pytest.mark.parametrize(
    "content",
    [
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"https://elsewhere.example/logo.png",
        b"\x89PNG\r\n\x1a\nbroken",
        picture("GIF", mode="P"),
        picture("JPEG", mode="CMYK"),
        picture("PNG", size=(5000, 5000), mode="1"),
        picture("PNG") + b"x" * 2_100_000,
    ],
    ids=["svg", "remote", "broken", "gif", "cmyk", "too many pixels", "too large"],
)
def test_input_86_other_logos_are_refused(send, content):
    page = send(new_logo=SimpleUploadedFile("logo.png", content, "image/png"))
    assert page.status_code == 422
    assert page.context["form"].errors["new_logo"] == ["Upload PNG or JPEG up to 2 MB."]


def test_what_a_camera_wrote_into_the_picture_goes(client, send):
    written, exif = io.BytesIO(), Image.Exif()
    exif[0x010E] = "secret place"
    Image.new("RGB", (9, 9)).save(written, "JPEG", exif=exif)
    assert b"secret place" in written.getvalue()
    send(new_logo=SimpleUploadedFile("a.jpg", written.getvalue()))
    assert b"secret place" not in client.get(reverse("company:logo")).content
