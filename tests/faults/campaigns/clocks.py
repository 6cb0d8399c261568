"""The clock jumps while letters are under way: leases that seem to have run out harm nothing."""

import time
from functools import partial

from tests.faults.campaigns.stage import WORK, Row, Stage

JUMP = f"""
import datetime as dt, sys, threading, time
from pathlib import Path
from django.utils import timezone
now, by = timezone.now, dt.timedelta()
timezone.now = lambda: now() + by
def jump():
    global by
    while not Path(sys.argv[2]).exists():
        time.sleep(0.05)
    by = dt.timedelta(minutes=float(sys.argv[1]))
threading.Thread(target=jump, daemon=True).start()
{WORK}
"""
REAPED = 11  # seconds within which what seems to be left behind is taken up


def jumped(desk: Stage, *, letters: int, minutes: int, name: str) -> Row:
    """The clock of both workers jumps while all their sessions wait for an answer."""
    desk.sink.script.slowest = 1.0
    desk.post(letters)
    sign = desk.folder / "jump"
    for _worker in range(2):
        desk.start(JUMP, str(minutes), str(sign))
    desk.until(lambda: len(desk.sink.taken) > letters // 5, "letters at the sink")
    sign.touch()
    if minutes > 0:
        desk.settled()
    time.sleep(REAPED)
    desk.until(lambda: not {"leased", "handing-over"} & set(desk.states()), "end of what was under way")
    row = desk.judged(Row(name, letters, "1 jump", workers=2))
    if row.uncertain:
        row.wrong.append(f"{row.uncertain} uncertain")
    return row


JUMPS = {
    "clock-ahead": partial(jumped, minutes=15, name="clock 15 minutes ahead, further than a lease"),
    "clock-far-ahead": partial(jumped, minutes=100 * 24 * 60, name="clock 100 days ahead: the rest is *too late*"),
    "clock-back": partial(jumped, minutes=-24 * 60, name="clock a day back: the rest waits for its time"),
}
