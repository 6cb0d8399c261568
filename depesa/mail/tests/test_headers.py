"""What may stand in the head of a letter; the numbers are those of the list of bad inputs."""

import pytest

from depesa.core.errors import DomainError
from depesa.mail.addresses import AddressError
from depesa.mail.headers import HeaderError, check_sender, check_subject, clean_name


def refusal(check, *args, **options):
    with pytest.raises(DomainError) as caught:
        check(*args, **options)
    return str(caught.value)


def test_an_honest_subject_stays_as_it_is():
    assert check_subject("Sąskaitų sąrašas, 2011-07 (č. 5) 🙂") == "Sąskaitų sąrašas, 2011-07 (č. 5) 🙂"


@pytest.mark.parametrize("text", ["a\rb", "a\nb", "a\r\nBcc: x@y.example", "a\n"])
def test_input_26_line_break_in_the_subject(text):
    assert refusal(check_subject, text) == "The subject must be one line."


@pytest.mark.parametrize("character", ["\v", "\f", "\x85", "\u2028", "\u2029", "\x1c"])
def test_input_27_line_breaks_that_only_some_programs_know(character):
    assert refusal(check_subject, f"a{character}b") == "The subject must be one line."


def test_input_28_nul_in_the_subject():
    assert refusal(check_subject, "ab\x00c") == "Forbidden character at position 3."


@pytest.mark.parametrize("text", ["", "   ", "\u00a0\t "])
def test_input_29_empty_subject(text):
    assert refusal(check_subject, text) == "The subject is empty."


def test_input_30_long_subject():
    assert check_subject("ž" * 250)
    assert refusal(check_subject, "ž" * 251) == "The subject has 251 characters; 250 is the limit."


def test_input_31_direction_marks():
    assert refusal(check_subject, "Invoice \u202efdp.exe") == "There is an invisible direction mark at position 9."


def test_input_32_lone_surrogate():
    assert refusal(check_subject, "\ud800 x") == "Broken character at position 1."


def test_input_33_a_comma_in_the_name_is_kept():
    assert clean_name("Acme, s.r.o.") == "Acme, s.r.o."


def test_input_34_names_are_cleaned_by_rule():
    assert clean_name('E-shop: "Acme" info@acme.example') == "E-shop Acme info acme.example"
    assert len(clean_name("ž" * 300)) == 78
    assert refusal(clean_name, "Acme\r\nBcc: x@y.example") == "The name must be one line."


def test_input_35_two_sender_addresses():
    assert refusal(check_sender, "a@c.cz, b@d.cz") == "Only one sender address."
    assert check_sender("a@c.cz").text == "a@c.cz"
    with pytest.raises(AddressError, match="More than one @"):
        check_sender("a@b@c.cz")


def test_input_36_sender_of_a_domain_that_is_not_the_channels():
    sentence = "The mail server of channel “Main” may send for firma.cz only."
    assert refusal(check_sender, "a@c.cz", allowed_domains=["firma.cz"], channel="Main") == sentence
    assert check_sender("a@firma.cz", allowed_domains=["firma.cz"], channel="Main").text == "a@firma.cz"


def test_a_header_error_is_a_sentence_for_the_clerk():
    assert issubclass(HeaderError, DomainError)
