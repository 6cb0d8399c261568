"""Files that people upload: how large, of which type by their content, and nothing that is not what it says."""

import codecs
import re
from pathlib import PurePath
from tempfile import SpooledTemporaryFile
from typing import Any, Final, override

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler
from django.http import HttpRequest

from depesa.core.errors import Refused
from depesa.core.reasons import Size
from depesa.core.reasons import gettext as _
from depesa.files import packages
from depesa.files.inspection import active_content
from depesa.files.sandbox import open_if_sound

LARGEST: Final = 15 * 1024 * 1024
MOST_AT_ONCE: Final = 4 * LARGEST  # of all files of a request

_OFFICE: Final = "application/vnd.openxmlformats-officedocument."
TYPES: Final = {
    "pdf": "application/pdf",
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "csv": "text/csv",
    "txt": "text/plain",
    "json": "application/json",
    "xml": "application/xml",
    "isdoc": "application/x-isdoc",
    "xlsx": f"{_OFFICE}spreadsheetml.sheet",
    "docx": f"{_OFFICE}wordprocessingml.document",
}

_RUNS: Final = re.compile(rb"<!DOCTYPE|<!ENTITY|<\?xml-stylesheet|1999/xhtml|2000/svg|XSL/Transform|&#", re.IGNORECASE)


class UploadDoor(FileUploadHandler):
    """Takes files in: small ones in memory, others in a file without a name, so that nothing stays of those refused.

    A request that brings more than MOST_AT_ONCE is ended before the disk is full of what nobody wants.
    """

    def __init__(self, request: HttpRequest | None = None) -> None:
        super().__init__(request)
        self._size = 0

    @override
    def new_file(self, *args: Any, **options: Any) -> None:
        super().new_file(*args, **options)
        kept = SpooledTemporaryFile(settings.FILE_UPLOAD_MAX_MEMORY_SIZE)  # noqa: SIM115  the request closes it
        self.file = UploadedFile(kept, self.file_name, self.content_type, 0, self.charset, self.content_type_extra)

    @override
    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self._size += len(raw_data)
        if self._size > MOST_AT_ONCE:
            self.file.close()
            raise RequestDataTooBig(f"more than {MOST_AT_ONCE} bytes of files")
        self.file.write(raw_data)

    @override
    def file_complete(self, file_size: int) -> "UploadedFile[bytes]":
        self.file.seek(0)
        self.file.size = file_size
        return self.file


class BadUpload(Refused):
    """This file cannot be attached."""


def media_type_of(name: str, content: bytes) -> str:
    """The type of a file that is to leave with a letter, by its content; BadUpload says what is wrong with it.

    Limit: 15 MB, because a letter grows by 37 % (base64). Only types that a mail program opens without running them,
    and PDF that only shows pages.
    """
    shown = PurePath(name.replace("\\", "/")).name[:100]
    if not content:
        raise BadUpload(_("The file “%(name)s” is empty.") % {"name": shown})
    if len(content) > LARGEST:
        sizes = {"name": shown, "size": Size(len(content)), "limit": Size(LARGEST)}
        raise BadUpload(_("“%(name)s” has %(size)s; the limit is %(limit)s (a letter grows by 37 %%).") % sizes)
    ending = PurePath(shown).suffix.lower().lstrip(".")
    if ending not in TYPES:
        found = {"ending": ending, "known": sorted(TYPES)}
        raise BadUpload(_("Files of the type “%(ending)s” are not sent. Use %(known)s.") % found)
    if not _is(ending, content):
        raise BadUpload(_("The file “%(name)s” is not a %(type)s.") % {"name": shown, "type": ending.upper()})
    if ending == "pdf" and (problem := active_content(content)):
        raise BadUpload(_("The PDF “%(name)s” is not sent. %(problem)s") % {"name": shown, "problem": problem})
    return TYPES[ending]


def _is(ending: str, content: bytes) -> bool:
    match ending:
        case "pdf":
            return content.startswith(b"%PDF-")
        case "png":
            return content.startswith(b"\x89PNG\r\n\x1a\n")
        case "jpg" | "jpeg":
            return content.startswith(b"\xff\xd8\xff")
        case "xlsx" | "docx":
            return _is_office(content, "xl/" if ending == "xlsx" else "word/")
        case "xml" | "isdoc":
            return _is_text(content) and _is_data(content)
    return _is_text(content)


def _is_data(content: bytes) -> bool:
    """XML that a browser shows and does not run: no page, picture or style in it, nothing from elsewhere."""
    bare = content.removeprefix(codecs.BOM_UTF8).lstrip()
    return bare.startswith(b"<") and not _RUNS.search(bare)


def _is_office(content: bytes, folder: str) -> bool:
    found = open_if_sound(packages.is_office, content, folder)
    return found is not None and bool(found.facts)


def _is_text(content: bytes) -> bool:
    if b"\0" in content or content[:2] in {b"MZ", b"PK"}:
        return False
    start = content[:4096].lstrip().lower()
    return not start.startswith((b"<!doctype html", b"<html", b"<script", b"<svg", b"%pdf", b"#!"))
