"""What apps bring to the history: the words in which their entries are read."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from depesa.core.plugs import Registry
from depesa.ui.parts import Text

type Names = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Vocabulary:
    """How the entries of an app are read, whose events begin with its word.

    `events`: what happened, as the clerk reads it after the name of who did it, and an icon. `labels`: names of values
    that are kept with what happened, where no table of the app has a field of that name. `names` says codes that
    the entries keep by their names, now and in the reader's language: {"state": {"received": "Received"}}.
    `security`: those of the events that are written into the log of security, too.
    `former`: beginnings of events that were recorded under another word, and what they begin with today.
    """

    app: str
    events: Mapping[str, tuple[Text, str]] = field(default_factory=dict)
    labels: Mapping[str, Text] = field(default_factory=dict)
    names: Callable[[], Names] | None = None
    security: frozenset[str] = frozenset()
    former: Mapping[str, str] = field(default_factory=dict)

    def claim(self, by: str) -> None:
        """Enter the words."""
        VOCABULARIES.claim(self.app, self, by)
        for event, words in self.events.items():
            EVENTS.claim(event, words, by)
        for name, label in self.labels.items():
            LABELS.claim(name, label, by)
        for event in self.security:
            SECURITY.claim(event, event, by)
        for beginning, now in self.former.items():
            FORMER.claim(beginning, now, by)


VOCABULARIES: Final = Registry[Vocabulary]("vocabulary of the history of")
EVENTS: Final = Registry[tuple[Text, str]]("event of the history")
SECURITY: Final = Registry[str]("event of security")
LABELS: Final = Registry[Text]("value of the history")
FORMER: Final = Registry[str]("former event of the history")


def today(event: str) -> str:
    """The event by its word of today, whatever it was recorded under."""
    for beginning, now in FORMER.items():
        if event.startswith(beginning):
            return now + event.removeprefix(beginning)
    return event


def spellings(event: str) -> list[str]:
    """Everything that the event of today was recorded under."""
    return [event, *(was + event.removeprefix(now) for was, now in FORMER.items() if event.startswith(now))]


def app_of(event: str) -> str:
    """Whose event it is."""
    return today(event).partition(".")[0]


def names_of(apps: Iterable[str]) -> dict[str, Names]:
    """The names of codes in the entries of these apps."""
    known = {app: VOCABULARIES[app].names for app in apps if app in VOCABULARIES}
    return {app: names() for app, names in known.items() if names}
