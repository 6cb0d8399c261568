"""depesa letters check: whether every text of every system e-mail can be written, in each language."""

import json
from typing import Any, override

from django.core.management.base import BaseCommand, CommandError, CommandParser

from depesa.emails.models import SystemEmailText
from depesa.emails.services import Faulty, faulty_texts


class Command(BaseCommand):
    """Check every text as saving it would; exit status 1 if one could not be saved."""

    help = __doc__ or ""

    @override
    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="print JSON")

    @override
    def handle(self, *args: Any, **options: Any) -> None:
        texts = SystemEmailText.objects.all()
        languages = sorted(set(texts.values_list("language", flat=True)))
        errors = [_fault_out(each) for each in faulty_texts()]
        count = texts.values("system_email").distinct().count()
        if options["json"]:
            found = {"templates": count, "languages": languages, "errors": errors}
            self.stdout.write(json.dumps(found, ensure_ascii=False, indent=2))
        else:
            for each in errors:
                self.stdout.write("{template} {language} {line}:{column} {message}".format_map(each))
            self.stdout.write(f"{count} system e-mails in {', '.join(languages)}: {len(errors)} problems")
        if errors:
            raise CommandError(f"{len(errors)} problems", returncode=1)


def _fault_out(each: Faulty) -> dict[str, Any]:
    part = each.problem.part
    return {
        "template": each.text.system_email.code,
        "language": each.text.language,
        "line": each.problem.line,
        "column": each.problem.column,
        "message": each.problem.message if part == "body" else f"{part}: {each.problem.message}",
    }
