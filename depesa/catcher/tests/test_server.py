"""The catcher's SMTP server, spoken to by the standard library's client."""

import smtplib
import socket
import threading
import time

import pytest

from depesa.catcher.smtp import catching

LETTER = b"From: a@b.example\r\nSubject: x\r\n\r\n.\r\n..two\r\n\r\n.end\r\nbye\r\n"
ENVELOPE = ("bounce@vaivorykste.example", ["jan@firma.example"])


class Shelf:
    """Keeps letters and remembers which came together."""

    def __init__(self):
        self.batches = []
        self.may_keep = threading.Event()
        self.may_keep.set()
        self.has_begun = threading.Event()

    def keep(self, letters):
        self.has_begun.set()
        self.may_keep.wait(60)
        self.batches.append(list(letters))

    @property
    def letters(self):
        return [letter for batch in self.batches for letter in batch]


def converse(port, *parts):
    """Send raw parts, a moment apart, and return all that the server said until it closed."""
    with socket.create_connection(("127.0.0.1", port), 60) as connection:
        for part in parts:
            connection.sendall(part)
            time.sleep(0.01)
        return b"".join(iter(lambda: connection.recv(65536), b""))


def begun(port):
    """A client that has sent its letter and waits for the answer."""
    client = smtplib.SMTP("127.0.0.1", port)
    client.ehlo()
    client.mail("a@b.example")
    client.rcpt("c@d.example")
    client.putcmd("data")
    client.getreply()
    client.send(LETTER.replace(b"\r\n.", b"\r\n..") + b".\r\n")
    return client


def test_a_letter_is_kept_byte_for_byte():
    shelf = Shelf()
    with catching(shelf.keep) as port, smtplib.SMTP("127.0.0.1", port) as client:
        assert client.sendmail(*ENVELOPE, LETTER) == {}
        assert client.sendmail("", ["a@b.example", "c@d.example"], LETTER * 500) == {}
        assert client.has_extn("PIPELINING")
        assert client.has_extn("SMTPUTF8")
    first, second = shelf.letters
    assert (first.envelope_from, list(first.recipients), first.content) == (*ENVELOPE, LETTER)
    assert (second.envelope_from, list(second.recipients)) == ("", ["a@b.example", "c@d.example"])
    assert second.content == LETTER * 500


def test_letters_outside_ascii():
    shelf = Shelf()
    with catching(shelf.keep) as port, smtplib.SMTP("127.0.0.1", port) as client:
        client.sendmail("a@b.example", ["žaneta@firma.example"], "Subject: ž\r\n\r\nž\r\n".encode(), ["SMTPUTF8"])
    (letter,) = shelf.letters
    assert (list(letter.recipients), letter.content) == (["žaneta@firma.example"], "Subject: ž\r\n\r\nž\r\n".encode())


@pytest.mark.parametrize("cut", [1, 2, 3, 4, 5])
def test_the_end_is_found_wherever_the_network_cuts_it(cut):
    shelf = Shelf()
    head = b"EHLO x\r\nMAIL FROM:<a@b.example>\r\nRCPT TO:<c@d.example>\r\nDATA\r\n"
    body = b"..one\r\n" + b"x" * 3000 + b"\r\n.\r\n"
    with catching(shelf.keep) as port:
        said = converse(port, head, body[:-cut], body[-cut:] + head + body + b"QUIT\r\n")
    assert said.count(b"250 2.0.0 Ok: kept") == 2
    assert said.rstrip().split(b"\r\n")[-1].startswith(b"221")
    assert [letter.content for letter in shelf.letters] == [b".one\r\n" + b"x" * 3000 + b"\r\n"] * 2


def test_an_empty_letter_and_commands_out_of_turn():
    shelf = Shelf()
    with catching(shelf.keep) as port:
        said = converse(
            port,
            b"DATA\r\nHELO x\r\nDATA\r\nMAIL FROM:<a@b.example>\r\nRCPT TO:<c@d.example>\r\nDATA now\r\nDATA\r\n",
            b".\r\nQUIT\r\n",
        )
    assert [line[:3] for line in said.split(b"\r\n")] == [
        *(b"220", b"503", b"250", b"503", b"250", b"250", b"501", b"354", b"250", b"221", b"")
    ]
    assert [letter.content for letter in shelf.letters] == [b""]


def test_a_letter_over_the_limit_is_refused_and_the_next_one_taken():
    shelf = Shelf()
    with catching(shelf.keep, largest=100_000) as port, smtplib.SMTP("127.0.0.1", port) as client:
        client.ehlo()
        assert client.esmtp_features["size"] == "100000"
        client.mail("a@b.example")
        client.rcpt("c@d.example")
        assert client.data(b"x\r\n" * 100_000)[0] == 552
        assert client.sendmail(*ENVELOPE, LETTER) == {}
    assert [letter.content for letter in shelf.letters] == [LETTER]


def test_what_could_not_be_kept_is_not_called_kept(caplog):
    def keep(_letters):
        raise OSError("No space left on device")

    with catching(keep) as port, smtplib.SMTP("127.0.0.1", port) as client:
        with pytest.raises(smtplib.SMTPDataError) as caught:
            client.sendmail(*ENVELOPE, LETTER)
        assert client.noop()[0] == 250
    assert caught.value.smtp_code == 451
    assert "could not be kept" in caplog.text


def test_a_client_that_leaves_in_the_middle_leaves_nothing():
    shelf = Shelf()
    with catching(shelf.keep) as port:
        with socket.create_connection(("127.0.0.1", port), 60) as connection:
            connection.sendall(b"EHLO x\r\nMAIL FROM:<a@b.example>\r\nRCPT TO:<c@d.example>\r\nDATA\r\nhalf\r\n")
            time.sleep(0.01)
        with smtplib.SMTP("127.0.0.1", port) as client:
            client.sendmail(*ENVELOPE, LETTER)
    assert [letter.content for letter in shelf.letters] == [LETTER]


def test_letters_that_come_while_others_are_kept_are_kept_together():
    shelf = Shelf()
    shelf.may_keep.clear()
    with catching(shelf.keep) as port:
        clients = [begun(port) for _ in range(8)]
        shelf.has_begun.wait(60)  # the first one is being kept, all others have come
        shelf.may_keep.set()
        for client in clients:
            assert client.getreply()[0] == 250
            client.quit()
    assert len(shelf.letters) == 8
    assert len(shelf.batches) < 8


def test_stopping_waits_for_the_letter_in_hand():
    shelf = Shelf()
    shelf.may_keep.clear()
    with catching(shelf.keep) as port:
        client = begun(port)
        shelf.has_begun.wait(60)
        threading.Timer(0.1, shelf.may_keep.set).start()
    assert client.getreply()[0] == 250
    client.close()
    assert [letter.content for letter in shelf.letters] == [LETTER]
