"""Which columns of a list a person wants to see."""

from collections.abc import Sequence

from depesa.ui.models import ColumnChoice


def chosen(user_id: int, name: str) -> frozenset[str] | None:
    """The keys of the columns that the person chose for this list; None: the usual ones."""
    keys = ColumnChoice.objects.filter(user_id=user_id, name=name).values_list("columns", flat=True).first()
    return None if keys is None else frozenset(keys)


def choose(user_id: int, name: str, keys: Sequence[str]) -> None:
    """Show these columns of the list to this person from now on."""
    ColumnChoice.objects.update_or_create(user_id=user_id, name=name, defaults={"columns": list(keys)})


def forget(user_id: int, name: str) -> None:
    """Show the usual columns again."""
    ColumnChoice.objects.filter(user_id=user_id, name=name).delete()
