"""What may be a link, and where a request may lead back to."""

import pytest

from depesa.core.links import is_own_page, is_web_address, link_of, page_back

PAGES = ["/", "/documents/7/", "/orders/?q=a&at=x%20y#documents"]
WEB = [
    "https://firma.example", "http://firma.example:8000/a?b=c", "HTTPS://FIRMA.EXAMPLE/",
    "https://firma.example/a ž.pdf",
]  # fmt: skip
HOSTILE = [
    "", "javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,x", "file:///etc/passwd", "vbscript:x",
    "https://", "https:///evil.example/", "http:evil.example", "//evil.example/", "///evil.example/",
    "/\\evil.example/", "\\\\evil.example", "https://firma .example/", "/\t/evil.example/", "/\n/evil.example",
    "https://firma.example/\\..", "java\nscript:alert(1)", " https://firma.example", "https://firma.example/\0",
    "https://[evil", "https://firma.example:99999/", "https://firma.example:x/", "mail",
    "https://firma.example/" + "x" * 3000,
]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE)
def test_what_leads_elsewhere_than_it_says_is_no_link(text):
    assert link_of(text) == ""
    assert not is_web_address(text)
    assert not is_own_page(text)
    assert page_back(text, "/orders/") == "/orders/"


@pytest.mark.parametrize("text", PAGES)
def test_a_page_here_is_a_link_and_a_way_back(text):
    assert link_of(text) == page_back(text) == text
    assert not is_web_address(text)


@pytest.mark.parametrize("text", WEB)
def test_the_web_is_linked_and_never_redirected_to(text):
    assert link_of(text) == text
    assert page_back(text) == "/"


@pytest.mark.parametrize("text", ["mailto:ada@firma.example", "tel:+37060000000"])
def test_mail_and_phones_are_linked(text):
    assert link_of(text) == text
    assert page_back(text) == "/"


def test_without_a_wish_the_way_leads_to_the_usual_page():
    assert page_back(None, "/orders/") == "/orders/"
