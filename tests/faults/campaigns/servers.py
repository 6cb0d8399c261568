"""Mail servers and letters that are not as they must be: each keeps to itself."""

from tests.faults.campaigns.stage import WORK, Row, Stage
from tests.faults.plans import Ending, Plan

CONNECTIONS = 8
PAUSED = """
from depesa.outbox.models import Channel
print(*Channel.objects.filter(paused_at__isnull=False).values_list("code", flat=True))
"""
# A second channel whose password another key has locked, and letters whose bytes were changed.
SPOIL = """
import sys
from depesa.outbox.models import Channel, Delivery, Message
locked = Channel.objects.create(code="locked", name="Locked", host="127.0.0.1", port=1, username="x", secret="rubbish")
ids = list(Delivery.objects.order_by("pk").values_list("pk", flat=True))
Delivery.objects.filter(pk__in=ids[:3]).update(channel=locked)
Message.objects.filter(deliveries__pk=ids[len(ids) // 2]).update(sha256="0" * 64)
Message.objects.filter(deliveries__pk=ids[-1]).update(skeleton=b"\\xff\\xfe")
"""
LEFT_BEHIND = """
from depesa.outbox.models import Channel, Delivery
held = Delivery.objects.filter(state="held")
print(held.count(), held.exclude(reason="").count(), Delivery.objects.filter(state="queued").count())
print(Channel.objects.get(code="locked").paused_reason)
"""


def hangs_up(desk: Stage, *, letters: int) -> Row:
    """The server takes each letter and closes without a word: the channel pauses with the third in a row."""
    desk.sink.script.letters.default = Plan(dot=b"", ending=Ending.CLOSE)
    desk.post(letters)
    desk.start(WORK)
    desk.until(lambda: desk.run(PAUSED).strip(), "channel that is paused")
    desk.until(lambda: not {"leased", "handing-over"} & set(desk.states()), "letters that are back")
    row = desk.judged(Row("server hangs up after each dot", letters, "every answer"))
    if row.uncertain > 3 + CONNECTIONS:
        row.wrong.append(f"{row.uncertain} uncertain")
    return row


def few_connections(desk: Stage, *, letters: int) -> Row:
    """The server lets two connections in, and the channel may have eight: it finds out and keeps to two."""
    desk.sink.script.most_sessions = 2
    desk.post(letters)
    desk.start(WORK)
    row = Row("server lets 2 connections in", letters, "no letter's fault", seconds=desk.settled())
    if desk.sink.turned_away > 2 * CONNECTIONS:
        row.wrong.append(f"{desk.sink.turned_away} connections were turned away")
    return desk.judged(row)


def bad_ones(desk: Stage, *, letters: int) -> Row:
    """Two letters that cannot be read and a channel whose password cannot: all others leave, these say why."""
    desk.post(letters)
    desk.run(SPOIL)
    desk.start(WORK)
    desk.until(lambda: len(desk.sink.taken) >= letters - 5, "letters at the sink")
    desk.until(lambda: desk.states()["queued"] == 3 and desk.states()["held"] == 2, "letters that stay behind")
    counts, _newline, reason = desk.run(LEFT_BEHIND).partition("\n")
    row = Row("2 letters and a password unreadable", letters, "3 rows")
    if counts.split() != ["2", "2", "3"] or not reason.strip():
        row.wrong.append(f"held, with a reason, waiting: {counts}; paused: {reason}")
    return desk.judged(row)
