"""When a call that was not taken is tried again."""

import datetime as dt
from typing import Final

FIRST: Final = dt.timedelta(seconds=30)
LONGEST: Final = dt.timedelta(hours=1)
END: Final = dt.timedelta(hours=12)  # of failing, after which nobody is called any more


def pause_after(attempts: int) -> dt.timedelta:
    """How long to wait after this many attempts: 30 seconds, doubled each time, an hour at most."""
    doubled: int = 2 ** min(max(attempts - 1, 0), 10)
    return min(FIRST * doubled, LONGEST)


def is_over(failing_since: dt.datetime | None, now: dt.datetime) -> bool:
    """Whether a subscriber has failed for so long that it is given up."""
    return failing_since is not None and now - failing_since >= END
