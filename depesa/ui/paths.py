"""What stands in the holes of addresses, read strictly: whatever no row can have is not found."""

from typing import Final, override

from django.urls import register_converter
from django.urls.converters import IntConverter, StringConverter

from depesa.core.inputs import LARGEST, read_text

LONGEST: Final = 200


class KeyConverter(IntConverter):
    """The key of a row, a number or a page: from 0 to what a database takes."""

    regex = "[0-9]{1,19}"

    @override
    def to_python(self, value: str) -> int:
        found = int(value)
        if found > LARGEST:
            raise ValueError(value)
        return found


class WordConverter(StringConverter):
    """A word or a token, of letters that print."""

    @override
    def to_python(self, value: str) -> str:
        if read_text(value, most=LONGEST) != value:
            raise ValueError(value)
        return value


def register() -> None:
    """Let addresses say <key:pk> and <word:token>."""
    register_converter(KeyConverter, "key")
    register_converter(WordConverter, "word")
