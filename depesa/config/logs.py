"""What stands in the log."""

import logging
import re
import time
from typing import Final, override

# A part of an address or a value that is long and random enough to open something: links that work once, tokens.
SECRET: Final = re.compile(r"(?<=[/=])[A-Za-z0-9_-]{20,}(?=[/?&\s'\")]|$)")


class WithoutSecrets(logging.Formatter):
    """Lines and tracebacks in which nobody finds a link that still works; their time is that of UTC."""

    converter = staticmethod(time.gmtime)
    default_time_format = "%Y-%m-%dT%H:%M:%S"
    default_msec_format = "%s.%03dZ"

    @override
    def format(self, record: logging.LogRecord) -> str:
        return SECRET.sub("…", super().format(record))
