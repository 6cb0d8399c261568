"""What concerns security, one line each in a log of its own: who came in, who was refused, what was changed."""

import json
import logging
import re
from typing import Final

from depesa.core.texts import printable

LONGEST: Final = 200  # characters of a value
_log: Final = logging.getLogger("depesa.security")
_NAME: Final = re.compile(r"[^A-Za-z0-9_-]+")
_PLAIN: Final = re.compile(r"[A-Za-z0-9.:-]{1,19}")


def log_security(event: str, /, **values: object) -> None:
    """Write `event=… name=value …` at level INFO; what others typed cannot end a line or look like another value."""
    told = {"event": event, **values}
    _log.info(" ".join(f"{_NAME.sub('-', name)}={_quoted(value)}" for name, value in told.items()))


def _quoted(value: object) -> str:
    text = printable(str(value), "?")
    return text if _PLAIN.fullmatch(text) else json.dumps(text[:LONGEST])
