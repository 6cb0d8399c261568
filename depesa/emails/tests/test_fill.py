"""A system e-mail is filled with values: what a customer reads."""

from decimal import Decimal
from time import process_time

import pytest

from depesa.core.languages import formatter
from depesa.core.periods import Period
from depesa.customers.models import Customer
from depesa.emails import services as letters
from depesa.emails.models import SystemEmail, SystemEmailText
from depesa.emails.placeholders import COMPANY, About, Context
from depesa.orders.placeholders import ORDER
from depesa.statements.placeholders import MONTHLY_STATEMENT
from depesa.statements.tests.values import statement_values


@pytest.fixture
def customer(db):
    return Customer.objects.create(code="C-1", name="Šroub & matka", language="cs")


def statement_of(company, customer, **changes):
    facts = {"document_count": 5, "totals": {"EUR": Decimal("1234.5"), "CZK": Decimal(-200)}, **changes}
    period = Period.month(2011, 6)
    return lambda language: statement_values(
        company=company, customer=customer, period=period, language=language, **facts
    )


def one_text(subject="s", body="b", language="en", context="monthly-statement"):
    email = SystemEmail.objects.create(code="own", name="Own", context=context)
    return SystemEmailText.objects.create(system_email=email, language=language, subject=subject, body=body)


def fill_own(values, language="en"):
    return letters.fill("own", language, values)


def test_a_link_that_leads_nowhere_matters_to_the_text_that_names_it_alone(company, customer):
    values = statement_of(company, customer)("en")
    values["company"]["website"] = "www.a.cz, www.b.cz"
    text = one_text(body="hello")
    assert fill_own(values).text == "hello\n"
    SystemEmailText.objects.filter(pk=text.pk).update(body="{{ company.website }}", version=2)
    with pytest.raises(letters.NotALink):
        fill_own(values)


@pytest.mark.parametrize(
    ("link", "written"),
    [
        ("https://firma.cz/o'nas", "https://firma.cz/o'nas"),
        ("https://t.example/?id=AB 12", "https://t.example/?id=AB%2012"),
        ('https://t.example/<a>"b', "https://t.example/%3Ca%3E%22b"),
        ("https://t.example/ž?a=%20&b=1", "https://t.example/ž?a=%20&b=1"),
    ],
)
def test_a_link_is_one_word(company, customer, link, written):
    values = statement_of(company, customer)("en")
    values["company"]["website"] = link
    one_text(body="{{ company.website }} .")
    assert fill_own(values).text == f"{written} .\n"


CZECH = """\
Dobrý den,

v příloze zasíláme seznam prodejních dokladů, které jsme Vám vystavili za červen 2011.

Seznam obsahuje 5 dokladů v celkové částce −200,00\xa0Kč, 1\xa0234,50\xa0€ včetně DPH.

Porovnejte jej prosím se svou evidencí. Pokud se některý údaj neshoduje, odpovězte na tento e-mail.

S pozdravem

Vaivorykštė UAB
"""
LITHUANIAN_REVISED = """\
Laba diena,

siunčiame patikslintą 2011 m. birželio mėn. sąskaitų sąrašą. Jis pakeičia anksčiau Jums siųstą sąrašą.

Kas pasikeitė:
- pridėtas VA-1
- pataisytas VA-2

Sąraše – 1 dokumentas, bendra suma su PVM – 10,00\xa0€.

Prašome palyginti sąrašą su savo apskaitos duomenimis. Jei kuris nors įrašas nesutampa, \
atsakykite į šį laišką arba paskambinkite telefonu +370 5 212 3456.

Pagarbiai

Ada
Vaivorykštė UAB
"""


def test_preset_letter_in_czech(company, customer):
    letter = letters.fill("monthly-statement", "cs", statement_of(company, customer))
    assert (letter.subject, letter.language) == ("Seznam prodejních dokladů za červen 2011", "cs")
    assert letter.text == CZECH
    assert not letter.is_fallback


def test_preset_letter_of_a_revision_in_lithuanian(company, customer):
    company.phone = "+370 5 212 3456"
    values = statement_of(
        company,
        customer,
        document_count=1,
        totals={"EUR": Decimal(10)},
        revision=2,
        changes=["pridėtas VA-1", "pataisytas VA-2"],
        contact="Ada",
    )
    letter = letters.fill("monthly-statement", "lt", values)
    assert letter.subject == "Patikslintas 2011 m. birželio mėn. sąskaitų sąrašas"
    assert letter.text == LITHUANIAN_REVISED


def test_preset_letter_in_english(company, customer):
    customer.salutation = "Dear Mr Novák,"
    letter = letters.fill("monthly-statement", "en", statement_of(company, customer))
    assert letter.subject == "Statement for June 2011"
    assert letter.text.startswith("Dear Mr Novák,\n\nPlease find attached the statement")
    assert "It lists 5 documents with a total of −CZK" in letter.text


@pytest.mark.parametrize("language", ["cs", "lt", "en"])
@pytest.mark.django_db
def test_preset_texts_have_no_problems(language):
    text = SystemEmailText.objects.get(system_email__code="monthly-statement", language=language)
    assert letters.check("monthly-statement", text.subject, text.body) == []
    for revision in (1, 2):
        values = MONTHLY_STATEMENT.samples(language)
        values["revision"]["number"] = revision
        letter = letters.fill("monthly-statement", language, values)
        assert "{" not in letter.text
        assert "\n\n\n" not in letter.text
        assert ("VA-118" in letter.text) is (revision == 2)


def test_missing_translation_falls_back_to_the_company_language(company, customer):
    SystemEmailText.objects.filter(language="cs").delete()
    company.language = "lt"
    company.save()
    letter = letters.fill("monthly-statement", "cs", statement_of(company, customer))
    assert (letter.language, letter.is_fallback) == ("lt", True)
    assert "2011 m. birželio mėn." in letter.text  # the values are in the language of the text, too


def test_missing_translation_falls_back_to_english_at_last(company, customer):
    SystemEmailText.objects.exclude(language="en").delete()
    company.language = "lt"
    company.save()
    letter = letters.fill("monthly-statement", "cs", statement_of(company, customer))
    assert (letter.language, letter.is_fallback) == ("en", True)


def test_no_text_at_all_is_said(company):
    SystemEmail.objects.create(code="own", name="Own", context="monthly-statement")
    with pytest.raises(letters.NoText, match="no text in any language"):
        fill_own({})


def test_one_bad_item_does_not_stop_the_others(company):
    one_text(body="{{ customer.code }}")
    good = {"customer": {"code": "C-1"}}
    first, second, third = letters.fill_many("own", [("en", good), ("en", {}), ("cs", good)])
    assert first == letters.Filled("s", "C-1\n", "en")
    assert isinstance(second, letters.MissingValue)
    assert third == letters.Filled("s", "C-1\n", "en", is_fallback=True)


def test_missing_value_is_named(company):
    one_text(body="{{ customer.code }}")
    with pytest.raises(letters.MissingValue, match=r"code"):
        fill_own({"customer": {"name": "x"}})


def test_input_29_subject_empty_after_filling_is_refused(company):
    one_text(subject='{{ contact | default: "" }}')
    with pytest.raises(letters.SubjectNotUsable, match="The subject is empty"):
        fill_own({"contact": ""})


def test_input_30_subject_too_long_after_filling_is_refused(company):
    one_text(subject="{{ contact }}")
    with pytest.raises(letters.SubjectNotUsable, match="longer than 250"):
        fill_own({"contact": "x" * 251})


def test_line_break_in_a_value_does_not_break_the_subject(company):
    one_text(subject="For {{ contact }}")
    assert fill_own({"contact": "Eva\r\nBcc: x@y.example\u2028z"}).subject == "For Eva Bcc: x@y.example z"


@pytest.mark.parametrize("name", ["{{ invoice.total }}", "{invoice.total}", "{% include 'x' %}", "{{ customer.code }}"])
def test_input_45_values_are_never_evaluated_again(company, name):
    one_text(subject="{{ customer.name }}", body="{{ customer.name }}")
    letter = fill_own({"customer": {"name": name, "code": "secret"}})
    assert (letter.subject, letter.text) == (name, name + "\n")


def test_input_46_names_are_literal_in_text_and_subject(company):
    one_text(subject="{{ customer.name }}", body="{{ customer.name }}")
    letter = fill_own({"customer": {"name": "<script>alert(1)</script> & syn"}})
    assert letter.subject == "<script>alert(1)</script> & syn"
    assert letter.text == "<script>alert(1)</script> & syn\n"


@pytest.mark.parametrize("link", ["javascript:alert(1)", "data:text/html,x", "JavaScript:x", "//evil.example"])
def test_input_47_link_that_is_not_http_is_refused(company, link):
    one_text(body="{{ company.website }}")
    with pytest.raises(letters.NotALink, match=r"Link is not http\(s\)"):
        fill_own({"company": {"website": link}})


def test_input_48_empty_value_is_an_error_or_the_chosen_default(company):
    text = one_text(body="{{ company.phone }}")
    with pytest.raises(letters.MissingValue, match=r"“company\.phone” is empty"):
        fill_own({"company": {"phone": ""}})
    text.body = '{{ company.phone | default: "none" }}{% if company.phone %}, call{% endif %}'
    text.save()
    assert fill_own({"company": {"phone": ""}}).text == "none\n"


def test_input_51_long_list_is_cut_and_says_so(company):
    one_text(body="{% for change in revision.changes %}\n{{ change }}\n{% endfor %}")
    letter = fill_own({"revision": {"changes": [f"line {n}" for n in range(20_000)]}})
    lines = letter.text.splitlines()
    assert len(lines) == 501
    assert lines[-1] == "Only the first 500 of 20000 are shown; the attachment has them all."


def test_input_50_output_over_the_limit_is_refused(company):
    one_text(body="{% for change in revision.changes %}{{ change }}{% endfor %}")
    with pytest.raises(letters.TooMuch):
        fill_own({"revision": {"changes": ["x" * 10_000] * 400}})


def test_only_plain_data_is_taken(company):
    one_text(body="{{ customer.name }}")
    with pytest.raises(TypeError, match=r"customer\.name is Company"):
        fill_own({"customer": {"name": company}})


def test_what_is_not_in_the_context_stays_outside(company):
    one_text(body="{{ secret }}")
    with pytest.raises(letters.MissingValue, match="secret"):
        fill_own({"secret": "x"})


def test_decomposed_letters_are_composed(company):
    one_text(body="{{ customer.name }}")
    assert fill_own({"customer": {"name": "Nova\u0301k"}}).text == "Novák\n"


@pytest.mark.parametrize(
    ("count", "language", "words"),
    [
        (1, "cs", "1 doklad"),
        (3, "cs", "3 doklady"),
        (5, "cs", "5 dokladů"),
        (1, "lt", "1 dokumentas"),
        (9, "lt", "9 dokumentai"),
        (10, "lt", "10 dokumentų"),
        (21, "lt", "21 dokumentas"),
        (1, "en", "1 document"),
        (2, "en", "2 documents"),
    ],
)
def test_documents_in_words(count, language, words):
    assert formatter(language).count(count, "documents") == words


def test_comments_leave_nothing(company):
    one_text(body="a\n{% comment %}\nnote {{ x\n{% endcomment %}\nb")
    assert fill_own({}).text == "a\nb\n"


def test_website_without_scheme_becomes_a_link(company):
    company.website = "vaivorykste.example"
    assert (
        Context("ours", "", COMPANY).values(About(company=company, language="en"))["company"]["website"]
        == "https://vaivorykste.example"
    )


def test_a_thousand_letters_cost_about_a_tenth_of_a_millisecond_each(company, customer, django_assert_num_queries):
    values = statement_of(company, customer)("cs")
    items = [("cs", values)] * 1000
    began = process_time()
    with django_assert_num_queries(3):
        letters.fill_many("monthly-statement", items)
    assert process_time() - began < 1.0  # 0.1 s on an idle machine


def test_rows_that_are_cut_say_so(company):
    values = ORDER.samples("en")
    values["order"]["items"] = values["order"]["items"][:1] * 600
    one_text(body="{% for item in order.items %}{{ item.text }} {{ item.quantity }}\n{% endfor %}", context="order")
    lines = fill_own(values).text.splitlines()
    assert (len(lines), lines[-1]) == (501, "Only the first 500 of 600 are shown.")


@pytest.mark.parametrize("said", ["Dear Mr. Smith:", "Dear Mr. Smith,", "Dear Mr. Smith!", "Dear Mr. Smith ,"])
def test_a_salutation_brings_no_sign_of_its_own(said):
    assert formatter("en").salutation(said) == "Dear Mr. Smith"
    assert formatter("cs").salutation("", "pane Nováku!") == "Dobrý den, pane Nováku"


def test_less_than_nothing_has_a_minus_sign():
    assert formatter("cs").quantity(Decimal("-1.5")) == "−1,5"
