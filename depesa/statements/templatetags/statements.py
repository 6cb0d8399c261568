"""What templates say about statements."""

from collections.abc import Sequence
from typing import Final

from django import template
from django.utils.translation import gettext_lazy as _

from depesa.core.periods import PeriodKind
from depesa.statements.models import Statement, StatementRun
from depesa.statements.queries import ICONS, TONES, WORDS, reasons
from depesa.statements.rules.anomalies import Anomaly
from depesa.ui.parts import Text

register = template.Library()

ANOMALY_WORDS: Final[dict[Anomaly, Text]] = {
    Anomaly.NO_GLYPH: _("characters no font has"),
    Anomaly.NO_ADDRESS: _("without an address"),
    Anomaly.NEGATIVE: _("negative sum"),
    Anomaly.NEW: _("new"),
    Anomaly.CURRENCY_CHANGED: _("other currency"),
    Anomaly.SUM_DIFFERS: _("sum differs"),
    Anomaly.ADDRESS_CHANGED: _("other address"),
}


KIND_WORDS: Final[dict[str, Text]] = {
    PeriodKind.MONTH: _("monthly statements"),
    PeriodKind.QUARTER: _("quarterly statements"),
    PeriodKind.YEAR: _("yearly statements"),
    PeriodKind.INTERVAL: _("statements of days chosen by hand"),
}


@register.filter
def kind_words(run: StatementRun) -> Text:
    """What kind of statements the run holds."""
    return KIND_WORDS[run.period_kind]


@register.filter
def anomaly_words(statement: Statement) -> Sequence[Text]:
    """Why the statement should be looked at, weightiest first."""
    return [ANOMALY_WORDS[reason] for reason in reasons(statement)]


@register.filter
def segment_words(key: str) -> Text:
    """Where a statement stands, in words."""
    return WORDS.get(key, key)


@register.filter
def segment_tone(key: str) -> str:
    """The tone of where a statement stands."""
    return TONES.get(key, "calm")


@register.filter
def segment_icon(key: str) -> str:
    """The icon beside the word."""
    return ICONS.get(key, "right")


@register.filter
def anomaly_word(reason: int) -> Text:
    """The reason to look, in words."""
    return ANOMALY_WORDS[Anomaly(reason)]
