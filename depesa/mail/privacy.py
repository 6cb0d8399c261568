"""Letters that prove who owns a mailbox: whoever reads one could pass for its reader, so nobody reads it here."""

from typing import Final

from django.utils.translation import gettext as _

HEADER: Final = "Sensitivity: Private"  # RFC 2156; whoever seals such a letter says so in its head
_CRLF: Final = b"\r\n"


def closed(content: bytes) -> bytes:
    """The letter as people at the desk may see it: a private one keeps its head, and a sentence stands for the rest."""
    head, blank, _body = content.partition(_CRLF * 2)
    if not blank or HEADER.encode().lower() not in head.lower().split(_CRLF):
        return content
    kept = [line for line in _unfolded(head) if not line.lower().startswith((b"content-", b"mime-version"))]
    sentence = _("What it says is shown to nobody here: it holds a link by which its reader proves who he is.")
    plain = [b"MIME-Version: 1.0", b"Content-Type: text/plain; charset=utf-8", b"Content-Transfer-Encoding: 8bit"]
    return _CRLF.join([*kept, *plain, b"", sentence.encode(), b""])


def _unfolded(head: bytes) -> list[bytes]:
    """The fields of the head, each with the lines on which it goes on."""
    fields: list[bytes] = []
    for line in head.split(_CRLF):
        if line[:1] in (b" ", b"\t") and fields:
            fields[-1] += _CRLF + line
        else:
            fields.append(line)
    return fields
