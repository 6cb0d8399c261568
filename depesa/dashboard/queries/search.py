"""The search over everything: customers, documents, operations, letters."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Model, QuerySet
from django.utils.functional import Promise

from depesa.core.reasons import gettext_lazy as _
from depesa.core.search import has_words
from depesa.customers.models import Customer
from depesa.documents.models import Document
from depesa.operations.models import Operation
from depesa.outbox.models import Message
from depesa.staff.models import User
from depesa.ui.pager import Page, read_page

A_FEW: Final = 5
PAGE_SIZE: Final = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """Something that is searched: where, in which order, and how a hit reads."""

    key: str
    label: str | Promise
    icon: str
    rows: Callable[[User], QuerySet[Any]]
    finds: Callable[[str], Any]
    order: Sequence[str]
    title: Callable[[Any], str]
    detail: Callable[[Any], str]


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing that was found."""

    kind: Kind
    record: Model
    url: str

    @property
    def title(self) -> str:
        """What is shown first."""
        return self.kind.title(self.record)

    @property
    def detail(self) -> str:
        """What tells it apart from others like it."""
        return self.kind.detail(self.record)


@dataclass(frozen=True, slots=True)
class Group:
    """The hits of one kind; `older` is the token of the next page, empty when these are all."""

    kind: Kind
    hits: Sequence[Hit]
    newer: str
    older: str


KINDS: Final = (
    Kind(
        key="customers",
        label=_("Customers"),
        icon="customers",
        rows=lambda user: Customer.objects.visible_to(user),
        finds=lambda text: Customer.objects.found_by(text).values("pk"),
        order=("name_key", "id"),
        title=lambda row: str(row.name),
        detail=lambda row: " · ".join(part for part in (row.code, row.city, row.email) if part),
    ),
    Kind(
        key="documents",
        label=_("Documents"),
        icon="documents",
        rows=lambda user: Document.objects.visible_to(user).select_related("customer").defer("lines", "rates"),
        finds=lambda text: has_words(Document, text),
        order=("-number_key", "-id"),
        title=lambda row: f"{row.get_type_display()} {row}",
        detail=lambda row: str(row.customer.name),
    ),
    Kind(
        key="operations",
        label=_("Operations"),
        icon="operations",
        rows=lambda user: Operation.objects.visible_to(user).select_related("customer", "task").filter(removed_at=None),
        finds=lambda text: has_words(Operation, text),
        order=("-id",),
        title=lambda row: str(row.subject),
        detail=lambda row: str(row.customer.name if row.customer else ""),
    ),
    Kind(
        key="letters",
        label=_("Letters"),
        icon="letter",
        rows=lambda user: Message.objects.visible_to(user).select_related("customer").defer("skeleton"),
        finds=lambda text: has_words(Message, text),
        order=("-id",),
        title=lambda row: str(row.subject),
        detail=lambda row: str(row.customer.name if row.customer else ""),
    ),
)


def search(text: str, *, user: User, kind: str = "", at: str = "") -> list[Group]:
    """What has the words in it, a few of each kind, or one page of one kind."""
    if not text:
        return []
    chosen = [each for each in KINDS if each.key == kind]
    size = PAGE_SIZE if chosen else A_FEW
    groups = [_group(each, text, user=user, size=size, at=at) for each in chosen or KINDS]
    return [group for group in groups if group.hits]


def _group(kind: Kind, text: str, *, user: User, size: int, at: str) -> Group:
    rows, finds = kind.rows(user), kind.finds(text)
    found = rows.filter(pk__in=finds) if isinstance(finds, QuerySet) else rows.filter(finds)
    page: Page[Any] = read_page(found, kind.order, size=size, token=at, whole=rows)
    hits = [Hit(kind, row, row.get_absolute_url()) for row in page.rows]
    return Group(kind, hits, page.newer, page.older)
