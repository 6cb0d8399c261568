"""Change the texts of system e-mails: checked, versioned, never over somebody else's change."""

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.formats import time_format
from django.utils.translation import gettext as _

from depesa.core.errors import DomainError, StaleState
from depesa.history.services import Fact, record
from depesa.letters.models import SystemEmailText, SystemEmailVersion
from depesa.letters.services.problems import Problem, check
from depesa.staff.models import User


class NotUsable(DomainError):
    """The text was not saved: something in it cannot work."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__()
        self.problems = problems


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


def save(text: SystemEmailText, subject: str, body: str, *, by: User, version: int) -> SystemEmailText:
    """Make this the text from now on and keep the former one; returns the row as saved.

    `version` is the one the person saw (0: there was no text in this language yet). NotUsable carries the
    problems, Changed the text that somebody else has saved since.
    """
    subject, body = subject.strip(), body.replace("\r\n", "\n").strip() + "\n"
    if problems := check(text.system_email.context, subject, body):
        raise NotUsable(problems)
    if text.pk and version == text.version and (subject, body) == (text.subject, text.body):
        return text
    with transaction.atomic():
        saved = _replaced(text, subject, body, by, version) if text.pk else _added(text, subject, body, by)
        record([_fact(saved, before=version)], by=by)
    return saved


def roll_back(text: SystemEmailText, to: int, *, by: User, version: int) -> SystemEmailText:
    """Make an earlier version the text again, as a new version; nothing is lost."""
    former = SystemEmailVersion.objects.get(text=text, version=to)
    return save(text, former.subject, former.body, by=by, version=version)


def _added(text: SystemEmailText, subject: str, body: str, by: User) -> SystemEmailText:
    new = SystemEmailText(
        system_email=text.system_email, language=text.language, subject=subject, body=body, changed_by=by
    )
    try:
        with transaction.atomic():
            new.save(force_insert=True)
    except IntegrityError:
        raise Changed(_as_it_is(text)) from None
    return new


def _replaced(text: SystemEmailText, subject: str, body: str, by: User, version: int) -> SystemEmailText:
    rows = SystemEmailText.objects.filter(pk=text.pk, version=version)
    former = rows.first()
    changed = rows.update(
        subject=subject, body=body, version=F("version") + 1, changed_by=by, changed_at=timezone.now()
    )
    if former is None or changed != 1:
        raise Changed(_as_it_is(text))
    SystemEmailVersion.objects.create(
        text=text,
        version=version,
        subject=former.subject,
        body=former.body,
        changed_by=former.changed_by,
        changed_at=former.changed_at,
    )
    return SystemEmailText.objects.select_related("system_email", "changed_by").get(pk=text.pk)


def _as_it_is(text: SystemEmailText) -> SystemEmailText | None:
    rows = SystemEmailText.objects.select_related("system_email", "changed_by")
    return rows.filter(system_email=text.system_email, language=text.language).first()


def _fact(text: SystemEmailText, *, before: int) -> Fact:
    return Fact(
        event="letters.text-saved",
        subject=f"system-email:{text.system_email.code}:{text.language}",
        before={"version": before} if before else None,
        after={"version": text.version, "subject": text.subject},
    )
