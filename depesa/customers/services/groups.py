"""Groups of customers."""

from depesa.customers.models import Group


def group_named(name: str) -> Group:
    """The group of this name, made if it is not there yet; letter case does not make another one."""
    name = " ".join(name.split())[:80]
    return Group.objects.filter(name__iexact=name).first() or Group.objects.get_or_create(name=name)[0]
