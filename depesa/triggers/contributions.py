"""What apps above bring to triggers: who knows about a record, what may happen to it, which rules there are."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from depesa.core.plugs import Registry
from depesa.core.records import Ref
from depesa.emails.contributions import Values, ValuesIn
from depesa.outbox.rules import Policy
from depesa.outbox.services import EnclosureDraft
from depesa.triggers.models import Transition
from depesa.ui.parts import Text


@dataclass(frozen=True, slots=True)
class Skipped:
    """A document that a letter should have carried and leaves without; the reason is a sentence."""

    document: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What a source gives for a letter: everything but its words.

    `values` is given the language in which the letter is written at last. `keep` runs in the transaction that
    queues the letter: there papers made for it are stored; it may return the enclosures anew, with the ids they
    got. If it raises StaleState, the letter is drafted again a little later; any other DomainError is the reason
    why it fails. `useless_after` is until when the letter is worth sending; None: two weeks from the event.
    """

    to: tuple[str, ...]
    values: ValuesIn | Values
    cc: tuple[str, ...] = ()
    language: str = ""  # the transition's, unless the source knows better
    enclosures: tuple[EnclosureDraft, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    concerns: Ref | None = None  # the subject, unless the source knows better
    policy: Policy = Policy.NOTICE
    useless_after: datetime | None = None
    in_reply_to: str = ""
    is_private: bool = False  # it holds a link by which its reader proves who he is; security mail is private anyway
    keep: Callable[[], Sequence[EnclosureDraft] | None] | None = None


# By id of the transition: a draft, or a sentence that says why no letter is needed any more,
# or the DomainError that says why it cannot be made. One that is missing is not needed either.
type Draw = Callable[[Sequence[Transition]], Mapping[int, Draft | str | Exception]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """What an app knows about its records of a kind.

    `draft` is asked outside any transaction, for many at once. `tell` says what stood before and after each
    transition, in the reader's language; without it the values are shown as they were noted.
    """

    kind: str
    draft: Draw
    tell: Callable[[Sequence[Transition]], Mapping[int, tuple[str, str]]] | None = None

    def claim(self, by: str) -> None:
        """Speak for the records of this kind."""
        SOURCES.claim(self.kind, self, by)


@dataclass(frozen=True, slots=True)
class Event:
    """Something that may cause a letter. `family`: events of one family on one record take each other's place.

    `preset` is the system e-mail that is bound to it for good; empty where a setting or a state chooses.
    """

    code: str
    words: Text
    family: str = ""
    preset: str = ""
    kind: str = "event"  # of the letter, see outbox.models.Kind

    def claim(self, by: str) -> None:
        """Enter the event."""
        EVENTS.claim(self.code, self, by)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One line of the page of rules: when this happens, this system e-mail goes to them."""

    when: Text
    whom: Text
    email: str = ""  # code of the system e-mail; empty: none, see reason
    reason: str = ""  # a Reason, where there is no letter by design
    detail: str = ""
    url: str = ""  # where the rule is changed; empty where it is fixed
    note: Text = ""  # what else belongs to it, for example which documents go with it
    event: str = ""


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules that an app brings to the page of all rules, asked whenever it is shown."""

    tell: Callable[[], Iterable[Rule]]

    def claim(self, by: str) -> None:
        """Enter the rules under the name of the app."""
        RULES.claim(by, self, by)


SOURCES: Final = Registry[Source]("source of letters about records")
EVENTS: Final = Registry[Event]("event that may cause a letter")
RULES: Final = Registry[Rules]("list of rules of letters")


def preset_of(event: str) -> str:
    """The code of the system e-mail that is bound to the event; empty if another rule chooses it."""
    known = EVENTS.get(event)
    return known.preset if known else ""


def kind_of(event: str) -> str:
    """The kind of letter that the event causes."""
    known = EVENTS.get(event)
    return known.kind if known else "event"


def event_words(event: str) -> Text:
    """What happened, in words."""
    known = EVENTS.get(event)
    return known.words if known else event.replace("-", " ")


def rules() -> list[Rule]:
    """Every rule there is, in the order of the apps."""
    return [rule for each in RULES.values() for rule in each.tell()]
