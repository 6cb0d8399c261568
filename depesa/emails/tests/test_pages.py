"""The pages of system e-mails: nothing typed is lost, every problem stands at its field."""

import pytest
from django.urls import reverse

from depesa.customers.models import Customer
from depesa.emails.models import SystemEmail, SystemEmailText
from depesa.emails.queries import fallbacks
from depesa.emails.services import save

pytestmark = pytest.mark.django_db
CODE = "monthly-statement"


def address(view, language="en", *more):
    return reverse(f"emails:{view}", args=[CODE, language, *more])


def text_in(language="en"):
    return SystemEmailText.objects.select_related("system_email").get(system_email__code=CODE, language=language)


@pytest.fixture
def desk(client, ada):
    """Ada's browser."""
    client.force_login(ada)
    return client


def typed(text=None, **changes):
    text = text or text_in()
    saved = {name: getattr(text, name) for name in ("subject", "body", "html", "editor", "version")}
    return {**saved, **changes}


def test_list_names_every_email_and_what_is_missing(desk):
    text_in("lt").delete()
    page = desk.get(reverse("emails:system_emails"))
    assert "Monthly statement" in page.text
    assert "Lithuanian is missing" in page.text
    assert address("text", "cs") in page.text


def test_editor_shows_text_placeholders_and_preview(desk):
    page = desk.get(address("text", "cs"))
    assert "v příloze zasíláme" in page.context["form"]["body"].value()
    assert "{{ customer.salutation }}" in page.text
    assert "name of the customer" in page.text
    assert page.context["preview"].letter.subject == "Seznam prodejních dokladů za červen 2011"


def test_saving(desk, ada):
    answer = desk.post(address("text"), typed(subject="New subject"))
    assert answer.url == address("text")
    assert (text_in().subject, text_in().version, text_in().changed_by) == ("New subject", 2, ada)


def test_input_40_problem_stands_at_the_field_and_nothing_typed_is_lost(desk):
    page = desk.post(address("text"), typed(body="Hello\n  {{ customer.nmae }}"))
    assert page.status_code == 422
    [error] = page.context["form"].errors["body"]
    assert error == "Unknown placeholder “customer.nmae”. Did you mean “customer.name”? (line 2, column 6)"
    assert "{{ customer.nmae }}" in page.context["form"]["body"].value()
    assert text_in().version == 1


@pytest.mark.parametrize("changes", [{"subject": ""}, {"body": "  "}, {"version": "x"}, {"version": ""}])
def test_empty_and_broken_input_is_answered(desk, changes):
    assert desk.post(address("text"), typed(**changes)).status_code == 422
    assert text_in().version == 1


def test_input_57_somebody_else_was_faster(desk, ben):
    mine = typed(subject="By Ada")
    save(text_in(), "By Ben", text_in().body, by=ben, version=1)
    page = desk.post(address("text"), mine)
    assert page.status_code == 422
    assert "Changed by Ben on" in page.text
    assert "Your text is kept below; compare." in page.text
    assert page.context["form"]["subject"].value() == "By Ada"
    assert [(line.change, line.text) for line in page.context["compared"]["subject"]] == [
        ("gone", "By Ben"),
        ("new", "By Ada"),
    ]
    assert desk.post(address("text"), {**mine, "version": page.context["form"]["version"].value()}).status_code == 302
    assert (text_in().subject, text_in().version) == ("By Ada", 3)


def test_preview_while_typing(desk):
    page = desk.post(address("preview"), {"subject": "For {{ customer.name }}", "body": "Dear {{ contact }}"})
    assert page.status_code == 200
    assert "For Šroub &amp; matka, s.r.o." in page.text
    assert "Dear Ada" in page.text
    assert "<html" not in page.text


def test_preview_with_a_real_customer(desk):
    Customer.objects.create(code="K-7", name="Žalgiris <b>", salutation="Gerbiamas direktoriau,")
    body = {"subject": "s", "body": "{{ customer.salutation }}, {{ customer.name }}"}
    for wanted in ("k-7", "zal"):
        page = desk.post(address("preview"), {**body, "customer": wanted})
        assert "Gerbiamas direktoriau, Žalgiris &lt;b&gt;" in page.text
    page = desk.post(address("preview"), {**body, "customer": "nobody"})
    assert "Nothing has the number, code or name “nobody”." in page.text


def test_preview_as_a_correction(desk):
    assert "VA-118" not in desk.post(address("preview"), typed()).text
    assert "VA-118" in desk.post(address("preview"), typed(is_revision="on")).text


def test_preview_names_line_and_column(desk):
    page = desk.post(address("preview"), {"subject": "s", "body": "a\n\n {{ x }}"})
    assert "Line 3, column 5" in page.text


def test_preview_names_an_empty_value(desk, company):
    page = desk.post(address("preview"), {"subject": "s", "body": "{{ company.phone }}"})
    assert "“company.phone” is empty." in page.text


def test_preview_works_without_script(desk):
    page = desk.post(address("text"), typed(subject="Just looking", act="preview"))
    assert page.context["preview"].letter.subject == "Just looking"
    assert page.context["form"]["subject"].value() == "Just looking"
    assert text_in().version == 1


def test_saved_text_as_a_mail_program_shows_it(desk, company):
    answer = desk.get(address("html", "lt"))
    assert "siunčiame 2011 m. birželio mėn." in answer.text
    assert "sandbox" in answer.headers["Content-Security-Policy"]


def test_versions_and_roll_back(desk, ada, ben):
    original = text_in()
    save(original, "Second", "Second\n", by=ben, version=1)
    save(text_in(), "Third", "Third\n", by=ben, version=2)
    assert "Second" in desk.get(address("versions")).text
    page = desk.get(address("version", "en", 1))
    assert ("new", "Third") in [(line.change, line.text) for line in page.context["compared"]["subject"]]
    desk.post(address("version", "en", 1), {"version": "3"})
    assert (text_in().subject, text_in().version, text_in().changed_by) == (original.subject, 4, ada)


def test_roll_back_over_somebody_elses_change_is_refused(desk, ben):
    save(text_in(), "Second", "Second\n", by=ben, version=1)
    page = desk.post(address("version", "en", 1), {"version": "1"}, follow=True)
    assert "Changed by Ben" in page.text
    assert text_in().version == 2


def test_a_missing_language_is_written(desk, ada):
    text_in("lt").delete()
    page = desk.get(address("text", "lt"))
    assert "There is no Lithuanian text yet." in page.text
    desk.post(address("text", "lt"), {"subject": "Sąrašas", "body": "Laba diena", "version": "0"})
    assert text_in("lt").changed_by == ada


def test_unknown_languages_and_emails_are_not_there(desk):
    assert desk.get(address("text", "de")).status_code == 404
    assert desk.get(reverse("emails:text", args=["nothing", "en"])).status_code == 404


def test_input_56_missing_language_is_told_before_a_run(company):
    text_in("lt").delete()
    email = SystemEmail.objects.get(code=CODE)
    [told] = fallbacks(email, {"lt": 41, "cs": 1, "en": 1})
    assert told.count == 41
    assert told.words == "customers have no text in “Lithuanian”; the one in “English” will be used"
    assert (
        fallbacks(email, {"lt": 1})[0].words
        == "customer has no text in “Lithuanian”; the one in “English” will be used"
    )


# HTML part, light and dark


def order_address(view, language="cs", *more):
    return reverse(f"emails:{view}", args=["order-received", language, *more])


def test_preview_frame_shows_what_is_typed_in_the_chosen_colours(desk, company):
    typed = {"subject": "s", "body": "t", "editor": "source", "html": "<p>{{ order.number }}</p><script>x</script>"}
    light = desk.post(order_address("html"), {**typed, "scheme": "light"})
    dark = desk.post(order_address("html"), {**typed, "scheme": "dark"})
    assert ">2011-000118</p>" in light.text
    assert "<script" not in light.text
    assert "@media not all{" in light.text
    assert "@media all{" in dark.text
    assert "sandbox" in dark.headers["Content-Security-Policy"]


def test_preview_frame_says_when_there_is_nothing_to_show(desk, company):
    page = desk.post(order_address("html"), {"subject": "s", "body": "t", "editor": "source", "html": "{{ x }}"})
    assert "There is nothing to show yet" in page.text


def test_input_52_what_mail_must_not_hold_is_named_when_saved(desk, company):
    text = SystemEmailText.objects.get(system_email__code="order-received", language="cs")
    html = '<form>a</form><iframe src="https://e.example"></iframe><p style="background:url(//e)">b</p>'
    html += "<!--[if mso]>x<![endif]-->"
    page = desk.post(order_address("text"), typed(text, html=html, editor="source"), follow=True)
    assert "4 elements were removed: form, iframe, p style, &lt;!-- --&gt;." in page.text


def test_html_problems_stand_at_the_html_part(desk, company):
    text = SystemEmailText.objects.get(system_email__code="order-received", language="cs")
    page = desk.post(order_address("text"), typed(text, html="<p>\n{{ order.nubmer }}</p>", editor="source"))
    [error] = page.context["form"].errors["html"]
    assert error == "Unknown placeholder “order.nubmer”. Did you mean “order.number”? (line 2, column 4)"


def test_text_only_drops_the_html_part(desk, company):
    text = SystemEmailText.objects.get(system_email__code="order-received", language="cs")
    desk.post(order_address("text"), typed(text, editor="text"))
    text.refresh_from_db()
    assert (text.html, text.editor, text.version) == ("", "text", 2)


def test_back_to_how_it_came(desk, company):
    text = SystemEmailText.objects.get(system_email__code="order-received", language="cs")
    desk.post(order_address("text"), typed(text, subject="Mine", editor="text"))
    desk.post(order_address("default"), {"version": "2"})
    now = SystemEmailText.objects.get(pk=text.pk)
    assert (now.subject, now.body, now.html, now.version) == (text.subject, text.body, text.html, 3)


def test_laboratory_answers_alone_and_as_a_page(desk, company):
    page = desk.post(order_address("laboratory"), {"subject": "s", "body": "{{ order.note }}"}, HTTP_HX_REQUEST="true")
    assert "Where a value is missing that may be missing" in page.text
    assert "<html" not in page.text
    assert "<html" in desk.get(order_address("laboratory")).text
