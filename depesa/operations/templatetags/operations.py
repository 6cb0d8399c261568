"""What templates say about operations."""

from django import template

from depesa.operations.models import Operation
from depesa.operations.queries import ladder_of
from depesa.ui.parts import Ladder

register = template.Library()


@register.filter
def ladder(operation: Operation) -> Ladder:
    """The evidence ladder of the operation's letter."""
    return ladder_of(operation)
