"""Which stored texts could not be saved as they are: after an update, an import or a change of the placeholders."""

from collections.abc import Iterator
from dataclasses import dataclass

from depesa.emails.models import SystemEmailText
from depesa.emails.services.problems import Problem, check


@dataclass(frozen=True, slots=True)
class Faulty:
    """A text and one thing that is wrong with it."""

    text: SystemEmailText
    problem: Problem


def faulty_texts() -> Iterator[Faulty]:
    """Every problem of every stored text, e-mail by e-mail, as saving it would name them."""
    texts = SystemEmailText.objects.select_related("system_email").order_by("system_email__code", "language")
    for text in texts:
        for problem in check(text.system_email.context, text.subject, text.body, text.html):
            yield Faulty(text, problem)
