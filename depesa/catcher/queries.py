"""Reads of the catcher."""

from django.db.models import Q, QuerySet, TextField
from django.db.models.functions import Cast

from depesa.catcher.models import CaughtLetter
from depesa.ui.pager import Page, read_page

PAGE_SIZE = 50


def letters() -> QuerySet[CaughtLetter]:
    """Caught letters without their bytes."""
    return CaughtLetter.objects.defer("content")


def page_of(text: str, token: str) -> Page[CaughtLetter]:
    """A page of letters, newest first, whose subject, sender or recipients contain the text."""
    rows = letters()
    if text:
        rows = rows.annotate(addresses=Cast("recipients", TextField())).filter(
            Q(subject__icontains=text)
            | Q(sender__icontains=text)
            | Q(to__icontains=text)
            | Q(addresses__icontains=text)
        )
    return read_page(rows, ["-id"], size=PAGE_SIZE, token=token)


def count_newer(pk: int) -> int:
    """How many letters came after this one."""
    return CaughtLetter.objects.filter(pk__gt=pk).count()


def count_unread() -> int:
    """How many letters nobody has opened."""
    return CaughtLetter.objects.filter(is_read=False).count()
