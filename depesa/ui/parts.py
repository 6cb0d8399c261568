"""The shared parts of a page as plain data: ladder, slip, strip, bars; tags in `templatetags/ui.py` show them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, pgettext_lazy

type Text = str | Promise


@dataclass(frozen=True, slots=True)
class Step:
    """One step of evidence; `proof` is the sentence that proves it (a server's reply, who approved)."""

    key: str
    label: Text
    is_reached: bool = False
    at: datetime | None = None
    proof: Text = ""


@dataclass(frozen=True, slots=True)
class Branch:
    """Where a letter left the straight way: returned, uncertain, failed, held or cancelled."""

    key: str
    proof: Text = ""
    at: datetime | None = None
    label: Text = ""

    @property
    def word(self) -> Text:
        """The branch as the clerk reads it."""
        return self.label or BRANCHES[self.key][2]

    @property
    def tone(self) -> str:
        """The tone that colours the branch."""
        return BRANCHES[self.key][0]

    @property
    def icon(self) -> str:
        """The icon beside the word."""
        return BRANCHES[self.key][1]


BRANCHES: Final[Mapping[str, tuple[str, str, Text]]] = {
    "returned": ("bad", "returned", pgettext_lazy("letter", "Returned")),
    "uncertain": ("doubt", "question", pgettext_lazy("letter", "Uncertain")),
    "failed": ("bad", "cross", pgettext_lazy("letter", "Refused")),
    "held": ("doubt", "pause", pgettext_lazy("letter", "Held")),
    "cancelled": ("calm", "minus", pgettext_lazy("letter", "Cancelled")),
}

STEPS: Final[Mapping[str, Text]] = {
    "formed": pgettext_lazy("letter", "Formed"),
    "approved": pgettext_lazy("letter", "Approved"),
    "outbox": pgettext_lazy("letter", "In outbox"),
    "accepted": pgettext_lazy("letter", "Accepted"),
    "delivered": pgettext_lazy("letter", "Delivered"),
}


@dataclass(frozen=True, slots=True)
class Ladder:
    """What is proven about one letter, step by step, and where it left the straight way."""

    steps: Sequence[Step]
    branch: Branch | None = None

    @property
    def reached(self) -> int:
        """How many steps are proven."""
        return sum(step.is_reached for step in self.steps)

    @property
    def last(self) -> Step | None:
        """The highest step that is proven."""
        return next((step for step in reversed(self.steps) if step.is_reached), None)

    @property
    def word(self) -> Text:
        """Where the letter stands, in one word."""
        if self.branch:
            return self.branch.word
        return self.last.label if self.last else gettext_lazy("Not formed")

    @property
    def proof(self) -> Text:
        """The sentence behind the word."""
        if self.branch:
            return self.branch.proof
        return self.last.proof if self.last else ""

    @property
    def tone(self) -> str:
        """The tone of the whole: the branch's, or how far it has come."""
        if self.branch:
            return self.branch.tone
        return ("calm", "calm", "calm", "busy", "good", "good")[min(self.reached, 5)]


def build_ladder(reached: Mapping[str, tuple[datetime | None, Text]], branch: Branch | None = None) -> Ladder:
    """A ladder of the five usual steps; `reached` maps a step's key to when and by what it is proven."""
    steps = [Step(key, label, key in reached, *(reached.get(key, (None, "")))) for key, label in STEPS.items()]
    return Ladder(steps, branch)


@dataclass(frozen=True, slots=True)
class Action:
    """One thing a person can do here: a link, or with `method` "post" a small form."""

    label: Text
    url: str
    icon: str = ""
    method: str = "get"
    key: str = ""
    is_primary: bool = False


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that travels with a letter."""

    name: str
    url: str = ""
    size: int = 0


@dataclass(frozen=True, slots=True)
class Slip:
    """One letter as a slip of paper."""

    to: Sequence[str]
    subject: str
    first_line: str
    ladder: Ladder
    url: str = ""
    at: datetime | None = None
    language: str = ""
    attachments: Sequence[Attachment] = ()
    actions: Sequence[Action] = ()


@dataclass(frozen=True, slots=True)
class Change:
    """One field before and after."""

    field: Text
    before: Text = ""
    after: Text = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a timeline: a change, a note or a letter."""

    at: datetime
    what: Text
    by: str = ""
    through: Text = ""
    icon: str = "history"
    tone: str = "calm"
    note: str = ""
    url: str = ""
    changes: Sequence[Change] = ()
    slip: Slip | None = None


@dataclass(frozen=True, slots=True)
class Segment:
    """The letters of a run in one state; `tone` is calm, busy, good, doubt or bad."""

    key: str
    label: Text
    count: int
    tone: str
    url: str = ""
    icon: str = ""


@dataclass(frozen=True, slots=True)
class Strip:
    """A run as one bar of all its letters by state; while alive with its rate (letters a second) and estimated end."""

    title: Text
    segments: Sequence[Segment]
    is_alive: bool = False
    rate: float = 0
    ends_at: datetime | None = None
    refresh_url: str = ""

    @property
    def total(self) -> int:
        """How many letters the run has."""
        return sum(segment.count for segment in self.segments)


@dataclass(frozen=True, slots=True)
class Figure:
    """A key figure with its word, and where it leads."""

    label: Text
    value: Text
    url: str = ""
    hint: Text = ""
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """Where something drawn begins and how long it is, in per cent of the whole, written for SVG."""

    x: str
    width: str


def lay_out(counts: Sequence[int], least: float = 0.6) -> list[Block]:
    """Place blocks side by side in proportion; a block with anything in it stays at least `least` per cent wide."""
    total = sum(counts)
    shares = [max(count / total * 100, least) if count else 0.0 for count in counts] if total else []
    scale = 100 / sum(shares) if shares else 0
    blocks, x = [], 0.0
    for share in shares:
        blocks.append(Block(f"{x:.2f}%", f"{share * scale:.2f}%"))
        x += share * scale
    return blocks


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of a plot in units of the drawing, with what a reader is told about it."""

    x: str
    y: str
    height: str
    middle: str
    label: str
    value: str
    is_odd: bool
    is_named: bool


@dataclass(frozen=True, slots=True)
class Plot:
    """A bar plot ready to draw; below the base line for negative values."""

    bars: Sequence[Bar]
    width: int
    height: int
    bar_width: int
    base: str
    top: str
    caption: Text = ""
    unit: Text = ""
    odd: frozenset[int] = field(default_factory=frozenset)


def draw_bars(
    values: Sequence[float],
    labels: Sequence[str],
    *,
    odd: Sequence[int] = (),
    decimals: int = 0,
    caption: Text = "",
    unit: Text = "",
    height: int = 96,
) -> Plot:
    """Bars of `values` under their `labels`; the indexes in `odd` are marked as needing a look."""
    numbers = [float(value) for value in values]
    step = max(8, min(28, 440 // max(len(numbers), 1)))
    high, low = max([*numbers, 0.0]), min([*numbers, 0.0])
    scale = height / ((high - low) or 1)
    base = high * scale
    every = max(1, -(-44 // step))
    bars = [
        Bar(
            x=str(index * step),
            y=f"{base - max(value, 0) * scale:.1f}",
            height=f"{max(abs(value) * scale, 1 if value else 0):.1f}",
            middle=f"{index * step + (step - 4) / 2:.1f}",
            label=label,
            value=number_format(values[index], decimals, force_grouping=True),
            is_odd=index in odd,
            is_named=index % every == 0,
        )
        for index, (value, label) in enumerate(zip(numbers, labels, strict=True))
    ]
    top = number_format(high, decimals, force_grouping=True)
    width = max(len(bars) * step - 4, 1)
    return Plot(bars, width, height, step - 4, f"{base:.1f}", top, caption, unit, frozenset(odd))
