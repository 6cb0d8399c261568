"""The three languages of the desk and what each writes differently."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import models
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop, ngettext_lazy

# Django says these; its Czech or Lithuanian catalogue does not have them yet.
gettext_noop("- Select an option -")
gettext_noop("Enter a valid “slug” consisting of letters, numbers, underscores or hyphens.")
ngettext_lazy(
    "This password is too short. It must contain at least %d character.",
    "This password is too short. It must contain at least %d characters.",
)


class Language(models.TextChoices):
    """Languages in which pages, letters and papers exist."""

    ENGLISH = "en", _("English")
    CZECH = "cs", _("Czech")
    LITHUANIAN = "lt", _("Lithuanian")


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Everything inside is written in this language, whatever the user of the page speaks."""
    with translation.override(language):
        yield
