"""Change a row as somebody saw it: of two persons the second is told, and no change is lost without a word.

Whatever else writes into such a row raises its version, too, so that a page opened before does not write over it: the
row sees to that itself, saved alone, in an UPDATE of many, or by core.tables; whoever knows who writes says so by
`raised` or `raise_version`. Only what no form shows (`unseen`) is written without a new version.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, ClassVar, Final, Self, override

from django.conf import settings
from django.db import IntegrityError, models, transaction
from django.db.models import F
from django.utils import timezone

from depesa.core.errors import DomainError, StaleState
from depesa.core.reasons import gettext as _
from depesa.core.records import Ref

RAISED: Final = ("version", "changed_at", "changed_by")
"""What a writer of single rows stores besides what it changed, see raise_version."""

type Snapshot = Mapping[str, Any]
"""A row as the history tells it, by the names of its fields."""


class Rows[M: models.Model](models.QuerySet[M]):
    """Rows as they are asked for; an UPDATE of editable ones is a new version of each."""

    @override
    def update(self, **values: Any) -> int:
        if issubclass(self.model, Editable) and self.model.is_raised_by(values):
            values = raised(None) | values
        return super().update(**values)


class Editable(models.Model):
    """A row that several persons may change, with the version that each of them saw.

    `unseen` are fields that only the desk writes and no form shows: what is written there is no new version.
    """

    unseen: ClassVar[frozenset[str]] = frozenset()
    _is_raised = False

    version = models.PositiveIntegerField(default=1, editable=False)
    changed_at = models.DateTimeField(default=timezone.now, editable=False)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False, db_index=False
    )

    objects = Rows.as_manager()

    class Meta:
        abstract = True

    @classmethod
    def is_raised_by(cls, names: Iterable[str]) -> bool:
        """Whether writing these fields makes a new version that the writer has not made himself."""
        return "version" not in names and not cls.unseen.issuperset(names)

    @override
    def save(self, *args: Any, **options: Any) -> None:
        """Save the row as its next version; StaleState if it is another one now than it was when it was read."""
        names = options.get("update_fields")
        if self._state.adding or (names is not None and self.unseen.issuperset(names)):
            self._is_raised = False
            super().save(*args, **options)
            return
        if not self._is_raised:
            raise_version(self, None)
        if names is not None:
            options["update_fields"] = {*names, *RAISED}
        try:
            super().save(*args, **options, force_update=True)
        except self.NotUpdated:
            raise StaleState from None
        finally:
            self._is_raised = False

    def _do_update(self, base_qs: models.QuerySet[Self], *given: Any) -> Any:
        """Django's UPDATE of one row, of the version that was read."""
        rows = base_qs.filter(version=self.version - 1) if self._is_raised else base_qs
        return super()._do_update(rows, *given)


class Sole(Editable):
    """The one row of a table in which the trader's choices stand."""

    class Meta:
        abstract = True

    @classmethod
    def now(cls) -> Self:
        """The choices as they are; nobody's yet: what holds until somebody chooses."""
        rows: models.QuerySet[Any] = cls._default_manager.all()
        return rows.filter(pk=1).first() or cls(pk=1)

    @property
    def ref(self) -> Ref:
        """Their name for the history."""
        return Ref(self._meta.app_label, "settings")


class Overtaken(StaleState):
    """Somebody else was faster: the record has changed since you opened it. Look at it, then save again."""

    def __init__(self, now: Editable) -> None:
        """Keep the row as it is now, so that a form can show it beside what was typed."""
        super().__init__(_who_was_faster(now))
        self.now = now


def _who_was_faster(now: Editable) -> str:
    if now.changed_by is None:
        return ""
    said = {"who": now.changed_by, "when": now.changed_at}
    return _("Somebody else was faster: %(who)s changed this on %(when)s. Look at it, then save again.") % said


def put(row: models.Model, values: Mapping[str, Any], names: Iterable[str]) -> None:
    """Put those of the values on the row that have these names; texts with the line ends that are kept."""
    for name in names:
        if name in values:
            setattr(row, name, with_plain_ends(values[name]))


def snapshot(row: models.Model, names: Iterable[str]) -> dict[str, Any]:
    """These values of a row as the history keeps them; other records by their names."""
    found = {name: getattr(row, name) for name in names}
    return {name: str(value) if isinstance(value, models.Model) else value for name, value in found.items()}


@contextmanager
def unless_there(refusal: DomainError) -> Iterator[None]:
    """Raise the refusal where the database finds that there is such a row already; nothing of the block stays."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError:
        raise refusal from None


@contextmanager
def edited[Row: Editable](
    row: Row,
    version: int | None,
    *,
    by: models.Model | None,
    told: Callable[[Row], Snapshot],
    tell: Callable[[Row, Snapshot | None, Snapshot], None],
    save: Callable[[Row], None] | None = None,
) -> Iterator[Row]:
    """Lock the row for the block, which changes it; save and tell what differs. Overtaken if `version` is another one.

    `told` is the row for the history, and all that counts as a change; `tell` gets the values that differ, before (of
    a new row None, of a sole one what held until then) and after. Without a version (None) the row is changed
    whatever it holds now.
    """
    with transaction.atomic():
        found = _locked(row, version)
        fresh = found or row
        before = told(fresh) if found or isinstance(row, Sole) else None
        yield fresh
        after = told(fresh)
        if before is not None and not any(differences(before, after)):
            return
        raise_version(fresh, by, is_new=before is None and not row.pk)
        (save or type(fresh).save)(fresh)
        tell(fresh, *differences(before, after))


def with_plain_ends(value: Any) -> Any:
    """The value; a text with the line ends that are kept, for a form sends others."""
    return value.replace("\r\n", "\n") if isinstance(value, str) else value


@contextmanager
def removed[Row: Editable](row: Row, version: int | None) -> Iterator[Row]:
    """Lock the row for the block, which tells of it, and take it away. Overtaken if `version` is another one."""
    with transaction.atomic():
        found = _locked(row, version) or row
        yield found
        found.delete()


def _locked[Row: Editable](row: Row, version: int | None) -> Row | None:
    """The row as it is now, nobody else's until the transaction ends; None where there is none yet."""
    rows: models.QuerySet[Any] = type(row)._default_manager.select_for_update(of=("self",), no_key=True)
    found = rows.filter(pk=row.pk).first() if row.pk else None
    if found is None and not row._state.adding:  # noqa: SLF001 - it was read, so it was there
        raise StaleState(_("It has been removed since you opened it."))
    if found is not None:
        check_seen(found, version)
    return found


def check_seen(row: Editable, version: int | None) -> None:
    """Overtaken if the row is another one than in the version that was seen; None means it as it is."""
    if version is not None and row.version != version:
        raise Overtaken(row)


def differences(before: Snapshot | None, after: Snapshot) -> tuple[Snapshot | None, Snapshot]:
    """Of two snapshots what differs; a new row has nothing before it."""
    if before is None:
        return None, after
    names = [name for name in {**before, **after} if _plain(before.get(name)) != _plain(after.get(name))]
    return {name: before.get(name) for name in names}, {name: after.get(name) for name in names}


def _plain(value: Any) -> Any:
    """The value as it is compared: a form sends other line ends than are kept, and no outer blanks."""
    if isinstance(value, str):
        return str(with_plain_ends(value)).strip()
    if isinstance(value, Mapping):
        return {name: _plain(each) for name, each in value.items()}
    return [_plain(each) for each in value] if isinstance(value, list | tuple) else value


def raise_version(row: Editable, by: models.Model | None, *, is_new: bool = False) -> None:
    """The next version of a row that is going to be saved: by whom, and when."""
    row.version += not is_new
    row._is_raised = True  # noqa: SLF001 - ours
    row.changed_at, row.changed_by_id = timezone.now(), by.pk if by else None


def raised(by: models.Model | None, at: dt.datetime | None = None) -> dict[str, Any]:
    """The next version of rows that one UPDATE changes: by whom, and when."""
    return {"version": F("version") + 1, "changed_at": at or timezone.now(), "changed_by": by}
