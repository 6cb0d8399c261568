"""System e-mails as they come: an app above says what each is for, and has its texts, one module a language."""

from dataclasses import KW_ONLY, dataclass
from typing import Any, Final

from django.utils.functional import Promise

from depesa.core.languages import codes, modules_of
from depesa.core.plugs import Registry
from depesa.emails.presets.blocks import Block, Draft, Leads, PlainDraft, Says, Shows, Tells, When


@dataclass(frozen=True, slots=True)
class Preset:
    """A system e-mail as it comes. Its texts are the DRAFTS of the modules of `package`, which are called as languages.

    `is_bound`: it belongs to the event of its name; else a state, an invoice or a person chooses it.
    """

    code: str
    name: str | Promise
    description: str | Promise
    _: KW_ONLY
    context: str
    package: str
    is_bound: bool = False
    attaches: tuple[str, ...] = ()

    def claim(self, by: str) -> None:
        """Let it be called by its name, and its texts be set back to how they came."""
        PRESETS.claim(self.code, self, by)

    def draft(self, language: str) -> Draft | PlainDraft | None:
        """The text in a language, if it came with one."""
        module = modules_of(self.package).get(language)
        return module.DRAFTS.get(self.code) if module else None


PRESETS: Final = Registry[Preset]("preset system e-mail")


def draft_of(code: str, language: str) -> Draft | PlainDraft | None:
    """The text as it came; nothing for an e-mail of one's own, and in a language that came without."""
    preset = PRESETS.get(code)
    return preset.draft(language) if preset else None


def write_presets(apps: Any, presets: tuple[Preset, ...]) -> None:
    """For migrations: add what is not there yet, with its texts in every language that has one."""
    emails, texts = apps.get_model("emails", "SystemEmail"), apps.get_model("emails", "SystemEmailText")
    types = apps.get_model("documents", "DocumentType")
    for preset in presets:
        bound = {"is_preset": preset.is_bound, "event": preset.code if preset.is_bound else ""}
        values = {"name": preset.code, "context": preset.context, **bound}
        row, is_new = emails.objects.get_or_create(code=preset.code, defaults=values)
        if is_new:
            row.document_types.set(types.objects.filter(code__in=preset.attaches))
            drafts = {language: draft for language in codes() if (draft := preset.draft(language))}
            texts.objects.bulk_create(_text(texts, row, language, draft) for language, draft in drafts.items())


def _text(model: Any, email: Any, language: str, draft: Draft | PlainDraft) -> Any:
    editor = "visual" if draft.html else "text"
    return model(
        system_email=email, language=language, subject=draft.subject, body=draft.text, html=draft.html, editor=editor
    )
