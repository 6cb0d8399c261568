"""What a server says becomes replies, however the network cuts it, and never more than a little memory."""

import asyncio
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from depesa.outbox.rules import Failure, Reply
from depesa.outbox.smtp.wire import LONGEST_REPLY, LONGEST_TEXT, Wire


class NoTransport(asyncio.Transport):
    def abort(self):
        pass


def listen(pieces):
    """Return everything a wire makes of the pieces, and the wire."""

    async def run():
        wire = Wire()
        wire.transport = NoTransport()
        for piece in pieces:
            for start in range(0, len(piece), 8192):
                chunk = piece[start : start + 8192]
                wire.get_buffer(-1)[: len(chunk)] = chunk
                wire.buffer_updated(len(chunk))
        heard = []
        while wire.has_news and (not heard or isinstance(heard[-1], Reply)):
            answer = wire.unasked()
            heard.append(answer)
        return heard, wire

    return asyncio.run(run())


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(200, 599), st.lists(st.from_regex(r"[ -~]{0,40}", fullmatch=True), min_size=1)),
        max_size=6,
    ),
    st.lists(st.integers(0, 400), max_size=12),
    st.sampled_from([b"\r\n", b"\n"]),
)
def test_replies_are_the_same_however_they_are_cut(replies, cuts, end):
    raw = b"".join(
        b"%d%s%b" % (code, b" " if number == len(lines) - 1 else b"-", line.encode()) + end
        for code, lines in replies
        for number, line in enumerate(lines)
    )
    borders = sorted({0, len(raw), *(cut for cut in cuts if cut < len(raw))})
    heard, _wire = listen(raw[a:b] for a, b in pairwise(borders))
    assert [(reply.code, reply.text) for reply in heard] == [
        (code, "\n".join(lines)[:LONGEST_TEXT]) for code, lines in replies
    ]


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.tuples(st.binary(max_size=40) | st.sampled_from([b"250-a\r\n", b"250 ok\r\n"]), st.integers(1, 300)),
        max_size=30,
    )
)
def test_nonsense_ends_the_wire_and_is_forgotten(pieces):
    heard, wire = listen(piece * times for piece, times in pieces)
    for answer in heard:
        assert isinstance(answer, Reply | Failure)
        text = answer.text if isinstance(answer, Reply) else answer.detail
        assert text.replace("\n", "").isprintable()
        assert len(text) <= LONGEST_TEXT
    assert len(wire._rest) + sum(map(len, wire._lines)) <= LONGEST_REPLY + 8192
