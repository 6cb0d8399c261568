"""The pieces that preset letters are made of; each is written once and makes the text part and the HTML part."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from html import escape
from typing import Final, Protocol

_LIQUID: Final = re.compile(r"(\{\{.*?\}\}|\{%.*?%\})")


class Block(Protocol):
    """A piece of a letter."""

    @property
    def text(self) -> str:
        """As lines of the text part."""

    @property
    def html(self) -> str:
        """As elements of the HTML part."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A letter in one language, before it is stored."""

    subject: str
    blocks: tuple[Block, ...]

    @property
    def text(self) -> str:
        """The text part."""
        return _lines(self.blocks) + "\n"

    @property
    def html(self) -> str:
        """The HTML part, as it stands in the source editor."""
        return _elements(self.blocks) + "\n"


@dataclass(frozen=True, slots=True)
class PlainDraft:
    """A letter without HTML of its own: that is made from the text part."""

    subject: str
    text: str
    html: str = ""


@dataclass(frozen=True, slots=True)
class Says:
    said: str

    @property
    def text(self) -> str:
        return self.said

    @property
    def html(self) -> str:
        """The paragraph; placeholders and tags are not touched."""
        return f"<p>{_escaped(self.said)}</p>"


@dataclass(frozen=True, slots=True)
class Leads:
    """A button that opens a link; in the text part the address itself."""

    label: str
    link: str

    @property
    def text(self) -> str:
        """The label and the address on a line of its own."""
        return f"{self.label}:\n{{{{ {self.link} }}}}"

    @property
    def html(self) -> str:
        """A link that looks like a button."""
        return f'<p><a class="button" href="{{{{ {self.link} }}}}">{_escaped(self.label)}</a></p>'


@dataclass(frozen=True, slots=True)
class Shows:
    """A value of several lines, a table for example; `quoted`: somebody else's words."""

    name: str
    title: str = ""
    quoted: bool = False

    @property
    def text(self) -> str:
        """Title and value."""
        value = f"{{{{ {self.name} }}}}"
        return f"{self.title}:\n{value}" if self.title else value

    @property
    def html(self) -> str:
        """The value in a paragraph or a quotation."""
        value = f"{{{{ {self.name} }}}}"
        title = f"<strong>{_escaped(self.title)}</strong><br>" if self.title else ""
        return f"<blockquote><p>{title}{value}</p></blockquote>" if self.quoted else f"<p>{title}{value}</p>"


@dataclass(frozen=True, slots=True)
class Tells:
    """Facts, one a line: (label, placeholder); a fact without value is left out."""

    facts: tuple[tuple[str, str], ...]

    @property
    def text(self) -> str:
        """Lines of label and value."""
        return "\n".join(f"{{% if {name} %}}\n{label}: {{{{ {name} }}}}\n{{% endif %}}" for label, name in self.facts)

    @property
    def html(self) -> str:
        """One paragraph of lines."""
        lines = (
            f"{{% if {name} %}}{_escaped(label)}: <strong>{{{{ {name} }}}}</strong><br>{{% endif %}}"
            for label, name in self.facts
        )
        return "<p>" + "\n".join(lines) + "</p>"


@dataclass(frozen=True, slots=True)
class When:
    """Blocks that stand in the letter on a condition, and those that stand there otherwise."""

    condition: str
    then: tuple[Block, ...]
    otherwise: tuple[Block, ...] = ()

    @property
    def text(self) -> str:
        """The blocks between tags that leave no empty line."""
        other = f"{{% else %}}\n{_lines(self.otherwise)}\n\n" if self.otherwise else ""
        return f"{{% if {self.condition} %}}\n{_lines(self.then)}\n\n{other}{{% endif %}}"

    @property
    def html(self) -> str:
        """The blocks between tags in paragraphs of their own, so that the visual editor keeps them apart."""
        other = f"<p>{{% else %}}</p>\n{_elements(self.otherwise)}\n" if self.otherwise else ""
        return f"<p>{{% if {self.condition} %}}</p>\n{_elements(self.then)}\n{other}<p>{{% endif %}}</p>"


def _elements(blocks: Iterable[Block]) -> str:
    return "\n".join(block.html for block in blocks)


def _lines(blocks: Iterable[Block]) -> str:
    return "\n\n".join(block.text for block in blocks)


def _escaped(text: str) -> str:
    parts = enumerate(_LIQUID.split(text))
    return "".join(part if at % 2 else escape(part, quote=False).replace("\n", "<br>\n") for at, part in parts)
