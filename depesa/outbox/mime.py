"""A letter becomes bytes, once: every later attempt sends exactly these, checked by their SHA-256.

Kept as a skeleton with slots and the files that fill them: a PDF that a thousand letters carry is stored once, as
itself. Everything is 7-bit with CRLF line ends, so no server has a reason to re-code it. Written by hand around the
standard library's encoders, because building a tree of its objects costs 2 to 4 ms a letter, and this a tenth of it.
"""

import binascii
import hashlib
import re
import struct
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from email import policy
from email.base64mime import header_encode
from email.header import Header
from email.headerregistry import Address as HeaderAddress
from email.message import EmailMessage
from email.utils import format_datetime
from functools import lru_cache
from typing import Final
from uuid import UUID

from depesa.core.errors import DomainError
from depesa.core.reasons import gettext as _
from depesa.mail import privacy
from depesa.mail.filenames import safe_name
from depesa.mail.headers import NAME_LINES, check_line, check_subject
from depesa.mail.plain import text_of

LINE: Final = 76
SHORT: Final = 78  # RFC 2183 2: a name up to here is one quoted string
WORD: Final = 45  # bytes that fit into one encoded word of 75 characters
CRLF: Final = b"\r\n"
SLOT: Final = b"\0"  # cannot stand in a letter, so it marks the place of a file
MESSAGE_ID: Final = re.compile(r"<[!-;=?-~]{1,250}>")
PLAIN_ADDRESS: Final = re.compile(r"[!-~]{1,64}@[A-Za-z0-9.-]{1,253}")
MEDIA_TYPE: Final = re.compile(r"[a-z]+/[a-z0-9.+-]+")
CONTENT_ID: Final = re.compile(r"[A-Za-z0-9.@_-]{1,100}")


class LetterNotSealed(DomainError):
    """The letter cannot be made."""


class SealBroken(DomainError):
    """The stored letter is not what was sealed. It is not sent; look at the storage."""


@dataclass(frozen=True, slots=True)
class Mailbox:
    """A name and an address (checked, ASCII) as they stand in From, To, Cc or Reply-To."""

    address: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file to go with the letter; its name is rebuilt by the safe rule."""

    name: str
    media_type: str
    content: bytes
    sha256: str = ""  # of the content in hex, where it is known already

    @property
    def digest(self) -> str:
        """Return the SHA-256 of the content in hex."""
        return self.sha256 or hashlib.sha256(self.content).hexdigest()


@dataclass(frozen=True, slots=True)
class Inline:
    """A picture that stands inside the HTML, which names it `cid:` and its id."""

    cid: str
    media_type: str
    content: bytes
    sha256: str = ""

    @property
    def digest(self) -> str:
        """Return the SHA-256 of the content in hex."""
        return self.sha256 or hashlib.sha256(self.content).hexdigest()


@dataclass(frozen=True, slots=True)
class Draft:
    """Everything a letter says, before it is sealed. Hidden copies are recipients of deliveries, never headers."""

    sender: Mailbox
    to: tuple[Mailbox, ...]
    subject: str
    text: str
    message_id: str
    date: datetime
    html: str = ""
    cc: tuple[Mailbox, ...] = ()
    reply_to: Mailbox | None = None
    attachments: tuple[Attachment, ...] = ()
    inline: tuple[Inline, ...] = ()
    is_automatic: bool = True
    is_private: bool = False  # it proves who owns the mailbox; nobody else reads it
    in_reply_to: str = ""
    references: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sealed:
    """The final bytes as skeleton and parts (raw files by SHA-256 in hex), and the SHA-256 of the whole."""

    skeleton: bytes
    parts: Mapping[str, bytes]
    sha256: str
    size: int
    message_id: str


def new_message_id(identity: UUID, epoch: int, domain: str) -> str:
    """Return the Message-ID of our own domain, the same for every attempt."""
    return f"<{identity.hex}.{epoch}@{domain}>"


def event_of(message_id: str) -> str:
    """Return the half of our Message-ID that is made from the event; it stays when a database is put back."""
    return message_id.lstrip("<").partition(".")[0]


def seal(draft: Draft) -> Sealed:
    """Fix the bytes of a letter; raises LetterNotSealed with what is wrong."""
    digests = [attachment.digest for attachment in draft.attachments]
    parts = dict(zip(digests, (a.content for a in draft.attachments), strict=True))
    parts |= {picture.digest: picture.content for picture in draft.inline}
    skeleton = _head(draft) + _body(draft, digests)
    whole = assemble(skeleton, parts)
    return Sealed(skeleton, parts, hashlib.sha256(whole).hexdigest(), len(whole), draft.message_id)


def assemble(skeleton: bytes, parts: Mapping[str, bytes]) -> bytes:
    """Return the whole letter; KeyError names a part that is missing."""
    pieces = skeleton.split(SLOT)
    for index in range(1, len(pieces), 2):
        pieces[index] = base64_lines(parts[pieces[index].decode()])
    return b"".join(pieces)


def unseal(skeleton: bytes, parts: Mapping[str, bytes], sha256: str) -> bytes:
    """Return the whole letter if it is what was sealed, to the bit; else raise SealBroken."""
    try:
        whole = assemble(skeleton, parts)
    except KeyError as missing:
        raise SealBroken(_("A file of the letter is missing: %(sha)s") % {"sha": missing.args[0]}) from None
    if hashlib.sha256(whole).hexdigest() != sha256:
        raise SealBroken
    return whole


def reseal(skeleton: bytes, parts: Mapping[str, bytes], *, message_id: str, date: datetime) -> Sealed:
    """Return the same letter under another Message-ID and Date; everything else stays, byte for byte."""
    if not MESSAGE_ID.fullmatch(message_id):
        raise LetterNotSealed(_("This is no Message-ID: %(id)s") % {"id": ascii(message_id[:100])})
    head, blank, body = skeleton.partition(b"\r\n\r\n")
    for name, value in (("Message-ID", message_id), ("Date", format_datetime(date))):
        head = re.sub(rb"(?m)^%b: [^\r\n]*" % name.encode(), f"{name}: {value}".encode("ascii"), head, count=1)
    skeleton = head + blank + body
    whole = assemble(skeleton, parts)
    return Sealed(skeleton, parts, hashlib.sha256(whole).hexdigest(), len(whole), message_id)


# The head.


def _head(draft: Draft) -> bytes:
    for identity in (draft.message_id, draft.in_reply_to, *draft.references):
        if identity and not MESSAGE_ID.fullmatch(identity):
            raise LetterNotSealed(_("This is no Message-ID: %(id)s") % {"id": ascii(identity[:100])})
    if not draft.message_id or not draft.to:
        raise LetterNotSealed(_("A letter needs a Message-ID and a recipient."))
    lines = [_people("From", (draft.sender,)), _people("To", draft.to)]
    if draft.cc:
        lines.append(_people("Cc", draft.cc))
    if draft.reply_to:
        lines.append(_people("Reply-To", (draft.reply_to,)))
    lines += [_subject(draft.subject), f"Date: {format_datetime(draft.date)}", f"Message-ID: {draft.message_id}"]
    if draft.in_reply_to:
        lines.append(f"In-Reply-To: {draft.in_reply_to}")
    if draft.references:
        lines.append("References: " + "\r\n ".join(draft.references))
    if draft.is_automatic:
        lines += ["Auto-Submitted: auto-generated", "X-Auto-Response-Suppress: All"]
    if draft.is_private:
        lines.append(privacy.HEADER)
    lines.append("MIME-Version: 1.0\r\n")
    return "\r\n".join(lines).encode("ascii")


@lru_cache(maxsize=512)  # the sender is the same for a whole run
def _people(header: str, people: tuple[Mailbox, ...]) -> str:
    written = []
    for person in people:
        local, _at, domain = person.address.rpartition("@")
        if not PLAIN_ADDRESS.fullmatch(person.address):
            raise LetterNotSealed(_("This is no address: %(address)s") % {"address": ascii(person.address)})
        name = person.name
        if not _is_plain(name):
            name = check_line(name, NAME_LINES)
        name = " ".join(name.split())
        written.append(_mailbox(name, HeaderAddress(username=local, domain=domain).addr_spec))
    line = f"{header}: {', '.join(written)}"
    return line if len(line) <= LINE and "\n" not in line else f"{header}: " + ",\r\n ".join(written)


def _mailbox(name: str, address: str) -> str:
    if not name:
        return address
    if _is_plain(name):
        phrase = str(HeaderAddress(display_name=name, username="x")).removesuffix(" <x>")
    else:
        phrase = _words(unicodedata.normalize("NFC", name), used=10)
    together = len(phrase.rpartition("\n")[2]) + len(address) + 13 <= LINE
    return f"{phrase}{' ' if together else CRLF.decode() + ' '}<{address}>"


@lru_cache(maxsize=512)
def _subject(text: str) -> str:
    subject = check_subject(text)
    if _is_plain(subject) and len(subject) <= LINE - 9:
        return f"Subject: {subject}"
    return "Subject: " + _words(subject, used=9)


def _is_plain(text: str) -> bool:
    return text.isascii() and text.isprintable() and "=?" not in text


def _words(text: str, *, used: int) -> str:
    """Write as encoded words (RFC 2047), cut between characters; `used` columns of the first line are taken."""
    words, chunk, room = [], b"", (LINE - used - 12) // 4 * 3
    for character in text:
        letter = character.encode()
        if len(chunk) + len(letter) > room:
            words.append(header_encode(chunk, "utf-8"))
            chunk, room = b"", WORD
        chunk += letter
    words.append(header_encode(chunk, "utf-8"))
    return "\r\n ".join(words)


# The body.


def _body(draft: Draft, digests: list[str]) -> bytes:
    text, html = clean_text(draft.text), clean_text(draft.html)
    if html and not text.strip():
        text = clean_text(text_of(html))
    if not text.strip():
        raise LetterNotSealed(_("The letter is empty."))
    token = hashlib.sha256(draft.message_id.encode()).hexdigest()[:24]
    # "=_" can stand neither in quoted-printable nor in base64, so no line of the letter looks like a border.
    content = _text_part("plain", text)
    if html:
        content = _multipart("alternative", f"=_{token}_a", [content, _html_part(html, draft.inline, token)])
    if draft.attachments:
        content = _multipart("mixed", f"=_{token}_m", [content, *map(_file_part, draft.attachments, digests)])
    return content


def clean_text(text: str) -> str:
    """Return the text in NFC with CRLF line ends; NUL and broken characters are refused with their position."""
    if "\0" in text:
        raise LetterNotSealed(_("Forbidden character at position %(n)d.") % {"n": text.index("\0") + 1})
    if not text.isascii():
        if broken := re.search("[\ud800-\udfff]", text):
            raise LetterNotSealed(_("Broken character at position %(n)d.") % {"n": broken.start() + 1})
        text = unicodedata.normalize("NFC", text)
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\n", "\r\n")
    return text if not text or text.endswith("\r\n") else text + "\r\n"


def _multipart(subtype: str, border: str, parts: list[bytes]) -> bytes:
    line = f"--{border}\r\n".encode()
    head = f'Content-Type: multipart/{subtype};\r\n boundary="{border}"\r\n\r\n'.encode()
    return head + b"".join(line + part for part in parts) + f"--{border}--\r\n".encode()


SEVEN_BIT: Final = re.compile(r"(?:[\t -~]{0,76}\r\n)*")


def _text_part(subtype: str, text: str) -> bytes:
    data = text.encode()
    if SEVEN_BIT.fullmatch(text) and "=_" not in text:
        encoding, content = "7bit", data
    elif len(data) - len(text) > len(text) // 3:
        encoding, content = "base64", base64_lines(data)
    else:
        encoding, content = "quoted-printable", binascii.b2a_qp(data, istext=True)
        content = content if content.endswith(CRLF) else content + CRLF
    head = f"Content-Type: text/{subtype}; charset=utf-8\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n"
    return head.encode() + content


def _html_part(html: str, inline: tuple[Inline, ...], token: str) -> bytes:
    page = _text_part("html", html)
    return _multipart("related", f"=_{token}_r", [page, *map(_picture_part, inline)]) if inline else page


def _picture_part(picture: Inline) -> bytes:
    shown = ascii(picture.cid[:100])
    if not CONTENT_ID.fullmatch(picture.cid) or not picture.content:
        raise LetterNotSealed(_("The picture %(name)s has no usable name or is empty.") % {"name": shown})
    if not MEDIA_TYPE.fullmatch(picture.media_type) or not picture.media_type.startswith("image/"):
        raise LetterNotSealed(_("This is no picture: %(name)s") % {"name": shown})
    name = safe_name(picture.cid.partition("@")[0], picture.media_type)
    head = (
        f"Content-Type: {picture.media_type}\r\nContent-Transfer-Encoding: base64\r\n"
        f'Content-ID: <{picture.cid}>\r\nContent-Disposition: inline;\r\n filename="{name}"\r\n\r\n'
    )
    return head.encode("ascii") + SLOT + picture.digest.encode() + SLOT


def _file_part(attachment: Attachment, digest: str) -> bytes:
    if not attachment.content:
        raise LetterNotSealed(_("The file %(name)s is empty.") % {"name": ascii(attachment.name[:100])})
    if attachment.media_type == "application/pdf" and b"%PDF-" not in attachment.content[:1024]:
        raise LetterNotSealed(_("The file %(name)s is not a PDF.") % {"name": ascii(attachment.name[:100])})
    return _file_head(attachment.name, attachment.media_type) + SLOT + digest.encode() + SLOT


@lru_cache(maxsize=512)
def _file_head(name: str, media_type: str) -> bytes:
    if not MEDIA_TYPE.fullmatch(media_type):
        raise LetterNotSealed(_("This is no media type: %(type)s") % {"type": ascii(media_type[:100])})
    name = safe_name(name, media_type)
    charset = "; charset=utf-8" if media_type.startswith("text/") else ""
    if name.isascii() and len(name) <= SHORT:
        disposition, typed = f'Content-Disposition: attachment;\r\n filename="{name}"\r\n', ""
    else:
        disposition = _long_disposition(name)
        typed = f';\r\n name="{Header(name, "utf-8", maxlinelen=LINE, header_name="name=").encode(linesep="\r\n")}"'
    kind = f"Content-Type: {media_type}{charset}{typed}\r\nContent-Transfer-Encoding: base64\r\n"
    return (kind + disposition + "\r\n").encode("ascii")


def _long_disposition(name: str) -> str:
    """Let the standard library write names that need RFC 2231: letters outside ASCII, or several lines.

    Beside it stands the name in the type, in encoded words: Outlook reads no other for such names.
    """
    part = EmailMessage(policy=policy.SMTP.clone(cte_type="7bit"))
    part.add_header("Content-Disposition", "attachment", filename=name)
    return part.as_string().removesuffix("\r\n")


def base64_lines(content: bytes) -> bytes:
    """Return base64 in lines of 76 characters, each with its CRLF."""
    encoded = binascii.b2a_base64(content, newline=False)
    full, rest = divmod(len(encoded), LINE)
    lines = list(_lines(full).unpack_from(encoded))
    if rest:
        lines.append(encoded[-rest:])
    return CRLF.join(lines) + CRLF


@lru_cache(maxsize=64)
def _lines(count: int) -> struct.Struct:
    return struct.Struct(f"{LINE}s" * count)
