"""E-mail addresses as people type them: a clear sentence for what is wrong, the exact address for what is right.

Domains go through IDNA 2008 (package idna): Django's own conversion turns straße.de into strasse.de, which
belongs to somebody else.
"""

import re
import unicodedata
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import idna

from depesa.core.errors import DomainError
from depesa.core.reasons import gettext as _
from depesa.core.reasons import joined
from depesa.core.texts import printable

LONGEST_INPUT: Final = 2000
LONGEST_LOCAL: Final = 64  # RFC 5321 4.5.3.1.1
LONGEST_ADDRESS: Final = 254  # RFC 5321 4.5.3.1.3: a path of 256 with its angle brackets
LONGEST_LABEL: Final = 63  # RFC 1035 2.3.4


class AddressError(DomainError):
    """The e-mail address is not valid."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True, slots=True)
class Remark:
    """What was changed (is_warning false) or what a person must confirm (true)."""

    code: str
    sentence: str
    is_warning: bool = False


@dataclass(frozen=True, slots=True)
class Address:
    """A checked address: `text` is what the mail server gets (ASCII)."""

    text: str
    name: str = ""
    remarks: tuple[Remark, ...] = ()

    @property
    def key(self) -> str:
        """Return what makes two addresses the same mailbox for us: letter case does not count."""
        return self.text.lower()

    @property
    def warnings(self) -> tuple[Remark, ...]:
        """Return what a person must confirm before the address is used."""
        return tuple(remark for remark in self.remarks if remark.is_warning)

    def __str__(self) -> str:
        """Return the ASCII form."""
        return self.text


def check_address(text: str, *, own: Collection[str] = ()) -> Address:
    """Return the one address in the text, or raise AddressError; `own` are our sending addresses."""
    trimmed = text.strip()
    remarks = [] if trimmed == text else [Remark("trimmed", _("Blanks around the address were removed."))]
    _check_characters(trimmed)
    name, address = _without_name(trimmed)
    if name:
        remarks.append(Remark("name", _("The name %(name)s was split off.") % {"name": f"“{name}”"}))
    local, typed_domain = _halves(address)
    _check_local(local)
    domain = _ascii_domain(typed_domain)
    if len(local) + 1 + len(domain) > LONGEST_ADDRESS:
        raise AddressError("too_long", _("The address is longer than %(n)d characters.") % {"n": LONGEST_ADDRESS})
    result = f"{local}@{domain}"
    if _mailbox(result) in {_mailbox(mine) for mine in own}:
        raise AddressError("own", _("This is your own sending address; mail would loop."))
    remarks += _remarks(local, domain)
    return Address(result, name, tuple(remarks))


def split_domains(text: str) -> list[str]:
    """Return every domain of a field that takes several (comma, semicolon, blank), as the mail server gets it."""
    return list(dict.fromkeys(_ascii_domain(piece.removeprefix("@")) for piece in re.split(r"[\s,;]+", text) if piece))


def split_addresses(text: str, *, own: Collection[str] = ()) -> list[Address]:
    """Return every address of a field that takes several (comma, semicolon, new line), each mailbox once.

    Raises AddressError that names each wrong one, so that the clerk corrects them in one go.
    """
    found: dict[str, Address] = {}
    problems: list[tuple[str, AddressError]] = []
    for piece in _pieces(text):
        try:
            address = check_address(piece, own=own)
        except AddressError as problem:
            problems.append((piece, problem))
        else:
            found.setdefault(address.key, address)
    if problems:
        raise AddressesError(problems)
    return list(found.values())


def usable_addresses(text: str) -> list[str]:
    """The addresses of a field that takes several, as texts; none where one of them is wrong."""
    return [] if address_fault(text) else [each.text for each in split_addresses(text)]


def address_fault(text: str) -> str:
    """What is wrong with the addresses of a field that takes several; empty where nothing is, or nothing stands."""
    try:
        split_addresses(text)
    except AddressError as problem:
        return str(problem)
    return ""


class AddressesError(AddressError):
    """Some of the e-mail addresses are not valid."""

    def __init__(self, problems: list[tuple[str, AddressError]]) -> None:
        lines = [joined([f"“{printable(piece[:80])}”: ", str(problem)], "") for piece, problem in problems]
        super().__init__(problems[0][1].code, joined(lines, "\n"))
        self.problems = problems


def _pieces(text: str) -> Iterator[str]:
    """Parts between commas, semicolons and line ends; of `Novák, Jan <jan@…>`, as Outlook copies it, the whole."""
    for line in text.splitlines():
        name: list[str] = []  # parts before a comma that may be the beginning of a name
        for match in re.finditer(r'((?:[^,;"]|"[^"]*"|")+)([,;]?)', line):
            if not (piece := match[1].strip()):
                continue
            if "@" not in piece and "<" not in piece and match[2] == ",":
                name.append(piece)
                continue
            if "<" in piece:
                piece = ", ".join([*name, piece])
                name = []
            yield from (*name, piece)
            name = []
        yield from name


def _check_characters(text: str) -> None:
    if not text:
        raise AddressError("empty", _("The address is empty."))
    if len(text) > LONGEST_INPUT:
        raise AddressError("too_long", _("The address is longer than %(n)d characters.") % {"n": LONGEST_ADDRESS})
    for position, character in enumerate(text):
        category = unicodedata.category(character)
        if character in "\r\n\v\f\x1c\x1d\x1e\x85\u2028\u2029":
            raise AddressError("line_break", _("The address contains a line break."))
        if character == "\0":
            raise AddressError("nul", _("The address contains a forbidden character (NUL)."))
        if category == "Cs":
            raise AddressError("broken", _("Broken character at position %(n)d of the address.") % {"n": position + 1})
        if category in ("Cf", "Cc", "Co", "Cn") and character != "\t":
            before = re.split(r"[^\w]", text[:position])[-1][-12:]
            raise AddressError(
                "invisible",
                _("The address contains an invisible character after %(before)s. It was not saved.")
                % {"before": f"'{before}'"},
            )


def _without_name(text: str) -> tuple[str, str]:
    match = re.fullmatch(r"([^<>]*)<([^<>]*)>", text)
    if match:
        return match[1].strip().strip("\"'").strip(), match[2].strip()
    for bracket in "<>":
        if bracket in text:
            raise AddressError("bracket", _("Stray %(bracket)s in the address.") % {"bracket": f"'{bracket}'"})
    return "", text


def _halves(address: str) -> tuple[str, str]:
    if address.startswith('"'):
        raise AddressError("quoted", _("Quoted addresses are not supported."))
    if re.search(r"[,;]", address) and address.count("@") > 1:
        raise AddressError("several", _("Two addresses found. Add the second as its own line."))
    if address.count("@") > 1:
        raise AddressError("at", _("More than one @ in the address."))
    local, at, domain = address.partition("@")
    if not at:
        raise AddressError("domain", _("The part after @ needs a domain, e.g. firma.cz."))
    if any(character.isspace() for character in address):
        raise AddressError("blank", _("The address contains a blank. Remove it."))
    return local, domain


ATOM: Final = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]*")


def _check_local(local: str) -> None:
    if not local:
        raise AddressError("local", _("The part before @ is missing."))
    if re.search(r"=\?.*\?=", local):
        raise AddressError("encoded", _("The address contains encoded text. Type the address itself."))
    if foreign := _foreign_letter(local, among_latin=True):
        raise AddressError("alphabets", _mixed(foreign))
    if not local.isascii():
        raise AddressError(
            "diacritics",
            _(
                "Letters with diacritics before @ are not supported by your mail server. "
                "Ask for an address without them."
            ),
        )
    if len(local) > LONGEST_LOCAL:
        raise AddressError("local_long", _("The part before @ is longer than %(n)d characters.") % {"n": LONGEST_LOCAL})
    _check_dots(local, _("the part before @"))
    valid = ATOM.match(local)
    if valid and valid.end() < len(local):
        character = f"'{local[valid.end()]}'"
        raise AddressError("character", _("The character %(c)s is not allowed before @.") % {"c": character})


def _check_dots(part: str, where: str) -> None:
    if ".." in part:
        raise AddressError("dots", _("Two dots in a row in %(where)s.") % {"where": where})
    if part.startswith("."):
        raise AddressError("dots", _("Dot at the start of %(where)s.") % {"where": where})
    if part.endswith("."):
        raise AddressError("dots", _("Dot at the end of %(where)s.") % {"where": where})


@lru_cache(maxsize=4096)  # the customers of a trader share a few domains; a refused one is looked at each time
def _ascii_domain(domain: str) -> str:
    # The ideographic and full-width full stops count as dots (UTS 46), so they are dots for every check below.
    domain = re.sub("[\u3002\uff0e\uff61]", ".", domain)
    if domain.startswith("[") or re.fullmatch(r"[\d.]*\d", domain) or ":" in domain:
        raise AddressError("ip", _("Addresses with an IP are not accepted. Use a domain, e.g. firma.cz."))
    if domain:
        _check_dots(domain, _("the part after @"))
    if "." not in domain:
        raise AddressError("domain", _("The part after @ needs a domain, e.g. firma.cz."))
    if any(len(label) > LONGEST_LABEL for label in domain.split(".")):
        raise _label_too_long()
    try:
        return idna.encode(domain, uts46=True, transitional=False).decode("ascii")
    except idna.IDNAError as problem:
        if "too long" in str(problem):
            raise _label_too_long() from None
        raise AddressError(
            "domain_invalid", _("The domain %(domain)s is not valid.") % {"domain": f"'{domain}'"}
        ) from None


def _label_too_long() -> AddressError:
    return AddressError("label_long", _("A part of the domain is longer than %(n)d characters.") % {"n": LONGEST_LABEL})


def _mailbox(address: str) -> str:
    local, _at, domain = address.lower().partition("@")
    return f"{local.partition('+')[0]}@{domain}"


NO_READER: Final = re.compile(r"(no|do.?not)[._-]?reply", re.IGNORECASE)
PLACEHOLDERS: Final = frozenset({"example.com", "example.org", "example.net", "test.cz", "test.com"})
EAST_ASIAN: Final = frozenset({"CJK", "HIRAGANA", "KATAKANA", "HANGUL", "BOPOMOFO"})
# Cyrillic and Greek letters that look like Latin ones: a label made of nothing else imitates a Latin name.
LOOK_ALIKES: Final = frozenset("асеорхуіјѕһԁԛԝьвкмнтαοορνυικ")


def _remarks(local: str, domain: str) -> Iterator[Remark]:
    readable = _readable(domain)
    if readable != domain:
        yield Remark("idn", _("Will be sent to %(address)s.") % {"address": f"{local}@{domain}"})
    if not readable.isascii() and (foreign := _first_foreign(readable)):
        yield Remark("alphabets", _mixed(foreign), is_warning=True)
    if NO_READER.fullmatch(local) or domain in PLACEHOLDERS:
        text = _("Nobody is likely to read %(address)s.")
        yield Remark("no_reader", text % {"address": f"{local}@{domain}"}, is_warning=True)


@lru_cache(maxsize=4096)
def _readable(domain: str) -> str:
    return idna.decode(domain)


def _first_foreign(domain: str) -> str | None:
    return next(filter(None, (_foreign_letter(label) for label in domain.split("."))), None)


def _mixed(letter: str) -> str:
    return _("The address mixes alphabets (%(letter)s).") % {"letter": letter}


def _foreign_letter(label: str, *, among_latin: bool = False) -> str | None:
    """Name the first letter that is of another alphabet than the rest, e.g. Cyrillic 'а'."""
    alphabets = {c: unicodedata.name(c, "").split(" ")[0] for c in label if c.isalpha()}
    others = [c for c in label if c in alphabets and alphabets[c] != "LATIN"]
    if not others or EAST_ASIAN.issuperset(alphabets[c] for c in others):
        return None
    is_mixed = len(set(alphabets.values())) > 1 or among_latin
    if not is_mixed and not LOOK_ALIKES.issuperset(others):
        return None
    return f"{alphabets[others[0]].capitalize()} '{others[0]}'"
