"""Change the texts of system e-mails: checked, versioned, never over somebody else's change."""

from functools import partial

from depesa.core.edits import Snapshot
from depesa.core.errors import DomainError
from depesa.core.versions import write
from depesa.emails.models import Editor, SystemEmail, SystemEmailText
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
    html = _ended(html) if html.strip() else ""
    said = {"subject": subject.strip(), "body": _ended(body), "html": html, "editor": editor or text.editor}
    if problems := check(text.system_email.context, said["subject"], said["body"], html):
        raise NotUsable(problems)
    return write(text, said, by=by, version=version, tell=partial(_tell, by, version))


def _ended(text: str) -> str:
    return text.replace("\r\n", "\n").strip() + "\n"


def roll_back(text: SystemEmailText, to: int, *, by: User | None, version: int) -> SystemEmailText:
    """Make an earlier version the text again, as a new version; nothing is lost."""
    return save(text, **text.words_in(to), by=by, version=version)


def reset(text: SystemEmailText, *, by: User, version: int) -> SystemEmailText:
    """Make the text as it came with Depesa the text again, as a new version; nothing is lost."""
    draft = draft_of(text.system_email.code, text.language)
    if draft is None:
        raise NoDefault
    editor = text.editor if text.pk and text.html and draft.html else (Editor.VISUAL if draft.html else Editor.TEXT)
    return save(text, draft.subject, draft.text, html=draft.html, editor=editor, by=by, version=version)


def _tell(by: User | None, seen: int, text: SystemEmailText, _before: Snapshot | None, _after: Snapshot) -> None:
    fact = Fact(
        event="emails.text-saved",
        subject=SystemEmail.ref_of(f"{text.system_email.code}:{text.language}"),
        before={"version": seen} if seen else None,
        after={"version": text.version, "subject": text.subject},
    )
    record([fact], by=by)
