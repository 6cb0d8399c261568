"""A text is checked when it is saved: every problem with its place, before any letter is formed."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from depesa.emails.services import check


def problems(body, subject="Subject"):
    return [str(problem) for problem in check("monthly-statement", subject, body)]


def test_text_without_problems():
    body = (
        '{% comment %} {{ anything goes {% endcomment %}{% if revision.number > 1 and contact != "x" %}'
        '{{ customer.name | upcase }}{% elsif month.number == "2011-06" %}{{ totals | default: "-" }}'
        "{% else %}{{ contact }}{% endif %}{% unless company.phone %}x{% endunless %}"
        "{% for change in revision.changes limit:3 %}{{ forloop.index }}. {{ change }}{% endfor %}"
        '{{ revision.changes | join: ", " }}'
    )
    assert problems(body) == []


def test_input_40_unknown_placeholder_with_what_was_meant():
    [problem] = check("monthly-statement", "Subject", "Hello\n\n  {{ customer.nmae }}")
    assert problem.message == "Unknown placeholder “customer.nmae”. Did you mean “customer.name”?"
    assert (problem.line, problem.column, problem.part) == (3, 6, "body")


@pytest.mark.parametrize(
    ("context", "typed"),
    [
        ("monthly-statement", '{{ revision.changes | default: "none" }}'),
        ("monthly-statement", "{{ revision.changes | upcase }}"),
        ("monthly-statement", "{{ contact | default: revision.changes }}"),
        ("order", '{{ order.items | join: ", " }}'),
        ("order", "{{ order.items | strip }}"),
        ("order", '{{ order.is_paid | default: "no" }}'),
    ],
)
def test_no_filter_makes_a_list_or_a_yes_print_as_python(context, typed):
    [problem] = check(context, "Subject", typed)
    assert "is a list" in problem.message or "says yes or no" in problem.message


def test_what_is_wrong_once_is_told_once():
    [problem] = check("order", "Subject", "{% for item in order.items %}{{ item }}{% endfor %}")
    assert "is a row" in problem.message
    assert len(check("order", "Subject", "{{ nobody }} {{ nobody }}")) == 2


def test_input_41_placeholder_not_closed():
    assert problems("a\nb\n           {{ customer.name\nand {{ contact }}") == [
        "Placeholder not closed. (line 3, column 12)"
    ]


def test_tag_not_closed():
    assert problems("{% if contact }}x") == ["Tag not closed. (line 1, column 1)"]


@pytest.mark.parametrize(
    "typed",
    [
        "{{ order.__class__.__mro__ }}",
        "{{ customer.__class__ }}",
        "{{ customer['__class__'] }}",
        "{{ customer.name.__class__ }}",
        "{{ customer.name.size }}",
        "{{ customer }}",
        "{{ customer[contact] }}",
        "{{ now }}",
        "{{ forloop.index }}",
        "{% for c in revision.changes %}{{ c.__class__ }}{% endfor %}",
        "{% for c in revision.changes %}{{ forloop.parentloop }}{% endfor %}",
        "{{ }}",
        "{{ 7*7 }}",
    ],
)
def test_input_42_names_come_from_a_fixed_list(typed):
    [problem] = problems(typed)
    assert problem.startswith("Unknown placeholder")


def test_input_42_python_format_is_plain_text():
    assert problems("{event.__init__.__code__.co_filename}") == []


@pytest.mark.parametrize(
    "tag",
    [
        "load i18n",
        "include 'x'",
        "render 'x'",
        "debug",
        "assign x = 1",
        "capture x",
        "raw",
        "liquid",
        "tablerow i in x",
        "case x",
        "cycle 1, 2",
        "break",
        "# note",
        "",
    ],
)
def test_input_43_other_tags_are_refused(tag):
    [problem] = problems(f"{{% {tag} %}}")
    assert "is not available in mail texts. These are: if, unless, for, comment." in problem


def test_input_43_loop_inside_a_loop_is_refused():
    inner = "{% for b in revision.changes %}{{ b }}{% endfor %}"
    assert problems(f"{{% for a in revision.changes %}}{inner}{{% endfor %}}") == [
        "A loop inside a loop is not available in mail texts. (line 1, column 32)"
    ]


@pytest.mark.parametrize("typed", ["${7*7}", "<%= 7*7 %>", "#{7*7}", "{7*7}"])
def test_input_44_other_languages_are_plain_text(typed):
    assert problems(typed) == []


def test_input_49_placeholder_of_another_context():
    assert problems("{{ order.number }}") == [
        "“order.number” is not available in “Monthly statement”. (line 1, column 4)"
    ]


def test_input_50_size_is_limited_and_named():
    assert problems("x" * (300 * 1024)) == ["The text has 300 kB; at most 256 kB are possible. (line 1, column 1)"]


def test_input_50_number_of_placeholders_is_limited():
    assert problems("{{ contact }}" * 10_000) == ["More than 1000 placeholders and tags. (line 1, column 13001)"]


def test_input_50_depth_is_limited():
    deep = "{% if contact %}" * 400 + "{% endif %}" * 400
    assert problems(deep) == ["More than 8 tags inside each other. (line 1, column 129)"]
    [problem] = problems("{{ " + "a[" * 200 + "b" + "]" * 200 + " }}")
    assert problem.startswith("Longer than 500 characters")
    [problem] = problems("{{ " + "a[" * 150 + "b" + "]" * 150 + " }}")
    assert problem.startswith("Unknown placeholder")


def test_input_51_a_loop_goes_over_lists_only():
    assert problems("{% for x in customer.name %}{% endfor %}") == [
        "A loop goes over a list, and “customer.name” is none. Lists here: revision.changes. (line 1, column 13)"
    ]
    assert problems("{% for x in (1..1000000000) %}{% endfor %}")[0].startswith("A loop goes over a list")
    assert problems("{{ (1..1000000000) }}")[0].startswith("Ranges like")


def test_a_list_is_not_written_directly():
    [problem] = problems("{{ revision.changes }}")
    assert problem.startswith("“revision.changes” is a list. Write {% for item in revision.changes %}")


def test_unknown_filter_with_what_was_meant():
    assert problems("{{ contact | upcse }}") == ["Unknown filter “upcse”. Did you mean “upcase”? (line 1, column 14)"]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("{% if contact %}x", "“if” is not closed; write {% endif %} where it ends."),
        ("{% endif %}", "“endif” closes nothing here."),
        ("{% if contact %}{% endfor %}", "“endfor” closes nothing here."),
        ("{% else %}", "“else” stands outside of “if”."),
        ("{% if contact = %}x{% endif %}", "“if contact =” cannot be read as a condition or a loop."),
        ("{% if customer.name > 1 %}x{% endif %}", "This cannot be worked out with the sample values"),
    ],
)
def test_broken_blocks(typed, said):
    [problem] = problems(typed)
    assert said in problem


def test_every_problem_of_both_parts_is_named():
    found = check("monthly-statement", "{{ a }}", "{{ b }}\n{{ c }}")
    assert [(problem.part, problem.line) for problem in found] == [("subject", 1), ("body", 1), ("body", 2)]


@pytest.mark.parametrize(
    ("subject", "said"),
    [
        (" ", "Write a subject."),
        ("a\nb", "The subject must be one line."),
        ("a\u2028b", "The subject must be one line."),
        ("a\0b", "Forbidden character (NUL). Delete it."),
        ("a\u202eb", "Invisible direction mark. Delete it."),
        ("a\ud800", "Broken character. Type it again."),
        ("x" * 501, "The subject is longer than 500 characters."),
    ],
)
def test_inputs_26_to_32_subject(subject, said):
    [problem] = check("monthly-statement", subject, "Text")
    assert (problem.message, problem.part) == (said, "subject")


def test_empty_text_is_refused():
    assert problems(" \n") == ["Write a text. (line 1, column 1)"]


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.one_of(
            st.text(max_size=8),
            st.sampled_from(
                ["{{", "}}", "{%", "%}", "if ", "endif", "for x in ", "contact", "customer.name", "|", "'"]
            ),
        ),
        max_size=12,
    ).map("".join)
)
def test_nothing_that_is_typed_breaks_the_check(typed):
    for problem in check("monthly-statement", "Subject", typed):
        assert problem.message
        assert problem.line <= typed.count("\n") + 1
