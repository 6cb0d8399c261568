"""What apps bring to the history: the words in which their entries are read."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from depesa.core.plugs import Registry

type Names = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Vocabulary:
    """How entries are read whose events begin with the app's word.

    `names` says codes that the entries keep by their names, now and in the reader's language:
    {"state": {"received": "Received"}}.
    """

    app: str
    names: Callable[[], Names] | None = None

    def claim(self, by: str) -> None:
        """Enter the vocabulary."""
        VOCABULARIES.claim(self.app, self, by)


VOCABULARIES: Final = Registry[Vocabulary]("vocabulary of the history of")


def names_of(apps: Iterable[str]) -> dict[str, Names]:
    """The names of codes in the entries of these apps."""
    known = {app: VOCABULARIES[app].names for app in apps if app in VOCABULARIES}
    return {app: names() for app, names in known.items() if names}
