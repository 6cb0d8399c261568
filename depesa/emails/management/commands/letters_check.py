"""depesa letters check: whether every text of every system e-mail can be written, in each language."""

from collections.abc import Mapping
from typing import Any, override

from depesa.core.commands import AnsweringCommand
from depesa.core.errors import Refused
from depesa.emails.models import SystemEmailText
from depesa.emails.services import Faulty, faulty_texts


class Command(AnsweringCommand):
    """Check every text as saving it would; exit status 1 if one could not be saved."""

    @override
    def answer(self, options: Mapping[str, Any]) -> None:
        texts = SystemEmailText.objects.all()
        languages = sorted(set(texts.values_list("language", flat=True)))
        errors = [_fault_out(each) for each in faulty_texts()]
        count = texts.values("system_email").distinct().count()
        lines = ["{template} {language} {line}:{column} {message}".format_map(each) for each in errors]
        lines.append(f"{count} system e-mails in {', '.join(languages)}: {len(errors)} problems")
        found = {"templates": count, "languages": languages, "errors": errors}
        self.tell(found, options, "\n".join(lines))
        if errors:
            raise Refused(f"{len(errors)} problems")


def _fault_out(each: Faulty) -> dict[str, Any]:
    part = each.problem.part
    return {
        "template": each.text.system_email.code,
        "language": each.text.language,
        "line": each.problem.line,
        "column": each.problem.column,
        "message": each.problem.message if part == "body" else f"{part}: {each.problem.message}",
    }
