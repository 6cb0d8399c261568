"""The shared parts: what they say, to eyes and to screen readers."""

from datetime import UTC, datetime
from pathlib import Path
from xml.etree import ElementTree

import pytest
from django import forms
from django.template import Context, Template, TemplateSyntaxError
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import translation

from depesa.ui import parts, views
from depesa.ui.templatetags import ui
from depesa.ui.tests import samples

NOON = datetime(2026, 6, 1, 10, 42, 7, tzinfo=UTC)
STATIC = Path(ui.__file__).parent.parent / "static" / "ui"


def show(text: str, **context: object) -> str:
    return Template("{% load ui %}" + text).render(Context(context))


def ladder_of(steps: int, branch: parts.Branch | None = None) -> parts.Ladder:
    keys = list(parts.STEPS)[:steps]
    return parts.build_ladder({key: (NOON, f"proof of {key}") for key in keys}, branch)


def test_every_icon_that_is_named_is_drawn():
    sprite = ElementTree.parse(STATIC / "icons.svg").getroot()
    drawn = {symbol.get("id") for symbol in sprite}
    named = {icon for _, icon, _ in ui.STATES.values()}
    named |= {icon for _, icon, _ in parts.BRANCHES.values()}
    named |= {icon for _, icon in ui.NOTES.values()}
    assert named <= drawn


def test_icon_is_silent_without_a_label():
    assert 'aria-hidden="true"' in show("{% icon 'letter' %}")
    assert 'role="img" aria-label="E-mail &lt;x&gt;"' in show("{% icon 'letter' label %}", label="E-mail <x>")


def test_ladder_says_the_last_proven_step_and_its_proof():
    shown = show("{% ladder ladder %}", ladder=ladder_of(4))
    assert '<span class="word">Accepted</span>' in shown
    assert "4 of 5 steps proven." in shown
    assert shown.count('class="is-reached"') == 4
    assert "proof of accepted" in shown


def test_ladder_never_shows_more_than_is_proven():
    shown = show("{% ladder ladder %}", ladder=ladder_of(2))
    assert "Accepted" not in shown
    assert "Delivered" not in shown


@pytest.mark.parametrize(("key", "word"), [("uncertain", "Uncertain"), ("failed", "Refused"), ("returned", "Returned")])
def test_ladder_shows_where_a_letter_left_the_way(key, word):
    shown = show("{% ladder ladder %}", ladder=ladder_of(3, parts.Branch(key, "550 no such user", NOON)))
    assert f'<span class="word">{word}</span>' in shown
    assert f'class="is-{key}"' in shown
    assert "550 no such user" in shown


def test_ladder_returned_after_delivery_marks_the_last_step():
    ladder = ladder_of(5, parts.Branch("returned", "late bounce"))
    shown = show("{% ladder ladder size='large' %}", ladder=ladder)
    assert shown.count("is-returned") == 1
    assert "late bounce" in shown


def test_large_ladder_tells_readers_what_is_not_proven():
    assert show("{% ladder ladder 'large' %}", ladder=ladder_of(3)).count("(not proven)") == 2


def test_slip_offers_three_acts_at_most():
    acts = [parts.Action(f"Act {n}", f"/{n}") for n in range(5)]
    slip = parts.Slip(["rasa@zuvedra.example"], "Sąskaitos", "Laba diena", ladder_of(1), actions=acts)
    shown = show("{% slip slip %}", slip=slip)
    assert "Act 2" in shown
    assert "Act 3" not in shown


def test_slip_escapes_what_a_customer_wrote():
    slip = parts.Slip(["a@b.example"], "<script>alert(1)</script>", "x", ladder_of(1))
    assert "<script>" not in show("{% slip slip %}", slip=slip)


def test_an_act_that_changes_something_is_a_form_with_its_token():
    shown = show("{% action act %}", act=parts.Action("Send again", "/7/sending", method="post"), csrf_token="t0ken")
    assert 'method="post"' in shown
    assert "t0ken" in shown


def test_strip_is_drawn_in_per_cent_whatever_the_language():
    segments = [
        parts.Segment("accepted", "accepted", 999, "good", "?a"),
        parts.Segment("unknown", "uncertain", 1, "doubt", "?u"),
    ]
    with translation.override("cs"):
        shown = show("{% strip strip %}", strip=parts.Strip("May", segments))
    assert 'x="0.00%" width="99.40%"' in shown
    assert 'x="99.40%" width="0.60%"' in shown


def test_strip_links_only_states_that_have_letters():
    segments = [
        parts.Segment("queued", "waiting", 0, "calm", "?q"),
        parts.Segment("accepted", "accepted", 2, "good", "?a"),
    ]
    shown = show("{% strip strip %}", strip=parts.Strip("May", segments))
    assert "?q" not in shown
    assert "2 letters" in shown


def test_strip_says_rate_and_end_only_while_alive():
    segment = parts.Segment("queued", "waiting", 3, "calm")
    alive = show("{% strip strip %}", strip=parts.Strip("May", [segment], True, 9.4, NOON))
    over = show("{% strip strip %}", strip=parts.Strip("May", [segment]))
    assert "9 a second" in alive
    assert "done at about 10:42" in alive
    assert "a second" not in over


def test_blocks_fill_the_whole_and_hide_nothing():
    blocks = parts.lay_out([100_000, 1, 0])
    assert float(blocks[1].width.rstrip("%")) >= 0.5
    assert blocks[2].width == "0.00%"
    assert sum(float(block.width.rstrip("%")) for block in blocks) == pytest.approx(100, abs=0.02)
    assert parts.lay_out([0, 0]) == []


def test_bars_below_the_line_hang_from_it():
    plot = parts.draw_bars([30, -10], ["May", "June"], height=80)
    may, june = plot.bars
    assert (may.y, may.height) == ("0.0", "60.0")
    assert (june.y, june.height) == (plot.base, "20.0")


def test_plot_has_a_table_beside_it():
    shown = show(
        "{% plot_bars values labels 'Trade' 'EUR' odd=odd %}", values=[1200, 5], labels=["May", "June"], odd=[1]
    )
    assert '<th scope="row">May</th><td>1,200 EUR</td>' in shown
    assert "5 EUR (odd)" in shown


def test_plot_of_nothing_is_drawn():
    assert "<table" in show("{% plot_bars values labels 'Trade' %}", values=[], labels=[])


def test_badge_has_tone_icon_and_word():
    shown = show("{% badge 'unknown' %}")
    assert "is-doubt" in shown
    assert "#question" in shown
    assert "Uncertain" in shown


def test_badge_of_an_own_state_shows_its_colour():
    assert 'fill="#7a3fa0"' in show("{% badge word='Čeká' colour='#7a3fa0' %}")


def test_number_is_grouped_as_the_language_writes_it():
    with translation.override("cs"):
        assert show("{{ n|number }}", n=1051) == "1\xa0051"
    assert show("{{ n|number:2 }}", n=1051) == "1,051.00"
    assert show("{{ n|number }}", n=None) == ""


class AddressForm(forms.Form):
    email = forms.EmailField(label="E-mail", help_text="Where letters go.")
    copy = forms.BooleanField(label="Copy", required=False)
    language = forms.ChoiceField(label="Language", choices=[("lt", "Lietuvių")], widget=forms.RadioSelect)


def test_field_ties_help_and_error_to_the_control():
    shown = show("{% field form.email %}", form=AddressForm({"email": "rasa(at)zuvedra"}))
    assert 'aria-describedby="id_email_helptext id_email_error"' in shown
    assert 'id="id_email_error"' in shown
    assert 'value="rasa(at)zuvedra"' in shown


def test_choices_stand_in_a_fieldset_and_a_tick_beside_its_words():
    assert "<legend>Language</legend>" in show("{% field form.language %}", form=AddressForm())
    assert 'class="tick"' in show("{% field form.copy %}", form=AddressForm())


def test_timeline_names_each_day_once():
    entries = [
        parts.Entry(NOON, "sent a letter", "Ben"),
        parts.Entry(NOON, "changed", "Ada", changes=[parts.Change("State", "a", "b")]),
    ]
    shown = show("{% timeline entries %}", entries=entries)
    assert shown.count("timeline-day") == 1
    assert "<del>a</del>" in shown


def test_a_page_of_every_part_has_no_style_and_no_script_inside(settings):
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [Path(__file__).parent / "templates"]}]
    shown = render_to_string("ui/parts.html", samples.everything(), RequestFactory().get("/parts/"))
    assert " style=" not in shown
    assert "<style" not in shown
    assert " onclick=" not in shown
    assert all("src=" in tag for tag in shown.split("<script")[1:])


@pytest.mark.parametrize("page", ["400", "403", "403_csrf", "404", "409", "500"])
def test_error_pages_say_what_to_do_without_any_context(page):
    shown = render_to_string(f"{page}.html")
    assert "<h1>" in shown
    assert 'href="/"' in shown


def test_theme_is_remembered_and_leads_back(rf: RequestFactory):
    answer = views.theme(rf.post("/theme/", {"theme": "dark", "next": "/operations/"}))
    assert answer.cookies["theme"].value == "dark"
    assert answer.url == "/operations/"


def test_theme_leads_nowhere_else_and_takes_nothing_else(rf: RequestFactory):
    answer = views.theme(rf.post("/theme/", {"theme": "pink", "next": "https://evil.example/"}))
    assert "theme" not in answer.cookies
    assert answer.url == "/"


def test_an_unknown_tag_argument_is_told():
    with pytest.raises(TemplateSyntaxError):
        show("{% ladder ladder colour='red' %}", ladder=ladder_of(1))
