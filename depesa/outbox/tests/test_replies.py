"""What servers really say, and whom it is about: each row with where it comes from."""

import pytest

from depesa.outbox.rules import About, Kind, Phase, Reply, about, verdict

P = Phase
HIS, OURS, LETTER, UNSAID = About.ADDRESS, About.US, About.LETTER, About.UNSAID

# answer to RCPT, whom it is about, source
AT_RECIPIENT = [
    (Reply(550, "5.1.1", "5.1.1 <a@b.example>: Recipient address rejected: User unknown"), HIS, "Postfix"),
    (Reply(550, "", "Unrouteable address"), HIS, "Exim"),
    (Reply(550, "", "<relay@b.example>... User unknown"), HIS, "Sendmail 8.8; the name in the address says nothing"),
    (Reply(550, "5.1.1", "The email account that you tried to reach does not exist"), HIS, "Gmail"),
    (Reply(550, "5.2.1", "The email account that you tried to reach is disabled"), HIS, "Gmail"),
    (Reply(552, "5.2.2", "The email account that you tried to reach is over quota"), HIS, "Gmail"),
    (Reply(550, "5.4.1", "Recipient address rejected: Access denied. AS(201806281)"), HIS, "Exchange Online, DBEB"),
    (Reply(550, "5.7.133", "RESOLVER.RST.SenderNotAuthenticatedForGroup"), HIS, "Exchange: a closed group"),
    (Reply(550, "5.1.10", "RESOLVER.ADR.RecipientNotFound"), HIS, "Exchange Online"),
    (Reply(556, "5.1.10", "Domain does not accept mail (nullMX)"), HIS, "RFC 7505"),
    (Reply(554, "", "delivery error: dd This user doesn't have a yahoo.com account"), HIS, "Yahoo"),
    (Reply(550, "", "Mailbox unavailable"), HIS, "RFC 5321 4.2.3"),
    (Reply(550), HIS, "RFC 5321 4.2.3: mailbox unavailable"),
    (Reply(551), HIS, "RFC 5321 4.2.3"),
    (Reply(552), HIS, "RFC 5321 4.2.3"),
    (Reply(452, "4.2.2", "4.2.2 Mailbox size limit exceeded"), HIS, "Dovecot"),
    (Reply(452, "", "<a@b.example> has exceeded his storage limit"), HIS, "Courier"),
    (Reply(450, "4.2.1", "The user you are trying to contact is receiving mail too quickly"), HIS, "Gmail"),
    (Reply(432, "4.3.2", "STOREDRV.Deliver; recipient thread limit exceeded"), HIS, "Exchange: a busy mailbox"),
    (Reply(554, "5.7.1", "<a@b.example>: Relay access denied"), OURS, "Postfix"),
    (Reply(550, "", "relay not permitted"), OURS, "Exim"),
    (Reply(550, "5.7.1", "Unable to relay"), OURS, "Exchange"),
    (Reply(550, "5.7.54", "SMTP; Unable to relay recipient in non-accepted domain"), OURS, "Exchange"),
    (Reply(550, "5.4.5", "Daily user sending limit exceeded"), OURS, "Gmail"),
    (
        Reply(550, "5.1.90", "You've reached your daily limit for message recipients"),
        OURS,
        "Exchange Online",
    ),
    (Reply(450, "4.2.1", "Peak SMTP relay limit exceeded for customer"), OURS, "Gmail relay"),
    (Reply(550, "5.7.1", "Service unavailable; client [192.0.2.1] blocked using zen.spamhaus.org"), OURS, "Postfix"),
    (Reply(554, "5.7.1", "Client host rejected: cannot find your reverse hostname"), OURS, "Postfix"),
    (Reply(553, "5.7.1", "<d@v.example>: Sender address rejected: not owned by user desk"), OURS, "Postfix"),
    (Reply(550, "5.1.8", "<d@v.example>: Sender address rejected: Domain not found"), OURS, "Postfix"),
    (Reply(550, "", "Sender verify failed"), OURS, "Exim"),
    (Reply(501, "5.1.8", "Access denied, bad outbound sender"), OURS, "Exchange Online"),
    (Reply(550, "5.7.708", "Service unavailable. Access denied, traffic not accepted from this IP"), OURS, "Exchange"),
    (Reply(550, "5.7.26", "Unauthenticated email is not accepted due to DMARC policy"), OURS, "Gmail"),
    (Reply(550, "5.7.60", "SMTP; Client does not have permissions to send as this sender"), OURS, "Exchange"),
    (Reply(454, "", "Throttling failure: Daily message quota exceeded"), OURS, "Amazon SES"),
    (Reply(552, "5.3.4", "Message size exceeds fixed limit"), LETTER, "RFC 3463 3.4"),
    (Reply(550, "5.7.1", "Refused by local policy"), UNSAID, "RFC 3463 3.8: nobody says whose sake"),
    (Reply(554, "", "Transaction failed"), UNSAID, "RFC 5321 4.2.3"),
    (Reply(550, "", "Administrative prohibition"), UNSAID, "Exim"),
    (Reply(550, "5.3.2", "System not accepting network messages"), UNSAID, "RFC 3463 3.4"),
]
KINDS = {HIS: Kind.REJECTED, LETTER: Kind.REJECTED, OURS: Kind.SENDER_REFUSED, UNSAID: Kind.DOUBTFUL}


@pytest.mark.parametrize(("reply", "whom", "source"), AT_RECIPIENT)
def test_what_an_answer_to_the_recipient_is_about(reply, whom, source):
    assert about(reply, at_recipient=True) is whom, source
    found = verdict(P.RECIPIENT, reply)
    if reply.code >= 500:
        assert found.kind is KINDS[whom]
    else:
        assert (found.kind, found.slow_down, found.counts_attempt) == (Kind.RETRY, whom is OURS, whom is HIS)


# answer to the dot, what follows, whether three recipients with it pause the channel, source
AT_DOT = [
    (Reply(550, "5.1.1", "user unknown"), Kind.REJECTED, False, "a server that looks after the dot"),
    (Reply(552, "5.2.2", "mailbox full"), Kind.REJECTED, False, "a server that looks after the dot"),
    (Reply(550, "", "No such user here"), Kind.REJECTED, False, "the same without enhanced codes"),
    (Reply(552, "5.3.4", "Message too big for system"), Kind.REJECTED, True, "RFC 3463 3.4"),
    (Reply(554, "5.6.0", "Invalid message content"), Kind.REJECTED, True, "RFC 3463 3.7"),
    (Reply(554, "5.7.1", "Message rejected as spam"), Kind.REJECTED, True, "rspamd"),
    (Reply(550), Kind.REJECTED, True, "RFC 5321 4.2.3: nothing said"),
    (Reply(554, "", "Transaction failed"), Kind.REJECTED, True, "RFC 5321 4.2.3"),
    (Reply(554, "", "Message rejected: Email address is not verified"), Kind.SENDER_REFUSED, False, "Amazon SES"),
    (
        Reply(554, "5.2.0", "STOREDRV.Submission:SendAsDeniedException"),
        Kind.SENDER_REFUSED,
        False,
        "Exchange",
    ),
    (Reply(550, "5.4.5", "Daily user sending limit exceeded"), Kind.SENDER_REFUSED, False, "Gmail"),
]


@pytest.mark.parametrize(("reply", "kind", "is_content", "source"), AT_DOT)
def test_what_an_answer_to_the_dot_is_about(reply, kind, is_content, source):
    found = verdict(P.REPLY, reply)
    assert (found.kind, found.is_content) == (kind, is_content), source
    assert not found.address_suspect


@pytest.mark.parametrize("phase", [P.RECIPIENT, P.BODY, P.REPLY])
@pytest.mark.parametrize("words", ["limit exceeded", "exceeded its limit", "too many messages", "rate limit"])
@pytest.mark.parametrize("code", ["4.1.1", "4.2.1", "4.2.2", "4.2.3"])
def test_a_mailbox_never_slows_the_channel(phase, code, words):
    found = verdict(phase, Reply(452, code, words))
    assert (found.kind, found.slow_down, found.counts_attempt) == (Kind.RETRY, False, True)
