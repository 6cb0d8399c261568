"""No text costs more than its length: doubled, whatever stands in it, it takes twice as long and not four times."""

import contextlib
import time
from pathlib import Path

import pytest
from liquid.exceptions import LiquidError

from depesa.core import inputs, links, search, texts, versions
from depesa.core.errors import DomainError
from depesa.emails import rules
from depesa.emails.services import dialect, laboratory, markup, paste, problems
from depesa.emails.services.frame import body_of
from depesa.files import styles
from depesa.imports.rules import dates, files, numbers
from depesa.imports.rules.refusals import Unreadable
from depesa.mail import addresses, elements, filenames, frames, headers, letter, plain
from depesa.orders.rules import promises
from depesa.outbox.rules import Reply, subjects

pytestmark = pytest.mark.django_db

LENGTH = 8_000  # characters; what takes the square of them takes seconds at the length that is allowed
FREE = 0.01  # seconds for twice as many that are not worth a second look
MOST = 2.6  # times as long for a text of twice the length
ROUNDS = 5

SEEDS = [
    "<a ", "<p ", "<p> ", "<", "<!--", "<![CDATA[", "<style >", "<style ", "href=", "href =", "{*", "{$", "{if ", "{",
    "{{", "{%", "{% comment %}", "{%comment%}{", "{%- comment -%}", "}}", "%}", "&", "&#", "</", "</a ", "<a href=",
    '"', "'", "<b>", "<b a=", "<table><tr>", "http://", "://", "\n", "\n ", "\n\n", " \n", "\t", "a", "a@", "@",
    "<a@b>", ",", ";", ":", "(", "\\", "{%if a%}", "a.a", ".", "=?utf-8?q?", "=?utf-8?b?YQ==?= ", "\r", "\r\n",
    "x: y\n", '<x y="',
    "<p>{% if x %}", "<p>{%", "{%%}", "<br>", "<p><br>", "- ", "-", "ą", "e\u0301", "\u0301", "ﬃ", "--a\n", "cid:",
    '"cid:', '" ', "a,", 'a"",', "0", "1.", "1 ", "{$a", "b}", "{if $a && ", "['", "%", '<img src="cid:', "<i x=",
    "</p>", "<p><b x=1>", "xn--", "a b ", "; a=b", "; a*0=b", "a+", "<title>", "<b title=1>", "[", '{"a":', "_", "| ",
]  # fmt: skip
WITHIN = [
    ("href", " ", ""),
    ("<p>", " ", "{%"),
    ("{if $a", " ", "b}"),
    ('href="', " ", "x"),
    ("<p>", "{%a%}", "x"),
    ("{*", "a", ""),
    ("a", " ", "<"),
    ('"', "a", ""),
    ("<a b", " ", "="),
    ("<style>", "a", ""),
    ("<a ", "{{a}}", ">"),
    ('<a href="', "{{a}}", '">'),
    ("<a x", "a{{a}}", "="),
]


def _letter(head, text):
    return letter.read_letter(head + text.encode("utf-8", "replace")).html


FUNCTIONS = {
    "rules.pieces": lambda text: list(rules.pieces(text)),
    "rules.without_remarks": rules.without_remarks,
    "markup.cleaned": lambda text: dialect._cleaned(text),
    "markup.styled": markup.styled,
    "styles.inline": lambda text: markup.depth(text) > markup.DEEPEST or styles.inline(text.encode(), markup.SHEET),
    "markup.guarded": markup.guarded,
    "markup.spoken": markup.spoken,
    "markup.taken_out": markup.taken_out,
    "markup.links_of": lambda text: list(markup.links_of(text)),
    "markup.depth": markup.depth,
    "paste.convert": lambda text: paste.convert(text, "order"),
    "frame.body_of": body_of,
    "dialect.Parts": lambda text: dialect.Parts("s", text, text),
    "problems.check": lambda text: problems.check("order", "s", text, text),
    "laboratory": lambda text: list(laboratory._NAMED.finditer(text)),
    "plain.text_of": plain.text_of,
    "elements": lambda text: list(elements.elements(text)),
    "letter.read_letter": lambda text: _letter(b"", text),
    "letter of HTML": lambda text: _letter(b"Content-Type: text/html\r\n\r\n", text),
    "letter of parts": lambda text: _letter(b"Content-Type: multipart/mixed; boundary=a\r\n\r\n--a\r\n", text),
    "letter with a type": lambda text: _letter(b"Content-Disposition: attachment\r\nContent-Type: a/b", text),
    "letter.decode": letter.decode,
    "letter.count_files": lambda text: letter.count_files(text.encode("utf-8", "replace")),
    "frames.show_html": frames.show_html,
    "frames.disposition": lambda text: frames.disposition("inline", text),
    "texts.one_line": texts.one_line,
    "texts.some_lines": texts.some_lines,
    "texts.fold": texts.fold,
    "texts.plain_words": texts.plain_words,
    "addresses.check_address": addresses.check_address,
    "addresses.split_addresses": addresses.split_addresses,
    "addresses.split_domains": addresses.split_domains,
    "headers.check_subject": headers.check_subject,
    "headers.check_sender": headers.check_sender,
    "headers.clean_name": headers.clean_name,
    "filenames.safe_name": lambda text: filenames.safe_name(text, "application/pdf"),
    "versions.compare": lambda text: versions.compare({"a": text + "1"}, {"a": "2" + text}),
    "links.link_of": links.link_of,
    "inputs.read_json": lambda text: inputs.read_json(text.encode("utf-8", "replace")),
    "inputs.read_amount": inputs.read_amount,
    "search.typed": search.typed,
    "numbers.parse_number": numbers.parse_number,
    "dates.parse_date": dates.parse_date,
    "promises_a_file": promises.promises_a_file,
    "subjects.about": lambda text: subjects.about(Reply(550, "5.1.1", text[:2000])),
}


def seconds(function, text):
    """CPU time of the fastest round; a refusal is an answer."""
    fastest = 1e9
    for _ in range(ROUNDS):
        began = time.process_time()
        with contextlib.suppress(DomainError, Unreadable, LiquidError, ValueError):
            function(text)
        fastest = min(fastest, time.process_time() - began)
        if fastest < FREE:
            break
    return fastest


def hostile(length):
    """Texts of about this length: the same again and again, alone or with a beginning and an end."""
    yield from (seed * (length // len(seed)) for seed in SEEDS)
    yield from (start + seed * (length // len(seed)) + end for start, seed, end in WITHIN)


def slow(function):
    for text, twice in zip(hostile(LENGTH), hostile(2 * LENGTH), strict=True):
        if (long := seconds(function, twice)) > FREE and long > MOST * (short := seconds(function, text)):
            yield f"{text[:20]!r}: {short * 1000:.0f} ms, twice as long {long * 1000:.0f} ms"


@pytest.mark.parametrize("function", FUNCTIONS.values(), ids=FUNCTIONS)
def test_a_text_of_twice_the_length_takes_twice_as_long(function):
    assert list(slow(function)) == []


@pytest.mark.parametrize("separator", ["", ","])
def test_so_does_a_file_whose_columns_are_looked_for(tmp_path, separator):
    def inspect(text):
        path = Path(tmp_path, "x.csv")
        path.write_text(text, encoding="utf-8", errors="replace")
        files.inspect_bytes(path, "", separator)

    assert list(slow(inspect)) == []


def test_a_measure_of_this_kind_finds_what_takes_the_square():
    assert len(list(slow(lambda text: [text.find("\0") for _ in text]))) > 0


def test_texts_that_differ_in_every_line_are_compared_in_time():
    lines = [str(number) for number in range(20_000)]
    began = time.process_time()
    found = versions.compare({"a": "\n".join(lines)}, {"a": "\n".join(reversed(lines))})
    assert time.process_time() - began < 2
    assert len(found["a"]) == 40_000
