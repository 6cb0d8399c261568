"""Change a firm's own templates: checked, versioned, never over somebody else's change."""

from functools import partial

from depesa.core.edits import Snapshot
from depesa.core.errors import Faults
from depesa.core.versions import write
from depesa.documents.contributions import printer
from depesa.documents.models import DocumentTemplate
from depesa.documents.queries import source_for
from depesa.documents.services.trials import problem_with
from depesa.history.services import tell
from depesa.pdf import Problem
from depesa.staff.models import User


class NotPrintable(Faults):
    """The template was not saved: it gives no paper."""

    def __init__(self, problem: Problem) -> None:
        super().__init__({"source": str(problem)})
        self.problem = problem


def save_template(template: DocumentTemplate, source: str, *, by: User | None, version: int) -> DocumentTemplate:
    """Make this the template from now on and keep the former one; returns the row as saved.

    The source that would be used without it, or none, means exactly that: no own template, and whatever a later
    release makes of the built-in one. `version` is the one the person saw (0: there was none). NotPrintable carries
    the problem, Changed what is there now.
    """
    source = _written(template, source)
    if source and (problem := problem_with(template.type, template.language, source)):
        raise NotPrintable(problem)
    if not template.pk and not source:
        return template
    return write(template, {"source": source}, by=by, version=version, tell=partial(_tell, by, version))


def roll_back_template(template: DocumentTemplate, to: int, *, by: User | None, version: int) -> DocumentTemplate:
    """Make an earlier version the template again, as a new version; nothing is lost."""
    return save_template(template, **template.words_in(to), by=by, version=version)


def fallback_of(template: DocumentTemplate) -> str:
    """What prints where this template says nothing: that of all languages, or the built-in one."""
    of_all = source_for(template.type.code, "") if template.language else ""
    return of_all or printer().source()


def _written(template: DocumentTemplate, source: str) -> str:
    """The source as it is kept: empty where it says what would be used without it."""
    source = source.replace("\r\n", "\n").strip()
    return "" if not source or source == fallback_of(template).strip() else source + "\n"


def _tell(by: User | None, seen: int, template: DocumentTemplate, _before: Snapshot | None, _after: Snapshot) -> None:
    language = template.language
    before = {"version": seen, "language": language} if seen else None
    after = {"version": template.version, "language": language, "is_own": bool(template.source)}
    tell(template.type, "documents.template-saved", before=before, after=after, by=by)
