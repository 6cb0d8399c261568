"""Tell the apps below what they cannot know: who speaks for orders."""

from depesa.orders.services import letters
from depesa.orders.services.rules_told import tell_rules
from depesa.triggers.rules import Source, explain, register


def plug_in() -> None:
    """Speak for the subjects "order:…" and say which rules orders bring."""
    register(letters.PREFIX, Source(draft=letters.draft, tell=letters.tell, page=letters.page))
    explain("orders", tell_rules)
