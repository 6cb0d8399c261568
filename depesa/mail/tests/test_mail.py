"""Letters of strangers are read leniently, quickly and never run."""

import time
from email.message import EmailMessage

import pytest

from depesa.mail.letter import clean, count_files, decode, read_head, read_letter
from depesa.mail.plain import text_of

PNG = b"\x89PNG\r\n\x1a\n-a-picture"


def _letter(**headers: str) -> EmailMessage:
    message = EmailMessage()
    message["From"] = "Vaivorykštė UAB <info@vaivorykste.example>"
    message["To"] = "Cleo Šviesa <cleo@statyba.example>"
    message["Subject"] = "2026 m. gegužės mėn. sąskaitų sąrašas"
    message["Date"] = "Mon, 01 Jun 2026 10:42:07 +0300"
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    return message


def test_text_html_and_files_are_told_apart():
    message = _letter()
    message.set_content("Labas,\nprašome patikrinti.\n")
    message.add_alternative("<p>Labas</p>", subtype="html")
    message.add_attachment(b"%PDF-1.7 x", maintype="application", subtype="pdf", filename="sąrašas.pdf")
    message.add_attachment("a;b\n", subtype="csv", filename="sarasas.csv")
    letter = read_letter(message.as_bytes())
    assert letter.text.startswith("Labas,\nprašome patikrinti.")
    assert letter.written_html.strip() == "<p>Labas</p>"
    assert [(part.name, part.media_type) for part in letter.attachments] == [
        ("sąrašas.pdf", "application/pdf"),
        ("sarasas.csv", "text/csv"),
    ]
    assert letter.file(letter.attachments[0].number).content == b"%PDF-1.7 x"
    assert letter.file(99) is None


def test_headers_are_decoded():
    head = read_head(_letter(Reply_To="b@x.example").as_bytes())
    assert head.sender == "Vaivorykštė UAB <info@vaivorykste.example>"
    assert head.subject == "2026 m. gegužės mėn. sąskaitų sąrašas"
    assert head.written_at.isoformat() == "2026-06-01T10:42:07+03:00"
    assert head.headers[0][0] == "From"
    assert head.to == "Cleo Šviesa <cleo@statyba.example>"


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("=?utf-8?q?=C4=8Ce=C5=A1tina?=", "Čeština"),
        ("=?x-unknown?q?abc?=", "abc"),
        ("=?utf-8?b?####?= x", "x"),
        ("=?utf-8?b?a?=", "=?utf-8?b?a?="),
        ("two\r\n lines", "two lines"),
        ("zero\0width", "zero\N{REPLACEMENT CHARACTER}width"),
    ],
)
def test_broken_headers_are_shown_as_far_as_they_go(raw, shown):
    assert decode(raw) == shown


def test_pictures_of_the_letter_itself_stand_in_its_html():
    message = _letter()
    message.set_content("text")
    message.add_alternative('<img src="cid:logo@x"><img src="https://evil.example/x.png">', subtype="html")
    message.get_payload()[1].add_related(PNG, maintype="image", subtype="png", cid="<logo@x>")
    letter = read_letter(message.as_bytes())
    assert 'src="data:image/png;base64,' in letter.html
    assert "https://evil.example/x.png" in letter.html  # the sandbox refuses it; the letter stays what it was
    assert letter.attachments == ()


def _nested(depth: int) -> bytes:
    lines = [f'Content-Type: multipart/mixed; boundary="b{n}"\r\n\r\n--b{n}\r\n' for n in range(depth)]
    return b"Subject: deep\r\n" + "".join(lines).encode() + b"\r\nend\r\n"


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(_nested(500), id="104: 500 nested parts"),
        pytest.param(b"Subject: x\n" + b"Content-Type: message/rfc822\n\n" * 5000, id="5,000 letters in each other"),
        pytest.param(
            b'Subject: x\nContent-Type: multipart/mixed; boundary="b"\n\n' + b"--b\n\nx\n" * 100_000,
            id="100,000 parts side by side",
        ),
    ],
)
def test_104_dishonest_letters_are_not_taken_apart(content):
    started = time.process_time()
    letter = read_letter(content)
    assert not letter.is_whole
    assert letter.files == ()
    assert letter.head.subject in {"deep", "x"}
    assert time.process_time() - started < 2


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"\0" * 10_000, id="NULs"),
        pytest.param(b"no header at all, only words", id="no header"),
        pytest.param(b"Subject: " + b"x" * 3_000_000 + b"\r\n\r\nbody", id="a header of 3 MB"),
        pytest.param(b"X-A: b\r\n" * 200_000 + b"\r\nbody", id="200,000 headers"),
        pytest.param(b"To: " + b'"a" <' * 50_000 + b"\r\n\r\nbody", id="50,000 brackets"),
        pytest.param(b"Date: Mon, 99 Foo 9999999999 99:99:99 +9999\r\n\r\nbody", id="no date"),
        pytest.param(b'Content-Type: text/plain; charset="\xff\xfe"\r\n\r\n\xff\xfe', id="no charset"),
        pytest.param(b"Content-Type: text/plain; charset*=x'y\r\n\r\nbody", id="broken parameter"),
        pytest.param(b"Content-Type: multipart/mixed\r\n\r\nno boundary", id="multipart without boundary"),
        pytest.param(b"Content-Transfer-Encoding: base64\r\n\r\n!!!!", id="no base64"),
        pytest.param(b"Content-Disposition: attachment; filename*=utf-8''%FF%00..%2F..%2Fx\r\n\r\nx", id="bad name"),
    ],
)
def test_hostile_letters_are_read_quickly_and_never_fail(content):
    started = time.process_time()
    letter = read_letter(content)
    assert time.process_time() - started < 2
    shown = [letter.text, letter.html, letter.head.subject, *(part.name for part in letter.files)]
    assert not any("\0" in text or "/" in text[:0] for text in shown)
    assert all(len(value) <= 4_000 for _name, value in letter.head.headers)
    assert len(letter.head.headers) <= 200


def test_names_of_files_are_no_paths():
    letter = read_letter(
        b'Content-Type: application/pdf\r\nContent-Disposition: attachment; filename="../../etc/passwd"\r\n\r\nx'
    )
    assert letter.files[0].name == ".._.._etc_passwd"


def test_a_letter_within_a_letter_is_a_file():
    inner = _letter()
    inner.set_content("inner")
    outer = _letter()
    outer.set_content("outer")
    outer.add_attachment(inner)
    letter = read_letter(outer.as_bytes())
    assert letter.text.strip() == "outer"
    assert letter.attachments[0].name.endswith(".eml")
    assert b"inner" in letter.attachments[0].content


def test_files_are_counted_without_taking_the_letter_apart():
    message = _letter()
    message.set_content("x")
    assert count_files(message.as_bytes()) == 0
    message.add_attachment(b"x", maintype="application", subtype="pdf", filename="a.pdf")
    message.add_attachment(b"y", maintype="application", subtype="pdf", filename="b.pdf")
    assert count_files(message.as_bytes()) == 2


def test_clean_keeps_lines_and_drops_what_no_database_takes():
    assert clean("a\nb\tc\0\ud800") == "a\nb\tc\N{REPLACEMENT CHARACTER}\N{REPLACEMENT CHARACTER}"


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("Dear Ona,<p>your order</p>", "Dear Ona,\nyour order"),
        ("<table><tr><th>Item</th><th>Price</th></tr><tr><td>A</td><td>5</td></tr></table>", "Item\tPrice\nA\t5"),
        ("<blockquote>quoted</blockquote>after", "quoted\nafter"),
        ("before<blockquote>quoted</blockquote>", "before\nquoted"),
        ("a<br/>b<br>c", "a\nb\nc"),
        ("a<br><br>b", "a\n\nb"),
        ("<h2>Title</h2>text<ul><li>one<li>two</ul>end", "Title\ntext\none\ntwo\nend"),
        ("one<pre>two</pre>three", "one\ntwo\nthree"),
    ],
)
def test_words_of_blocks_do_not_run_together(html, text):
    assert text_of(html) == text
