"""Addresses as people type them; the numbers are those of the list of bad inputs."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from depesa.mail.addresses import AddressError, _readable, check_address, split_addresses


def refusal(text, **options):
    with pytest.raises(AddressError) as caught:
        check_address(text, **options)
    return str(caught.value)


def test_a_plain_address_is_taken_as_it_is():
    address = check_address("Jan.Novak+shop@Firma.CZ")
    assert (address.text, address.remarks) == ("Jan.Novak+shop@firma.cz", ())


@pytest.mark.parametrize("text", ["a@c.cz\r\nBcc: x@y.cz", "a@c.cz\nx", "a\u2028@c.cz", "a@c\x85.cz", "a\v@c.cz"])
def test_input_01_line_break(text):
    assert refusal(text) == "The address contains a line break."


def test_input_02_zero_width_space():
    sentence = "The address contains an invisible character after 'cz'. It was not saved."
    assert refusal("a@c.cz\u200b") == sentence
    assert "after 'fir'" in refusal("a@fir\u00adma.cz")
    assert "after 'a'" in refusal("a\u202e@c.cz")
    assert "after ''" in refusal("\ufeffa@c.cz")


def test_input_03_sharp_s_stays_its_owners_domain():
    address = check_address("info@straße.de")
    assert (address.text, _readable("xn--strae-oqa.de")) == ("info@xn--strae-oqa.de", "straße.de")
    assert [r.sentence for r in address.remarks] == ["Will be sent to info@xn--strae-oqa.de."]
    assert not address.warnings


def test_input_04_domain_with_diacritics():
    typed, ascii_form = check_address("jan@příklad.cz"), check_address("jan@xn--pklad-zsa96e.cz")
    assert typed.text == ascii_form.text == "jan@xn--pklad-zsa96e.cz"
    assert _readable(typed.text.partition("@")[2]) == "příklad.cz"


def test_input_05_diacritics_before_the_at():
    assert refusal("žaneta@priklad.cz").startswith("Letters with diacritics before @ are not supported")


def test_input_06_mixed_alphabets():
    assert refusal("раураl@firma.cz") == "The address mixes alphabets (Cyrillic 'р')."
    address = check_address("admin@раураl.com")
    assert [w.sentence for w in address.warnings] == ["The address mixes alphabets (Cyrillic 'р')."]
    assert check_address("admin@рау.com").warnings, "every letter looks like a Latin one"
    assert not check_address("info@почта.рф").warnings
    assert not check_address("info@例え.jp").warnings


@pytest.mark.parametrize("text", ["a@b", "postmaster", "a@localhost", "a@"])
def test_input_07_no_domain(text):
    assert refusal(text) == "The part after @ needs a domain, e.g. firma.cz."


@pytest.mark.parametrize("text", ["a@[127.0.0.1]", "a@[::1]", "a@127.0.0.1", "a@::1"])
def test_input_08_ip(text):
    assert refusal(text).startswith("Addresses with an IP are not accepted.")


def test_input_09_long_local_part():
    assert check_address("a" * 64 + "@c.cz").text
    assert refusal("a" * 65 + "@c.cz") == "The part before @ is longer than 64 characters."


def test_input_10_limits():
    domain = ".".join(["d" * 62] * 3) + ".cz"
    assert check_address("a" * (254 - 1 - len(domain)) + "@" + domain).text
    assert refusal("a" * (255 - 1 - len(domain)) + "@" + domain) == "The address is longer than 254 characters."
    assert refusal("a@" + "d" * 64 + ".cz") == "A part of the domain is longer than 63 characters."
    assert refusal("a@" + "ž" * 62 + ".cz") == "A part of the domain is longer than 63 characters."
    assert "longer than" in refusal("a" * 100_000 + "@c.cz")


def test_input_11_dots():
    assert refusal("a..b@c.cz") == "Two dots in a row in the part before @."
    assert refusal(".a@c.cz") == "Dot at the start of the part before @."
    assert refusal("a.@c.cz") == "Dot at the end of the part before @."
    assert refusal("a@c..cz") == "Two dots in a row in the part after @."
    assert refusal("a@c.cz.") == "Dot at the end of the part after @."


def test_input_12_two_ats_and_stray_brackets():
    assert refusal("a@b@c.cz") == "More than one @ in the address."
    assert refusal("a@c.cz>") == "Stray '>' in the address."
    assert refusal("<a@c.cz") == "Stray '<' in the address."


def test_input_13_name_pasted_with_the_address():
    address = check_address("Jan Novák <a@c.cz>")
    assert (address.text, address.name) == ("a@c.cz", "Jan Novák")
    assert [r.sentence for r in address.remarks] == ["The name “Jan Novák” was split off."]
    assert check_address('"Novák, Jan" <a@c.cz>').name == "Novák, Jan"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Novák, Jan <jan@c.cz>", ["jan@c.cz"]),
        ("Novák, Jan <jan@c.cz>; Dvořák, Petr, Ing. <petr@c.cz>", ["jan@c.cz", "petr@c.cz"]),
        ("a@c.cz, Novák, Jan <jan@c.cz>, b@c.cz", ["a@c.cz", "jan@c.cz", "b@c.cz"]),
        ('"Novák, Jan" <jan@c.cz>, b@c.cz', ["jan@c.cz", "b@c.cz"]),
    ],
)
def test_a_name_with_a_comma_comes_in_as_outlook_copies_it(text, found):
    assert [address.text for address in split_addresses(text)] == found


@pytest.mark.parametrize("text", ["foo, a@c.cz", "a@c.cz, foo", "foo; Jan <jan@c.cz>", "foo\nJan <jan@c.cz>", "foo,"])
def test_a_word_that_is_no_name_of_an_address_is_refused(text):
    with pytest.raises(AddressError, match="“foo”"):
        split_addresses(text)


@pytest.mark.parametrize("text", ["a@c.cz, b@d.cz", "a@c.cz;b@d.cz"])
def test_input_14_two_addresses_in_one_field(text):
    assert refusal(text) == "Two addresses found. Add the second as its own line."


def test_input_15_blanks():
    for text in (" a@c.cz", "a@c.cz\t", "\u00a0a@c.cz\u00a0", "a@c.cz\r\n"):
        address = check_address(text)
        assert (address.text, [r.code for r in address.remarks]) == ("a@c.cz", ["trimmed"])
    assert refusal("a b@c.cz") == refusal("a@c\u00a0x.cz") == "The address contains a blank. Remove it."


def test_input_16_nul():
    assert refusal("a@c.cz\x00") == "The address contains a forbidden character (NUL)."


@pytest.mark.parametrize("text", ["-oQ/tmp@c.cz", "|/bin/sh@c.cz", "a%b@c.cz"])
def test_input_17_harmless_where_nothing_is_put_on_a_command_line(text):
    assert check_address(text).text == text


def test_input_18_encoded_word():
    assert refusal("=?utf-8?q?a?=@c.cz").startswith("The address contains encoded text.")


def test_input_19_quoted_local_part():
    assert refusal('"a b"@c.cz') == "Quoted addresses are not supported."


def test_input_20_own_sending_address():
    sentence = "This is your own sending address; mail would loop."
    assert refusal("Office@firma.cz", own=["office@firma.cz"]) == sentence
    assert refusal("bounce+abc123@firma.cz", own=["bounce@firma.cz"]) == sentence
    assert check_address("a@firma.cz", own=["office@firma.cz"]).text


@pytest.mark.parametrize("text", ["noreply@firma.cz", "do-not-reply@firma.cz", "a@example.com", "test@test.cz"])
def test_input_22_nobody_reads_there(text):
    assert [w.code for w in check_address(text).warnings] == ["no_reader"]


@pytest.mark.parametrize("text", ["a@b.cz>, evil@x", "a@b.cz, evil@x", "a@b.cz>"])
def test_input_25_reply_to_with_a_second_address(text):
    assert refusal(text)


@pytest.mark.parametrize("text", ["", "  ", "@c.cz", "a(b)@c.cz", "a@c_d.cz", "a@-c.cz", "a\\b@c.cz", "\ud800@c.cz"])
def test_other_wrong_addresses_are_refused_in_words(text):
    assert refusal(text).endswith(".")


def test_several_addresses_are_split_and_each_mailbox_kept_once():
    text = 'a@c.cz; B@C.cz,b@c.cz\r\n"Novák, Jan" <jan@c.cz>\n\n; ,'
    assert [a.text for a in split_addresses(text)] == ["a@c.cz", "B@c.cz", "jan@c.cz"]
    assert split_addresses(" \n") == []


def test_every_wrong_one_of_several_is_named():
    with pytest.raises(AddressError) as caught:
        split_addresses("a@c.cz, b@, ok@c.cz; x y@c.cz")
    assert str(caught.value).splitlines() == [
        "“b@”: The part after @ needs a domain, e.g. firma.cz.",
        "“x y@c.cz”: The address contains a blank. Remove it.",
    ]


@given(st.text(max_size=60) | st.from_regex(r"[a-z.\-@<>,;ÿ-ɏ ]{1,40}", fullmatch=True) | st.emails())
def test_whatever_is_typed_gives_a_plain_ascii_address_or_a_sentence(text):
    with contextlib.suppress(AddressError):
        address = check_address(text)
        assert address.text.isascii()
        assert address.text.isprintable()
        assert not set(address.text) & set(' \t<>,;"()[]\\')
        assert address.text.count("@") == 1
        assert check_address(address.text).text == address.text, "what was accepted is accepted again, unchanged"
