"""Two hundred payloads, as templates and as values: none runs, none becomes markup, none becomes a header."""

import json
import re
from email.message import EmailMessage
from email.policy import SMTP
from html.parser import HTMLParser
from pathlib import Path
from time import perf_counter
from unicodedata import normalize

import pytest

from depesa.emails import services as letters
from depesa.emails.models import SystemEmail, SystemEmailText
from depesa.emails.services import Filled, check, cleaned, fill_text, frame, taken_out
from depesa.emails.services.dialect import LONGEST_SECONDS, Parts
from depesa.emails.services.markup import CLASSES, TAGS, styled
from depesa.orders.placeholders import ORDER

LINES = (Path(__file__).parent / "payloads.txt").read_text().splitlines()[1:]
PAYLOADS = [line.split("\t", 1) for line in LINES]
TEMPLATES = [payload for where, payload in PAYLOADS if where in "tb"]
VALUES = [
    re.sub(r"(?:\\u[0-9a-f]{4})+|\\[rn]", lambda found: json.loads(f'"{found[0]}"'), payload)
    for where, payload in PAYLOADS
    if where in "vb"
]
EVIL = re.compile(r"(?i)javascript:|vbscript:|data:|//e\.example|file:|expression|url\(|@import")
ATTRIBUTES = {"style", "class", "align", "dir", "lang", "title", "href", "alt", "width", "height", "role"}
ATTRIBUTES |= {"colspan", "rowspan", "valign", "scope", "start", "cellpadding", "cellspacing"}


class Reader(HTMLParser):
    """What a mail program would see: elements, attributes and words."""

    def __init__(self, html):
        super().__init__()
        self.tags, self.attributes, self.said = [], [], []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += [(name, value or "") for name, value in attrs]

    def handle_data(self, data):
        self.said.append(data)


def text_of(subject="s", body="b", html=""):
    email = SystemEmail(code="x", context="order")
    return SystemEmailText(system_email=email, language="en", subject=subject, body=body, html=html)


def values_with(name):
    values = ORDER.samples("en")
    values["customer"]["name"] = values["order"]["note"] = name
    values["order"]["items"] = [{**values["order"]["items"][0], "text": name}]
    return values


def test_there_are_two_hundred():
    assert len(PAYLOADS) == len({payload for _where, payload in PAYLOADS}) == 200


def is_harmless(html):
    page = Reader(html)
    assert set(page.tags) <= TAGS
    for name, value in page.attributes:
        assert name in ATTRIBUTES
        assert not EVIL.search(value), (name, value)
        assert name != "class" or set(value.split()) <= CLASSES
    return True


@pytest.mark.parametrize("payload", TEMPLATES)
def test_inputs_42_43_44_52_53_54_as_a_template(payload):
    """Refused with its place, or plain words in the text part and nothing but allowed elements in the HTML part."""
    problems = check("order", "s", payload)
    if problems:
        assert all(problem.message and problem.line == 1 and problem.column >= 1 for problem in problems)
        assert check("order", "s", "b", payload)
    else:
        letter = fill_text(text_of(body=payload, html=payload), ORDER.samples("en"))
        assert letter.text == payload.strip() + "\n"  # as it was typed: 7*7 and never 49
        assert is_harmless(letter.html)
        assert "49" not in letter.html or "49" in payload


@pytest.mark.parametrize("payload", [payload for where, payload in PAYLOADS if where == "t"])
def test_liquid_beyond_the_letters_is_refused(payload):
    [first, *_more] = check("order", "s", payload)
    assert first.message


HTML = (
    "<p>{{ customer.name }}</p><blockquote>{{ order.note }}</blockquote>"
    '<p title="{{ customer.name }}"><a href="{{ order.link }}">{{ customer.name }}</a></p>'
    "{% for item in order.items %}<p>{{ item.text }}</p>{% endfor %}"
)


@pytest.mark.parametrize("payload", VALUES)
def test_inputs_45_46_as_a_value(payload):
    """Literal in the text part, escaped in the HTML part, one clean line in the subject."""
    text = text_of("For {{ customer.name }}!", "{{ customer.name }}", HTML)
    letter, plain = (fill_text(text, values_with(name)) for name in (payload, "Ada"))
    attacked, calm = Reader(letter.html), Reader(plain.html)
    assert [tag for tag in attacked.tags if tag != "br"] == calm.tags
    assert [name for name, _value in attacked.attributes] == [name for name, _value in calm.attributes]
    is_one_line = len(payload.splitlines()) == 1
    if is_one_line and payload.isprintable():
        composed = normalize("NFC", payload)
        assert composed.strip() in letter.text
        assert "".join(attacked.said).count(composed) == 4
    assert len(letter.subject.splitlines()) == 1
    assert not re.search(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]", letter.subject)
    header = EmailMessage(SMTP)
    header["Subject"] = letter.subject
    assert len(header.keys()) == 1
    assert not re.search(rb"\n[^ \t\r]", header.as_bytes().split(b"\r\n\r\n")[0] + b"\r\n")


@pytest.mark.parametrize("payload", VALUES)
def test_input_47_as_a_link(payload):
    values = ORDER.samples("en")
    values["order"]["link"] = payload
    with pytest.raises(letters.NotALink, match=r"Link is not http\(s\)"):
        fill_text(text_of(html='<a href="{{ order.link }}">x</a>'), values)


@pytest.mark.parametrize("link", ["https://a.example/?x=1&y=2", "http://a.example"])
def test_a_web_link_is_a_link(link):
    values = ORDER.samples("en")
    values["order"]["link"] = link
    page = Reader(fill_text(text_of(html='<a href="{{ order.link }}">x</a>'), values).html)
    assert ("href", link) in page.attributes


def test_input_47_only_a_link_may_be_an_address():
    [problem] = check("order", "s", "b", '<p>\n<a href="{{ customer.name }}">x</a>')
    assert (problem.line, problem.part) == (2, "html")
    assert problem.message.startswith(
        "“customer.name” is no link and cannot be an address. Links here: company.website"
    )
    assert check("order", "s", "b", '<a href="mailto:{{ customer.email }}">x</a>') == []
    assert check("order", "s", "b", '<a href="{{ order.link }}">x</a>') == []


def test_input_47_an_address_pieced_together_leads_nowhere():
    html = '<a href="{% if order.number %}{{ customer.name }}{% endif %}">x</a>'
    letter = fill_text(text_of(html=html), values_with("javascript:alert(1)"))
    assert "href" not in letter.html


def test_input_48_empty_values_are_an_error_or_what_was_chosen():
    values = values_with("Ada")
    values["order"]["note"] = ""
    with pytest.raises(letters.MissingValue, match=r"“order\.note” is empty"):
        fill_text(text_of(html="<p>{{ order.note }}</p>"), values)
    chosen = fill_text(text_of(html='<p>{{ order.note | default: "<b>none</b>" }}</p>'), values)
    assert ">&lt;b&gt;none&lt;/b&gt;</p>" in chosen.html


def test_input_49_a_placeholder_of_another_occasion():
    [problem] = check("newsletter", "s", "{{ order.total }}")
    assert problem.message == "“order.total” is not available in “Newsletter”."


@pytest.mark.parametrize("html", ["x" * 300 * 1024, "{{ contact }}" * 10_000, "{% if contact %}" * 1000])
def test_input_50_too_much_is_refused_at_once(html):
    began = perf_counter()
    assert check("order", "s", "b", html)
    assert perf_counter() - began < LONGEST_SECONDS


def test_input_50_deep_elements_do_not_break_anything():
    assert is_harmless(cleaned("<div>" * 5000 + "x"))


def test_input_51_long_orders_are_cut_and_say_so():
    values = values_with("Ada")
    values["order"]["items"] *= 20_000
    letter = fill_text(text_of(html="{% for item in order.items %}<p>{{ item.code }}</p>{% endfor %}"), values)
    assert letter.html.count("<p ") == 500


def test_rows_name_only_their_columns():
    [problem] = check("order", "s", "{% for item in order.items %}{{ item.cost }}{% endfor %}")
    assert problem.message == "Unknown placeholder “item.cost”. Did you mean “item.code”?"
    [problem] = check("order", "s", "{% for item in order.items %}{{ item }}{% endfor %}")
    assert problem.message.startswith("“item” is a row. Write one of its columns: item.code, item.text")
    [problem] = check("order", "s", "{{ order.is_paid }}")
    assert problem.message == "“order.is_paid” says yes or no. Write {% if order.is_paid %} {% endif %}."


def test_input_52_what_is_taken_out_is_named():
    html = "<form><input></form><iframe></iframe><p style='background:url(//e)' onclick=x hx-get=/y>a</p>"
    html += "<!--[if mso]>b<![endif]-->"
    assert taken_out(html) == ["form", "input", "iframe", "p style", "p onclick", "p hx-get", "<!-- -->"]
    assert taken_out('<p class="soft" style="color:red">{{ x }}</p><a href="{{ link }}">y</a>') == []


def test_input_53_pictures_come_with_the_letter_only():
    assert 'src="cid:logo"' in cleaned('<img src="cid:logo" alt="x">')
    assert "src" not in cleaned('<img src="http://e.example/p.png"><img src="file:///etc/passwd"><img src="/x.png">')


@pytest.mark.django_db
def test_the_frame_adds_nothing_that_loads(company):
    html = frame(Filled("s", "t", "en", html=cleaned("<p>x</p>")), company).html
    assert not re.search(r"(?i)<script|<link|@import|url\(|src=", html)


def test_what_was_compiled_is_compiled_once_for_all_letters():
    parts = Parts("s", "b", HTML)
    first = parts.filled(values_with("<b>one</b>"))
    second = parts.filled(values_with("two"))
    assert "one" in first[2]
    assert "one" not in second[2]


@pytest.mark.parametrize(
    "sheet",
    [
        "<link rel=stylesheet href=file://{path}>",
        "<LINK title='>' rel=stylesheet href='{path}'>",
        "<style>@import url({path});</style>",
        "<base href=file:/><link rel=stylesheet href={path}>",
    ],
)
def test_no_file_and_no_address_is_read_while_a_text_is_compiled(tmp_path, sheet):
    path = tmp_path / "secret.css"
    path.write_text("p { color: #123456 }")
    letter = fill_text(text_of(html=sheet.format(path=path) + "<p>x</p>"), ORDER.samples("en"))
    assert "123456" not in letter.html
    assert letter.html.endswith(">x</p>")


@pytest.mark.parametrize("open_tag", ["<div>", "<b>", "<table><tr><td>", "<x-y>", "<div\n>"])
def test_elements_deep_in_each_other_do_not_end_the_process(open_tag):
    source = open_tag * 40_000
    assert styled(source) == source
    honest = "<div>" * 400 + "<p>x<br>" + "<br>" * 2000 + "</p>" + "</div>" * 400
    assert styled(honest) != honest
