"""Change a firm's own templates: checked, versioned, never over somebody else's change."""

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.formats import time_format

from depesa.core.errors import DomainError, StaleState
from depesa.core.reasons import gettext as _
from depesa.documents.contributions import printer
from depesa.documents.models import DocumentTemplate, DocumentTemplateVersion
from depesa.documents.queries import source_for
from depesa.documents.services.trials import problem_with
from depesa.history.services import Fact, record
from depesa.pdf import Problem
from depesa.staff.models import User


class NotPrintable(DomainError):
    """The template was not saved: it gives no paper."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(str(problem))
        self.problem = problem


class TemplateChanged(StaleState):
    """Somebody else changed this template. Your text is kept below; compare."""

    def __init__(self, now: DocumentTemplate | None) -> None:
        sentence = ""
        if now is not None and now.changed_by is not None:
            sentence = _("Changed by %(name)s at %(time)s. Your text is kept below; compare.") % {
                "name": now.changed_by,
                "time": time_format(timezone.localtime(now.changed_at), "H:i"),
            }
        super().__init__(sentence)
        self.now = now


def save_template(template: DocumentTemplate, source: str, *, by: User | None, version: int) -> DocumentTemplate:
    """Make this the template from now on and keep the former one; returns the row as saved.

    The source that would be used without it, or none, means exactly that: no own template, and whatever a later
    release makes of the built-in one. `version` is the one the person saw (0: there was none). NotPrintable carries
    the problem, TemplateChanged what is there now.
    """
    source = _written(template, source)
    if source and (problem := problem_with(template.type, template.language, source)):
        raise NotPrintable(problem)
    if version == template.version and source == (template.source if template.pk else ""):
        return template
    with transaction.atomic():
        saved = _replaced(template, source, by, version) if template.pk else _added(template, source, by)
        record([_fact(saved, before=version)], by=by)
    return saved


def roll_back_template(template: DocumentTemplate, to: int, *, by: User | None, version: int) -> DocumentTemplate:
    """Make an earlier version the template again, as a new version; nothing is lost."""
    former = DocumentTemplateVersion.objects.get(template=template, version=to)
    return save_template(template, former.source, by=by, version=version)


def fallback_of(template: DocumentTemplate) -> str:
    """What prints where this template says nothing: that of all languages, or the built-in one."""
    of_all = source_for(template.type.code, "") if template.language else ""
    return of_all or printer().source()


def _written(template: DocumentTemplate, source: str) -> str:
    """The source as it is kept: empty where it says what would be used without it."""
    source = source.replace("\r\n", "\n").strip()
    return "" if not source or source == fallback_of(template).strip() else source + "\n"


def _added(template: DocumentTemplate, source: str, by: User | None) -> DocumentTemplate:
    new = DocumentTemplate(type=template.type, language=template.language, source=source, changed_by=by)
    try:
        with transaction.atomic():
            new.save(force_insert=True)
    except IntegrityError:
        raise TemplateChanged(_as_it_is(template)) from None
    return new


def _replaced(template: DocumentTemplate, source: str, by: User | None, version: int) -> DocumentTemplate:
    rows = DocumentTemplate.objects.filter(pk=template.pk, version=version)
    former = rows.first()
    changed = rows.update(source=source, version=F("version") + 1, changed_by=by, changed_at=timezone.now())
    if former is None or changed != 1:
        raise TemplateChanged(_as_it_is(template))
    DocumentTemplateVersion.objects.create(
        template=template,
        version=version,
        source=former.source,
        changed_by=former.changed_by,
        changed_at=former.changed_at,
    )
    return DocumentTemplate.objects.select_related("type__series", "changed_by").get(pk=template.pk)


def _as_it_is(template: DocumentTemplate) -> DocumentTemplate | None:
    rows = DocumentTemplate.objects.select_related("type__series", "changed_by")
    return rows.filter(type=template.type, language=template.language).first()


def _fact(template: DocumentTemplate, *, before: int) -> Fact:
    return Fact(
        event="documents.template-saved",
        subject=template.type.ref,
        before={"version": before, "language": template.language} if before else None,
        after={"version": template.version, "language": template.language, "is_own": bool(template.source)},
    )
