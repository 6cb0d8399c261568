"""A letter as it travelled, read leniently: whatever a stranger sends, reading it ends soon and never fails."""

import base64
import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email.errors import MessageError
from email.header import decode_header
from email.message import Message
from email.parser import BytesHeaderParser, BytesParser
from email.policy import compat32
from email.utils import parsedate_to_datetime
from functools import cached_property
from typing import Final

from depesa.core.texts import NOT_KEPT

MOST_BYTES: Final = 50_000_000  # of a letter that is taken apart
MOST_HEAD: Final = 256_000  # bytes of headers that are looked at
MOST_HEADERS: Final = 200
MOST_HEADER: Final = 4_000  # characters of one header
MOST_BOUNDARIES: Final = 60  # multiparts, one in the other or side by side
MOST_PARTS: Final = 400
MOST_LETTERS_WITHIN: Final = 40
MOST_TEXT: Final = 1_000_000  # characters of text or HTML that are shown

_BLANK_LINE: Final = re.compile(rb"\r?\n\r?\n")
_BOUNDARY: Final = re.compile(rb"boundary\s*=\s*\"?([^\";\s]{1,200})", re.IGNORECASE)
_LETTER_WITHIN: Final = re.compile(rb"content-type:\s*(?:message/|multipart/digest)", re.IGNORECASE)
_ENCLOSED: Final = re.compile(rb"\ncontent-disposition:\s*attachment", re.IGNORECASE)
_CID: Final = re.compile(r"""(["'(])\s*cid:([^"')\s]{1,300})""", re.IGNORECASE)
_PICTURES: Final = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})


@dataclass(frozen=True, slots=True)
class Part:
    """A file in a letter; `number` is its place among all parts, from 0."""

    number: int
    name: str
    media_type: str
    content: bytes
    content_id: str = ""

    @property
    def size(self) -> int:
        """Bytes after decoding."""
        return len(self.content)


@dataclass(frozen=True, slots=True)
class Head:
    """What stands at the top of a letter."""

    subject: str = ""
    sender: str = ""
    to: str = ""
    copy: str = ""
    reply_to: str = ""
    message_id: str = ""
    written_at: datetime | None = None
    headers: tuple[tuple[str, str], ...] = ()  # all of them, in their order


@dataclass(frozen=True)
class Letter:
    """A letter taken apart; `is_whole` is false where it has more in it than an honest letter would."""

    head: Head
    text: str = ""
    written_html: str = ""
    files: tuple[Part, ...] = ()
    is_whole: bool = True

    @cached_property
    def attachments(self) -> tuple[Part, ...]:
        """The files, without pictures that the HTML shows at their place."""
        shown = {found.lower() for _mark, found in _CID.findall(self.written_html)}
        return tuple(part for part in self.files if part.content_id.lower() not in shown or not part.content_id)

    @property
    def html(self) -> str:
        """The HTML with its own pictures put in place; nothing else is fetched or changed."""
        own = {part.content_id.lower(): part for part in self.files if part.media_type in _PICTURES}

        def fill(match: re.Match[str]) -> str:
            part = own.get(html.unescape(match[2]).lower())
            if part is None:
                return match[0]
            return f"{match[1]}data:{part.media_type};base64,{base64.b64encode(part.content).decode()}"

        return _CID.sub(fill, self.written_html)

    def file(self, number: int) -> Part | None:
        """The file with this number."""
        return next((part for part in self.files if part.number == number), None)


def read_head(content: bytes) -> Head:
    """The headers alone, quickly: at most 256 kB of them."""
    end = _BLANK_LINE.search(content, 0, MOST_HEAD)
    message = BytesHeaderParser(policy=compat32).parsebytes(content[: end.end() if end else MOST_HEAD])
    raw = list(message.raw_items())[:MOST_HEADERS]
    headers = tuple((clean(name)[:100], decode(value)) for name, value in raw)
    named = {name.lower(): value for name, value in reversed(headers)}
    return Head(
        subject=named.get("subject", ""),
        sender=named.get("from", ""),
        to=named.get("to", ""),
        copy=named.get("cc", ""),
        reply_to=named.get("reply-to", ""),
        message_id=named.get("message-id", ""),
        written_at=_moment(named.get("date", "")),
        headers=headers,
    )


def count_files(content: bytes) -> int:
    """How many attachments the letter says it has, without taking it apart."""
    return min(sum(1 for _found in _ENCLOSED.finditer(content)), MOST_PARTS)


def read_letter(content: bytes) -> Letter:
    """The letter as a mail program shows it."""
    head = read_head(content)
    if not _is_honest(content):
        return Letter(head, is_whole=False)
    message = BytesParser(policy=compat32).parsebytes(content)
    texts: list[str] = []
    htmls: list[str] = []
    files: list[Part] = []
    for number, part in enumerate(_leaves(message)):
        is_text = part.get_content_maintype() == "text" and not _file_name(part) and not _is_enclosed(part)
        if is_text and part.get_content_subtype() == "html":
            htmls.append(_text_of(part))
        elif is_text and part.get_content_subtype() == "plain":
            texts.append(_text_of(part))
        else:
            files.append(_file(number, part))
    return Letter(head, "\n\n".join(texts)[:MOST_TEXT], "\n".join(htmls)[:MOST_TEXT], tuple(files))


def clean(text: str) -> str:
    """The text without characters that no database and no page can take."""
    return NOT_KEPT.sub("\N{REPLACEMENT CHARACTER}", text)


def decode(value: object) -> str:
    """A header as people read it, on one line; broken encodings are shown as far as they go."""
    raw = " ".join(str(value)[:MOST_HEADER].split())
    try:
        pieces = decode_header(raw)
    except (MessageError, ValueError):
        return clean(raw)
    return clean("".join(p if isinstance(p, str) else _decoded(p, charset or "ascii") for p, charset in pieces).strip())


def _is_honest(content: bytes) -> bool:
    if len(content) > MOST_BYTES or (len(content) > MOST_HEAD and not _BLANK_LINE.search(content, 0, MOST_HEAD)):
        return False
    found = [match[1] for match in _BOUNDARY.finditer(content)]
    if len(found) > MOST_BOUNDARIES or sum(1 for _each in _LETTER_WITHIN.finditer(content)) > MOST_LETTERS_WITHIN:
        return False
    return sum(content.count(b"\n--" + boundary) for boundary in set(found)) <= MOST_PARTS


def _leaves(message: Message) -> Iterator[Message]:
    payload = message.get_payload()
    if message.get_content_maintype() == "multipart" and isinstance(payload, list):
        for part in payload:
            if isinstance(part, Message):
                yield from _leaves(part)
    else:
        yield message


def _is_enclosed(part: Message) -> bool:
    return str(part.get("Content-Disposition", "")).strip().lower().startswith("attachment")


def _file_name(part: Message) -> str:
    try:
        name = part.get_filename() or ""
    except (MessageError, ValueError, LookupError):
        name = ""
    return re.sub(r"[\\/\r\n\t]", "_", decode(name))[:150]


def _file(number: int, part: Message) -> Part:
    media_type = part.get_content_type()
    return Part(
        number=number,
        name=_file_name(part) or _usual_name(number, media_type),
        media_type=media_type,
        content=_bytes(part),
        content_id=decode(part.get("Content-ID", "")).strip("<> "),
    )


def _usual_name(number: int, media_type: str) -> str:
    endings = {
        "message/rfc822": "eml",
        "message/delivery-status": "txt",
        "text/calendar": "ics",
        "application/pdf": "pdf",
    }
    ending = endings.get(media_type, media_type.partition("/")[2][:10] or "bin")
    return f"part-{number + 1}.{re.sub(r'[^a-z0-9]', '', ending) or 'bin'}"


def _bytes(part: Message) -> bytes:
    payload = part.get_payload()
    if isinstance(payload, list):  # a letter within the letter, or a delivery report
        return b"\n".join(each.as_bytes() for each in payload if isinstance(each, Message))
    decoded = part.get_payload(decode=True)
    return decoded if isinstance(decoded, bytes) else b""


def _text_of(part: Message) -> str:
    charset = part.get_param("charset", "utf-8")
    return clean(_decoded(_bytes(part), charset if isinstance(charset, str) else "utf-8").replace("\r\n", "\n"))


def _decoded(content: bytes, charset: str) -> str:
    try:
        return content.decode(charset)
    except (LookupError, ValueError):
        return content.decode("utf-8", "replace")


def _moment(text: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return found if found.tzinfo else None
