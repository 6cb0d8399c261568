"""What templates say about operations."""

from django import template

from depesa.core.parts import Ladder
from depesa.operations.models import Operation
from depesa.operations.queries import ladder_of

register = template.Library()


@register.filter
def ladder(operation: Operation) -> Ladder:
    """The evidence ladder of the operation's letter."""
    return ladder_of(operation)
