"""The catcher's pages show letters as a mail program would, and run nothing that stands in them."""

from email.message import EmailMessage

import pytest
from django.urls import reverse

from depesa.catcher import services
from depesa.catcher.models import CaughtLetter
from depesa.catcher.tests.test_kept import keep
from depesa.mail.frames import SANDBOX

SCRIPT = "<script>alert(1)</script>"


@pytest.fixture
def caught(db):
    message = EmailMessage()
    message["From"] = "info@vaivorykste.example"
    message["To"] = "cleo@statyba.example"
    message["Subject"] = f"Sąrašas {SCRIPT}"
    message.set_content("Labas, Rasa")
    message.add_alternative(f"<p>Labas</p>{SCRIPT}<img src=https://evil.example/x.png>", subtype="html")
    message.add_attachment(b"%PDF-1.4 broken", maintype="application", subtype="pdf", filename='sąrašas"2026.pdf')
    message.add_attachment(SCRIPT.encode(), maintype="text", subtype="html", filename="evil.html")
    return keep("info@vaivorykste.example", ["cleo@statyba.example"], message.as_bytes())


def _url(name, *args):
    return reverse(f"catcher:{name}", args=args)


@pytest.fixture
def reader(client, cleo):
    client.force_login(cleo)
    return client


def test_the_list_teaches_when_it_is_empty(reader):
    assert "No letter was caught yet" in reader.get(_url("letters")).text


def test_a_letter_is_shown_and_then_read(reader, caught):
    page = reader.get(_url("letter", caught.pk)).text
    assert SCRIPT not in page
    assert "Sąrašas &lt;script&gt;" in page
    assert f'sandbox src="{_url("html", caught.pk)}"' in page
    assert "evil.html" in page
    caught.refresh_from_db()
    assert caught.is_read


@pytest.mark.parametrize(
    ("view", "expected"),
    [("text", "Labas, Rasa"), ("headers", "Content-Type"), ("source", "MIME-Version: 1.0"), ("nonsense", "<iframe")],
)
def test_every_way_to_look_at_it(reader, caught, view, expected):
    page = reader.get(_url("letter", caught.pk), {"view": view}).text
    assert expected in page
    assert SCRIPT not in page


def test_html_comes_in_a_sandbox(reader, caught):
    response = reader.get(_url("html", caught.pk))
    policy = response.headers["Content-Security-Policy"]
    assert policy.startswith("sandbox; default-src 'none'; img-src data:; style-src 'unsafe-inline'")
    assert "script" not in policy
    assert "allow" not in policy
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert set(SANDBOX) == {part.split(" ")[0] for part in policy.split("; ")}


def test_files_are_typed_by_us_and_not_by_the_stranger(reader, caught):
    pdf = reader.get(_url("file", caught.pk, 2))
    assert pdf.headers["Content-Type"] == "application/pdf"
    assert pdf.headers["Content-Disposition"] == (
        "inline; filename=\"s_ra_as_2026.pdf\"; filename*=UTF-8''s%C4%85ra%C5%A1as%222026.pdf"
    )
    html = reader.get(_url("file", caught.pk, 3))
    assert html.headers["Content-Type"] == "application/octet-stream"
    assert html.headers["Content-Disposition"].startswith("attachment; ")
    assert "sandbox" in html.headers["Content-Security-Policy"]
    assert reader.get(_url("file", caught.pk, 9)).status_code == 404


def test_a_pdf_that_cannot_be_read_has_no_pictures(reader, caught):
    assert reader.get(_url("file_page", caught.pk, 2, 1)).status_code == 404
    assert "page-picture" not in reader.get(_url("letter", caught.pk)).text


def test_the_source_is_what_came(reader, caught):
    response = reader.get(_url("source", caught.pk))
    assert response.content == bytes(caught.content)
    assert response.headers["Content-Disposition"].startswith("attachment; ")


@pytest.mark.parametrize(("text", "count"), [("sąrašas", 1), ("statyba.example", 1), ("bicycle", 0), ("\0", 1)])
def test_search_finds_subject_and_addresses(reader, caught, text, count):
    page = reader.get(_url("letters"), {"q": text})
    assert len(page.context["page"].rows) == count


def test_pages_are_found_by_key(reader, django_assert_max_num_queries):
    services.keep_many(
        [services.Caught("a@x.example", ["b@y.example"], f"Subject: {n}\n\n".encode()) for n in range(120)]
    )
    with django_assert_max_num_queries(7):
        first = reader.get(_url("letters"))
    assert [row.subject for row in first.context["page"].rows[:2]] == ["119", "118"]
    second = reader.get(first.context["older_url"])
    assert second.context["page"].rows[0].subject == "69"
    assert second.context["newer_url"]


def test_new_letters_are_told_while_the_list_is_open(reader, caught):
    assert f'hx-get="{_url("news", caught.pk)}"' in reader.get(_url("letters")).text
    assert "button" not in reader.get(_url("news", caught.pk)).text
    keep("a@x.example", ["b@y.example"], b"Subject: later\n\n")
    fragment = reader.get(_url("news", caught.pk)).text
    assert "1 new letter" in fragment
    assert "<html" not in fragment
    assert _url("news", caught.pk) not in reader.get(_url("letters"), {"q": "later"}).text


def test_emptying_asks_first_and_needs_the_right(client, ben, reader, caught):
    assert reader.get(_url("removal")).status_code == 403
    client.force_login(ben)
    assert "Throw away" in client.get(_url("removal")).text
    assert CaughtLetter.objects.exists()
    client.post(_url("removal"))
    assert not CaughtLetter.objects.exists()


@pytest.mark.parametrize("name", ["letters", "letter", "html", "source"])
def test_nobody_without_access_sees_a_letter(client, dan, caught, name):
    client.force_login(dan)
    assert client.get(_url(name, *([caught.pk] if name != "letters" else []))).status_code == 403
