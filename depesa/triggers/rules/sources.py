"""Who knows more about a subject: values, recipients and papers come from the app that owns it. Pure Python."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any


@dataclass(frozen=True, slots=True)
class Skipped:
    """A document that a letter should have carried and leaves without; the reason is a sentence."""

    document: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What a source gives for a letter: everything but its words.

    `values` is given the language in which the letter is written at last (letters.services.ValuesIn).
    `enclosures` are outbox.services.EnclosureDraft. `keep` runs in the transaction that queues the letter: there
    papers made for it are stored; it may return the enclosures anew, with the ids they got. If it raises
    StaleState, the letter is drafted again a little later; any other DomainError is the reason why it fails.
    `useless_after` is how long after now the letter is worth sending; None: two weeks.
    """

    to: tuple[str, ...]
    values: Callable[[str], Mapping[str, Any]] | Mapping[str, Any]
    cc: tuple[str, ...] = ()
    language: str = ""  # the transition's, unless the source knows better
    enclosures: tuple[Any, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    concerns: str = ""  # the subject, unless the source knows better
    policy: Any = None  # outbox.rules.Policy; None: a notice
    useless_after: timedelta | None = None
    in_reply_to: str = ""
    keep: Callable[[], Sequence[Any] | None] | None = None


# By id of the transition: a draft, or a sentence that says why no letter is needed any more,
# or the DomainError that says why it cannot be made. One that is missing is not needed either.
type Draw = Callable[[Sequence[Any]], Mapping[int, Draft | str | Exception]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One line of the page of rules: when this happens, this system e-mail goes to them."""

    when: Any  # words
    whom: Any  # words
    email: str = ""  # code of the system e-mail; empty: none, see reason
    reason: str = ""  # a Reason, where there is no letter by design
    detail: str = ""
    url: str = ""  # where the rule is changed; empty where it is fixed
    note: Any = ""  # what else belongs to it, for example which documents go with it
    event: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """What an app knows about its subjects.

    `draft` is asked outside any transaction, for many at once. `page` is where a subject is looked at.
    `tell` says what stood before and after each transition, in the reader's language; without it the values
    are shown as they were noted.
    """

    draft: Draw
    page: Callable[[str], str] | None = None
    tell: Callable[[Sequence[Any]], Mapping[int, tuple[str, str]]] | None = None


_sources: dict[str, Source] = {}
_explanations: dict[str, Callable[[], Iterable[Rule]]] = {}


def register(prefix: str, source: Source) -> None:
    """Say who knows about subjects "prefix:…"; called once by the app that owns them."""
    _sources[prefix] = source


def source_of(subject: str) -> Source | None:
    """Who knows about the subject; None if nobody said."""
    return _sources.get(prefix_of(subject))


def prefix_of(subject: str) -> str:
    """What stands before the colon: the kind of record."""
    return subject.partition(":")[0]


def explain(name: str, tell: Callable[[], Iterable[Rule]]) -> None:
    """Contribute rules to the page of all rules; called once by the app whose rules they are."""
    _explanations[name] = tell


def rules() -> list[Rule]:
    """Every rule there is, in the order in which the apps told them."""
    return [rule for tell in _explanations.values() for rule in tell()]
