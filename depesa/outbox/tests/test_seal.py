"""Letters become bytes; the numbers are those of the list of bad inputs."""

import datetime as dt
import email
import hashlib
import re
import unicodedata
import uuid
from dataclasses import replace
from email import policy
from email.header import decode_header, make_header

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from depesa.core.errors import DomainError
from depesa.mail.filenames import safe_name
from depesa.mail.plain import text_of
from depesa.outbox.mime import (
    Attachment,
    Draft,
    LetterNotSealed,
    Mailbox,
    SealBroken,
    assemble,
    new_message_id,
    seal,
    unseal,
)

VILNIUS = dt.timezone(dt.timedelta(hours=3))
PDF = b"%PDF-1.7\n" + bytes(range(256)) * 40
DRAFT = Draft(
    sender=Mailbox("info@vaivorykste.example", "Vaivorykštė UAB"),
    to=(Mailbox("jan@firma.example", "Jan Novák"),),
    subject="Sąskaitų sąrašas, 2011 m. liepa",
    text="Dobrý den,\n\nv příloze je seznam dokladů.\n",
    html="<p>Dobrý den,</p><p>v příloze je seznam dokladů.</p>",
    message_id=new_message_id(uuid.UUID(int=7), 3, "vaivorykste.example"),
    date=dt.datetime(2011, 8, 1, 9, 30, tzinfo=VILNIUS),
    attachments=(Attachment("Sarasas-2011-07.pdf", "application/pdf", PDF),),
)


def whole(draft):
    sealed = seal(draft)
    return unseal(sealed.skeleton, sealed.parts, sealed.sha256)


def read(draft):
    return email.message_from_bytes(whole(draft), policy=policy.default)


def name_of(letter, header):
    """Read a name as RFC 2047 6.2 says: blanks between encoded words go (the parser of Python 3.13 keeps them)."""
    raw = next(value for key, value in letter.raw_items() if key == header)
    phrase = re.sub("[\r\n]", "", re.sub(r"\?=\s+=\?", "?==?", raw)).rpartition("<")[0]
    (person,) = policy.default.header_factory(header, f"{phrase}<a@b.example>").addresses
    return person.display_name


def text_parts(letter):
    return {p.get_content_subtype(): p.get_content() for p in letter.walk() if p.get_content_maintype() == "text"}


def assert_travels_unchanged(data):
    assert all(byte < 128 for byte in data)
    assert b"\0" not in data
    assert not re.search(rb"\r(?!\n)|(?<!\r)\n", data), "a bare CR or LF"
    assert max(map(len, data.split(b"\r\n"))) <= 998


def test_a_letter_says_what_the_draft_says():
    letter = read(DRAFT)
    assert letter["Subject"] == DRAFT.subject
    assert letter["From"].addresses[0].display_name == "Vaivorykštė UAB"
    assert letter["To"].addresses[0].display_name == "Jan Novák"
    assert letter["To"].addresses[0].addr_spec == "jan@firma.example"
    assert letter["Date"].datetime == DRAFT.date
    assert letter["Message-ID"] == "<00000000000000000000000000000007.3@vaivorykste.example>"
    assert text_parts(letter)["plain"].splitlines() == DRAFT.text.splitlines()
    assert text_parts(letter)["html"].strip() == DRAFT.html
    assert [p.get_content() for p in letter.iter_attachments()] == [PDF]
    assert [p.get_filename() for p in letter.iter_attachments()] == ["Sarasas-2011-07.pdf"]
    assert [p.get_content_type() for p in letter.walk()] == [
        "multipart/mixed",
        "multipart/alternative",
        "text/plain",
        "text/html",
        "application/pdf",
    ]
    assert not letter.defects
    assert_travels_unchanged(whole(DRAFT))
    assert max(map(len, whole(DRAFT).split(b"\r\n"))) <= 78


def test_sealing_twice_gives_the_same_bytes():
    assert seal(DRAFT) == seal(replace(DRAFT))
    assert seal(DRAFT).sha256 == hashlib.sha256(whole(DRAFT)).hexdigest()
    assert seal(DRAFT).size == len(whole(DRAFT))


def test_a_file_is_kept_once_and_as_itself():
    draft = replace(DRAFT, attachments=(*DRAFT.attachments, Attachment("kopie.pdf", "application/pdf", PDF)))
    sealed = seal(draft)
    assert sealed.parts == {hashlib.sha256(PDF).hexdigest(): PDF}
    assert len(sealed.skeleton) < 2500
    assert [p.get_content() for p in read(draft).iter_attachments()] == [PDF, PDF]


def test_a_changed_or_missing_part_is_never_sent():
    sealed = seal(DRAFT)
    (sha,) = sealed.parts
    with pytest.raises(SealBroken, match="not what was sealed"):
        unseal(sealed.skeleton, {sha: PDF + b"x"}, sealed.sha256)
    with pytest.raises(SealBroken, match=sha):
        unseal(sealed.skeleton, {}, sealed.sha256)
    with pytest.raises(SealBroken):
        unseal(sealed.skeleton.replace(b"Dobr", b"Spat"), sealed.parts, sealed.sha256)


def test_runs_say_that_no_person_wrote_them_and_people_do_not():
    assert read(DRAFT)["Auto-Submitted"] == "auto-generated"
    assert read(DRAFT)["X-Auto-Response-Suppress"] == "All"
    by_hand = read(replace(DRAFT, is_automatic=False))
    assert by_hand["Auto-Submitted"] is None
    assert by_hand["X-Auto-Response-Suppress"] is None


def test_a_second_revision_answers_in_the_same_thread():
    ids = ("<a.1@vaivorykste.example>", "<b.1@vaivorykste.example>")
    letter = read(replace(DRAFT, in_reply_to=ids[1], references=ids))
    assert letter["In-Reply-To"] == ids[1]
    assert letter["References"].split() == list(ids)


def test_copies_and_reply_to_stand_in_the_head():
    draft = replace(DRAFT, cc=(Mailbox("eva@firma.example"),), reply_to=Mailbox("desk@vaivorykste.example", "Desk"))
    letter = read(draft)
    assert letter["Cc"] == "eva@firma.example"
    assert letter["Reply-To"] == "Desk <desk@vaivorykste.example>"
    assert letter["Bcc"] is None


def test_a_letter_without_html_and_files_is_plain_text():
    assert read(replace(DRAFT, html="", attachments=())).get_content_type() == "text/plain"
    assert read(replace(DRAFT, attachments=())).get_content_type() == "multipart/alternative"


def test_the_twin_travels_beside_the_pdf():
    twins = (
        Attachment("sarasas.csv", "text/csv", "číslo;suma\r\n1;2,50\r\n".encode()),
        Attachment("sarasas.json", "application/json", b'{"a": "\xc5\xa1"}'),
    )
    files = list(read(replace(DRAFT, attachments=DRAFT.attachments + twins)).iter_attachments())
    assert [f.get_payload(decode=True) for f in files] == [PDF, *(t.content for t in twins)]
    assert [f.get_filename() for f in files][1:] == ["sarasas.csv", "sarasas.json"]


def test_input_33_a_comma_in_the_name_makes_no_second_mailbox():
    for name in ("Acme, s.r.o.", 'Jan "Honza" Novák', "A (B) <c>", "=?utf-8?q?x?=", "x" * 70, "ž" * 78, "O'Neil & Co."):
        letter = read(replace(DRAFT, sender=Mailbox("a@acme.example", name)))
        assert [a.addr_spec for a in letter["From"].addresses] == ["a@acme.example"]
        assert name_of(letter, "From") == name


@pytest.mark.parametrize("line", [".", "..", ".\r\nMAIL FROM:<e@v.example>", "...x"])
def test_input_58_lines_with_dots(line):
    assert text_parts(read(replace(DRAFT, text=f"a\n{line}\nb")))["plain"].split() == f"a {line} b".split()


@pytest.mark.parametrize("text", ["x\r.\rMAIL FROM:<e@v>\r", "x\n.\nb", "a\n.\r\nb", "a\r\n.\nb"])
def test_input_59_smuggled_line_ends_become_ordinary_ones(text):
    data = whole(replace(DRAFT, text=text, html=text))
    assert_travels_unchanged(data)


@pytest.mark.parametrize("character", ["x", "ž", "🙂", "я"])
def test_input_60_a_line_of_5000_characters(character):
    draft = replace(DRAFT, text=character * 5000, html=f"<p>{character * 5000}</p>")
    assert max(map(len, whole(draft).split(b"\r\n"))) <= 78
    assert text_parts(read(draft))["plain"].strip() == character * 5000


def test_input_61_nul_in_the_body():
    with pytest.raises(LetterNotSealed, match=r"Forbidden character at position 3\."):
        seal(replace(DRAFT, text="ab\0c"))
    with pytest.raises(LetterNotSealed, match=r"Broken character at position 2\."):
        seal(replace(DRAFT, html="a\ud800"))


def test_input_62_rare_control_characters_are_kept_and_travel_encoded():
    text = "a\x0bb\x1cc\x85d\u2028e"
    assert_travels_unchanged(whole(replace(DRAFT, text=text)))
    assert text_parts(read(replace(DRAFT, text=text)))["plain"].rstrip("\r\n") == text


def test_input_63_only_html():
    letter = read(
        replace(DRAFT, text="", html="<style>p{}</style><p>Dobrý&nbsp;den, <b>Jane</b></p><p>Na shledanou</p>")
    )
    assert text_parts(letter)["plain"].split("\n")[0].strip() == "Dobrý den, Jane"
    with pytest.raises(LetterNotSealed, match="The letter is empty"):
        seal(replace(DRAFT, text=" \n", html="<p></p>"))
    assert text_of('<a href="https://x.example">more</a>') == "more <https://x.example>"


@pytest.mark.parametrize("text", ["🙂👩‍👩‍👧", "שלום עולם", "Příliš žluťoučký kůň", "Žąsų ėdžios", "e\u0301"])
def test_input_64_letters_of_the_world_come_back_in_nfc(text):
    assert text_parts(read(replace(DRAFT, text=text)))["plain"].strip() == unicodedata.normalize("NFC", text)
    assert read(replace(DRAFT, subject=text))["Subject"] == unicodedata.normalize("NFC", text)


@pytest.mark.parametrize(
    ("name", "rebuilt"),
    [
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\x.pdf", "x.pdf"),
        ("a\r\nX: y.pdf", "a-X-y.pdf"),
        ("", "document.pdf"),
        (".pdf", "document.pdf"),
        ("x" * 300, "x" * 80 + ".pdf"),
        ("x.pdf\x00.exe", "x.pdf"),
        ("\u202efdp.exe", "fdp-exe.pdf"),
        ("Faktura 2026000123.PDF", "Faktura-2026000123.pdf"),
        ("Sąskaita 31.12.2025", "Sąskaita-31.12.2025.pdf"),
    ],
)
def test_input_65_names_of_files_are_rebuilt(name, rebuilt):
    assert safe_name(name, "application/pdf") == rebuilt
    (file,) = read(replace(DRAFT, attachments=(Attachment(name, "application/pdf", PDF),))).iter_attachments()
    assert file.get_filename() == rebuilt


@pytest.mark.parametrize("length", [41, 78])
def test_a_name_of_up_to_78_signs_is_one_quoted_string(length):
    """RFC 2183, 2: a short parameter value, of at most 78 US-ASCII signs, is one token or quoted string."""
    name = "a" * (length - 4) + ".pdf"
    written = whole(replace(DRAFT, attachments=(Attachment(name, "application/pdf", PDF),)))
    assert f'filename="{name}"'.encode() in written
    assert b"filename*" not in written


@pytest.mark.parametrize("name", ["Sąskaita 31.12.2025.pdf", "x" * 80 + ".pdf", "ščř" * 26 + ".pdf"])
def test_a_name_for_outlook_stands_beside_one_that_is_cut(name):
    (file,) = read(replace(DRAFT, attachments=(Attachment(name, "application/pdf", PDF),))).iter_attachments()
    assert "filename*" in file.as_string()
    words = decode_header(file.get_param("name"))
    assert str(make_header(words)) == file.get_filename() == safe_name(name, "application/pdf")


def test_input_66_and_68_empty_and_false_files():
    for content, words in ((b"", "is empty"), (b"MZ\x90", "is not a PDF")):
        with pytest.raises(LetterNotSealed, match=words):
            seal(replace(DRAFT, attachments=(Attachment("x.pdf", "application/pdf", content),)))


@pytest.mark.parametrize(
    "draft",
    [
        replace(DRAFT, subject="a\r\nBcc: x@y.example"),
        replace(DRAFT, sender=Mailbox("a@b.example", "x\r\nBcc: y@z.example")),
        replace(DRAFT, to=(Mailbox("a@b.example\r\nBcc: y@z.example"),)),
        replace(DRAFT, to=(Mailbox("žaneta@b.example"),)),
        replace(DRAFT, to=()),
        replace(DRAFT, message_id="<a@b>\r\nBcc: y@z.example"),
        replace(DRAFT, in_reply_to="<a b@c>"),
        replace(DRAFT, references=("<a@b>", "x")),
        replace(DRAFT, attachments=(Attachment("x.pdf", "application/pdf\r\nBcc: x", b"%PDF-"),)),
    ],
)
def test_nothing_that_could_make_another_header_is_sealed(draft):
    with pytest.raises(DomainError):
        seal(draft)


HEADERS = ["From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "X-Auto-Response-Suppress"]
HEADERS += ["MIME-Version", "Content-Type"]
WORDS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=90) | st.text(max_size=40)
FILES = st.lists(st.tuples(st.text(max_size=50), st.binary(min_size=1, max_size=400)), max_size=3)


@settings(max_examples=60, deadline=None)
@given(WORDS, WORDS, st.text(max_size=400), st.text(max_size=200), FILES)
def test_whatever_goes_in_comes_back_and_nothing_else(subject, name, text, html, files):
    draft = replace(
        DRAFT,
        subject=subject,
        to=(Mailbox("jan@firma.example", name),),
        text=text,
        html=html,
        attachments=tuple(Attachment(n, "application/octet-stream", c) for n, c in files),
    )
    try:
        sealed = seal(draft)
    except DomainError as refused:
        assert str(refused)  # noqa: PT017
        return
    data = assemble(sealed.skeleton, sealed.parts)
    assert_travels_unchanged(data)
    assert hashlib.sha256(data).hexdigest() == sealed.sha256
    letter = email.message_from_bytes(data, policy=policy.default)
    assert [k for k in letter.keys() if k != "Content-Transfer-Encoding"] == HEADERS  # noqa: SIM118
    assert letter["Subject"] == unicodedata.normalize("NFC", subject.replace("\t", " ")).strip()
    assert [a.addr_spec for a in letter["To"].addresses] == ["jan@firma.example"]
    assert name_of(letter, "To") == unicodedata.normalize("NFC", " ".join(name.split()))
    assert [p.get_content() for p in letter.walk() if p.get_filename()] == [content for _name, content in files]
    if text.strip():
        wanted = unicodedata.normalize("NFC", re.sub("\r\n|\r|\n", "\n", text))
        assert text_parts(letter)["plain"].replace("\r\n", "\n").rstrip("\n") == wanted.rstrip("\n")
