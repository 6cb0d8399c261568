"""Texts are changed: checked, versioned, never over somebody else's change."""

import datetime as dt

import pytest

from depesa.core.versions import Changed
from depesa.emails.models import SystemEmailText, SystemEmailVersion
from depesa.emails.services import NotUsable, roll_back, save
from depesa.history.models import Entry

pytestmark = pytest.mark.django_db


@pytest.fixture
def text():
    return SystemEmailText.objects.select_related("system_email").get(
        system_email__code="monthly-statement", language="en"
    )


def test_saving_keeps_the_former_version(text, ada):
    former = text.body
    saved = save(text, " Statement ", "Hello\r\n{{ contact }}", by=ada, version=1)
    assert (saved.subject, saved.body, saved.version, saved.changed_by) == (
        "Statement",
        "Hello\n{{ contact }}\n",
        2,
        ada,
    )
    [version] = SystemEmailVersion.objects.all()
    assert (version.version, version.body, version.changed_by) == (1, former, None)
    entry = Entry.objects.get(event="emails.text-saved")
    assert (entry.subject, entry.actor, entry.after["version"]) == ("system-email:monthly-statement:en", ada, 2)


def test_nothing_is_saved_while_a_problem_is_left(text, ada):
    with pytest.raises(NotUsable) as refusal:
        save(text, "{{ nothing }}", text.body, by=ada, version=1)
    assert [problem.part for problem in refusal.value.problems] == ["subject"]
    text.refresh_from_db()
    assert text.version == 1


def test_saving_without_a_change_makes_no_version(text, ada):
    assert save(text, text.subject, text.body, by=ada, version=1).version == 1
    assert not SystemEmailVersion.objects.exists()


def test_input_57_two_people_edit_the_same_text(text, ada, ben, company, clock):
    clock.move_to(dt.datetime(2011, 7, 5, 7, 42, tzinfo=dt.UTC))
    save(text, "By Ben", text.body, by=ben, version=1)
    with pytest.raises(Changed, match=r"Changed by Ben on .*:42\. Your text is kept below; compare\.") as refusal:
        save(text, "By Ada", text.body, by=ada, version=1)
    assert refusal.value.now.subject == "By Ben"
    assert SystemEmailText.objects.get(pk=text.pk).subject == "By Ben"


def test_roll_back_makes_an_earlier_version_the_text_again(text, ada, ben):
    original = text.body
    save(text, "Changed", "Changed", by=ben, version=1)
    rolled = roll_back(text, 1, by=ada, version=2)
    assert (rolled.body, rolled.version, rolled.changed_by) == (original, 3, ada)
    assert list(SystemEmailVersion.objects.order_by("version").values_list("version", "subject"))[1] == (2, "Changed")


def test_a_text_in_a_new_language(text, ada):
    SystemEmailText.objects.filter(language="cs").delete()
    new = SystemEmailText(system_email=text.system_email, language="cs")
    saved = save(new, "Přehled", "Dobrý den", by=ada, version=0)
    assert (saved.version, saved.changed_by) == (1, ada)
    with pytest.raises(Changed):
        save(new, "Jiný", "Dobrý den", by=ada, version=0)
