"""Change the texts of system e-mails: checked, versioned, never over somebody else's change."""

from dataclasses import asdict, dataclass

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.formats import time_format

from depesa.core.errors import DomainError, StaleState
from depesa.core.reasons import gettext as _
from depesa.emails.models import Editor, SystemEmail, SystemEmailText, SystemEmailVersion
from depesa.emails.presets import draft_of
from depesa.emails.services.problems import Problem, check
from depesa.history.services import Fact, record
from depesa.staff.models import User


class NotUsable(DomainError):
    """The text was not saved: something in it cannot work."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__()
        self.problems = problems


class NoDefault(DomainError):
    """This system e-mail is your own; there is no text that came with Depesa."""


class Changed(StaleState):
    """Somebody else changed this text. Your text is kept below; compare."""

    def __init__(self, now: SystemEmailText | None) -> None:
        sentence = ""
        if now is not None and now.changed_by is not None:
            sentence = _("Changed by %(name)s at %(time)s. Your text is kept below; compare.") % {
                "name": now.changed_by,
                "time": time_format(timezone.localtime(now.changed_at), "H:i"),
            }
        super().__init__(sentence)
        self.now = now


def save(
    text: SystemEmailText,
    subject: str,
    body: str,
    *,
    by: User | None,
    version: int,
    html: str | None = None,
    editor: str = "",
) -> SystemEmailText:
    """Make this the text from now on and keep the former one; returns the row as saved.

    Without `html` and `editor` they stay as they are; an empty `html` means that it is made from the text part.

    `version` is the one the person saw (0: there was no text in this language yet). NotUsable carries the
    problems, Changed the text that somebody else has saved since.
    """
    html = text.html if html is None else html
    wish = Wish(subject.strip(), _ended(body), _ended(html) if html.strip() else "", editor or text.editor)
    if problems := check(text.system_email.context, wish.subject, wish.body, wish.html):
        raise NotUsable(problems)
    if text.pk and version == text.version and wish == Wish(text.subject, text.body, text.html, text.editor):
        return text
    with transaction.atomic():
        saved = _replaced(text, wish, by, version) if text.pk else _added(text, wish, by)
        record([_fact(saved, before=version)], by=by)
    return saved


@dataclass(frozen=True, slots=True)
class Wish:
    """What a text is to say."""

    subject: str
    body: str
    html: str
    editor: str


def _ended(text: str) -> str:
    return text.replace("\r\n", "\n").strip() + "\n"


def roll_back(text: SystemEmailText, to: int, *, by: User, version: int) -> SystemEmailText:
    """Make an earlier version the text again, as a new version; nothing is lost."""
    former = SystemEmailVersion.objects.get(text=text, version=to)
    return save(text, former.subject, former.body, html=former.html, editor=former.editor, by=by, version=version)


def reset(text: SystemEmailText, *, by: User, version: int) -> SystemEmailText:
    """Make the text as it came with Depesa the text again, as a new version; nothing is lost."""
    draft = draft_of(text.system_email.code, text.language)
    if draft is None:
        raise NoDefault
    editor = text.editor if text.pk and text.html and draft.html else (Editor.VISUAL if draft.html else Editor.TEXT)
    return save(text, draft.subject, draft.text, html=draft.html, editor=editor, by=by, version=version)


def _added(text: SystemEmailText, wish: Wish, by: User | None) -> SystemEmailText:
    new = SystemEmailText(system_email=text.system_email, language=text.language, changed_by=by, **asdict(wish))
    try:
        with transaction.atomic():
            new.save(force_insert=True)
    except IntegrityError:
        raise Changed(_as_it_is(text)) from None
    return new


def _replaced(text: SystemEmailText, wish: Wish, by: User | None, version: int) -> SystemEmailText:
    rows = SystemEmailText.objects.filter(pk=text.pk, version=version)
    former = rows.first()
    changed = rows.update(version=F("version") + 1, changed_by=by, changed_at=timezone.now(), **asdict(wish))
    if former is None or changed != 1:
        raise Changed(_as_it_is(text))
    SystemEmailVersion.objects.create(
        text=text,
        version=version,
        subject=former.subject,
        body=former.body,
        html=former.html,
        editor=former.editor,
        changed_by=former.changed_by,
        changed_at=former.changed_at,
    )
    return SystemEmailText.objects.select_related("system_email", "changed_by").get(pk=text.pk)


def _as_it_is(text: SystemEmailText) -> SystemEmailText | None:
    rows = SystemEmailText.objects.select_related("system_email", "changed_by")
    return rows.filter(system_email=text.system_email, language=text.language).first()


def _fact(text: SystemEmailText, *, before: int) -> Fact:
    return Fact(
        event="emails.text-saved",
        subject=SystemEmail.ref_of(f"{text.system_email.code}:{text.language}"),
        before={"version": before} if before else None,
        after={"version": text.version, "subject": text.subject},
    )
