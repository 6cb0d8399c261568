"""Faults before a letter: the channel's, never the letter's. Numbers as in the list of faults."""

import asyncio
import ssl
from dataclasses import replace

import pytest

from depesa.outbox.rules import Failure, Fault, Kind, Phase, Reply, verdict
from depesa.outbox.smtp import Connection, Encryption, NotOpenedError, Server
from tests.faults.certificates import EXPIRED, GOOD, SELF_SIGNED, WRONG_NAME, server_context
from tests.faults.plans import Plan
from tests.faults.sink import Script
from tests.faults.talk import PATIENT, SENDER, SHA, hand_over, outcome_of, planned, refusal_of, speaking, talk

USERS = {"desk": "pa55-wörd"}
ENTRY = {"username": "desk", "password": "pa55-wörd"}
STARTTLS = {"encryption": Encryption.STARTTLS}


def assert_channel_fault(outcome, phase):
    assert outcome.phase is phase
    result = verdict(outcome.phase, outcome.answer)
    assert (result.kind, result.counts_attempt) == (Kind.CHANNEL_FAULT, False)


def heard_in_clear(sink):
    return [line for is_encrypted, line in sink.heard if not is_encrypted]


def test_connection_refused():
    async def run():
        with pytest.raises(NotOpenedError) as caught:
            await Connection.open(Server("127.0.0.1", 1, Encryption.NONE), PATIENT)
        return caught.value.outcome

    outcome = asyncio.run(run())
    assert_channel_fault(outcome, Phase.CONNECT)
    assert outcome.answer.fault is Fault.UNREACHABLE


@pytest.mark.parametrize(
    ("host", "port"),
    [("no-such-host.invalid", 25), ("a..b", 25), ("", 25), ("x" * 70 + ".cz", 25), ("127.0.0.1", 70000)],
)
@pytest.mark.parametrize("encryption", Encryption)
def test_unknown_or_impossible_host(host, port, encryption):
    async def run():
        with pytest.raises(NotOpenedError) as caught:
            await Connection.open(Server(host, port, encryption), PATIENT)
        return caught.value.outcome

    assert_channel_fault(asyncio.run(run()), Phase.CONNECT)


@pytest.mark.parametrize("code", [421, 554])
def test_unfriendly_greeting(code):
    outcome, _ = refusal_of(Script(greeting=b"%d go away\r\n" % code, greeting_ends=True))
    assert_channel_fault(outcome, Phase.GREETING)
    assert outcome.answer == Reply(code, "", "go away")


def test_no_greeting():
    outcome, _ = refusal_of(Script(greeting=b""))
    assert_channel_fault(outcome, Phase.GREETING)
    assert outcome.answer == Failure(Fault.TIMED_OUT, "no answer for 0.2 seconds")


def test_a_server_that_dribbles_gains_no_time():
    async def dribble(_reader, writer):
        for _ in range(8):
            writer.write(b"220-x\r\n")
            await asyncio.sleep(0.05)

    async def run():
        async with speaking(dribble) as port:
            with pytest.raises(NotOpenedError) as caught:
                await Connection.open(Server("127.0.0.1", port, Encryption.NONE), replace(PATIENT, greeting=0.2))
            return caught.value.outcome

    assert asyncio.run(run()).answer.fault is Fault.TIMED_OUT


def test_a_server_that_knows_helo_only():
    outcome, sink = outcome_of(Script(ehlo=b"502 5.5.2 what?\r\n"))
    assert (outcome.phase, outcome.answer.code) == (Phase.REPLY, 250)
    assert [t.sha256 for t in sink.taken] == [SHA]
    assert b"MAIL FROM:<" + SENDER.encode() + b">" in heard_in_clear(sink), "no parameters without extensions"


def test_no_encryption_offered_and_nothing_sent_in_clear():
    outcome, sink = refusal_of(Script(users=USERS), **STARTTLS, **ENTRY)
    assert_channel_fault(outcome, Phase.ENCRYPTION)
    assert outcome.answer == Failure(Fault.NO_ENCRYPTION, "the server offers no encryption")
    assert heard_in_clear(sink) == [b"EHLO localhost"]


def test_helo_only_and_encryption_required():
    outcome, sink = refusal_of(Script(ehlo=b"502 what?\r\n", users=USERS), **STARTTLS, **ENTRY)
    assert outcome.answer.fault is Fault.NO_ENCRYPTION
    assert heard_in_clear(sink) == [b"EHLO localhost", b"HELO localhost"]


def test_a_password_is_never_sent_in_clear_unless_the_channel_says_so():
    outcome, sink = refusal_of(Script(users=USERS), **ENTRY)
    assert outcome.answer.fault is Fault.NO_ENCRYPTION
    assert heard_in_clear(sink) == [b"EHLO localhost"]
    accepted, _ = outcome_of(Script(users=USERS), **ENTRY, may_sign_in_unencrypted=True)
    assert accepted.answer.code == 250


def test_starttls_refused_for_now():
    outcome, sink = refusal_of(Script(context=server_context(GOOD), starttls=b"454 4.7.0 not now\r\n"), **STARTTLS)
    assert_channel_fault(outcome, Phase.ENCRYPTION)
    assert outcome.answer.code == 454
    assert heard_in_clear(sink) == [b"EHLO localhost", b"STARTTLS"]


@pytest.mark.parametrize(
    ("certificate", "words"),
    [(EXPIRED, "expired"), (WRONG_NAME, "not valid for '127.0.0.1'"), (SELF_SIGNED, "self-signed")],
)
@pytest.mark.parametrize("encryption", [Encryption.STARTTLS, Encryption.TLS])
def test_bad_certificates_are_named_in_words(certificate, words, encryption):
    script = Script(context=server_context(certificate), is_tls_at_once=encryption is Encryption.TLS, users=USERS)
    outcome, sink = refusal_of(script, encryption=encryption, **ENTRY)
    assert_channel_fault(outcome, Phase.ENCRYPTION)
    assert outcome.answer.fault is Fault.CERTIFICATE
    assert words in outcome.answer.detail
    assert not [line for _encrypted, line in sink.heard if line.startswith((b"AUTH", b"MAIL"))]


def outcome_of_going_encrypted(go_on):
    """Where it stops when the server asks to go encrypted and then does this."""

    async def speak(reader, writer):
        writer.write(b"220 hi\r\n")
        await reader.readline()
        writer.write(b"250-x\r\n250 STARTTLS\r\n")
        await reader.readline()
        writer.write(b"220 go\r\n")
        await go_on(reader, writer)

    async def run():
        async with speaking(speak) as port:
            with pytest.raises(NotOpenedError) as caught:
                await Connection.open(Server("127.0.0.1", port, Encryption.STARTTLS), PATIENT)
            return caught.value.outcome

    return asyncio.run(run())


def test_handshake_fails():
    async def talk_in_clear(reader, writer):
        await reader.read(10)
        writer.write(b"this is not TLS\r\n")

    outcome = outcome_of_going_encrypted(talk_in_clear)
    assert_channel_fault(outcome, Phase.ENCRYPTION)
    assert outcome.answer.fault is Fault.ENCRYPTION_FAILED


def test_server_leaves_instead_of_encrypting():
    async def leave(_reader, _writer):
        pass

    outcome = outcome_of_going_encrypted(leave)
    assert_channel_fault(outcome, Phase.ENCRYPTION)
    assert outcome.answer.fault is not Fault.INJECTED


def test_text_injected_before_the_encryption():
    script = Script(context=server_context(GOOD), starttls=b"220 go\r\n250 injected\r\n", users=USERS)
    outcome, sink = refusal_of(script, **STARTTLS, **ENTRY)
    assert_channel_fault(outcome, Phase.ENCRYPTION)
    assert outcome.answer.fault is Fault.INJECTED
    assert not [line for _encrypted, line in sink.heard if line.startswith((b"AUTH", b"MAIL"))]


@pytest.mark.parametrize("mechanisms", ["PLAIN", "LOGIN", "CRAM-MD5 LOGIN PLAIN"])
@pytest.mark.parametrize("encryption", [Encryption.STARTTLS, Encryption.TLS])
def test_signing_in_over_an_encrypted_connection(mechanisms, encryption):
    script = Script(
        context=server_context(GOOD),
        is_tls_at_once=encryption is Encryption.TLS,
        users=USERS,
        mechanisms=mechanisms,
    )
    outcome, sink = outcome_of(script, encryption=encryption, **ENTRY)
    assert outcome.answer.code == 250
    assert [t.sha256 for t in sink.taken] == [SHA]
    assert all(line.startswith((b"EHLO", b"STARTTLS")) for line in heard_in_clear(sink))


def test_extensions_learnt_in_clear_are_forgotten_after_starttls():
    async def run():
        script = Script(context=server_context(GOOD), ehlo_encrypted=b"250 sink.example\r\n")
        async with talk(script, **STARTTLS) as (_sink, connection):
            return connection.extensions, connection.is_encrypted

    assert asyncio.run(run()) == ({}, True)


@pytest.mark.parametrize(
    ("script", "fault_or_code"),
    [
        ({"users": {"desk": "another"}}, 535),
        ({"sign_in": b"454 4.7.0 later\r\n"}, 454),
        ({"users": USERS, "mechanisms": "CRAM-MD5 GSSAPI"}, Fault.NO_SIGN_IN),
        ({}, Fault.NO_SIGN_IN),
        ({"sign_in": b""}, Fault.TIMED_OUT),
    ],
)
def test_sign_in_refused(script, fault_or_code):
    outcome, _ = refusal_of(Script(**script), may_sign_in_unencrypted=True, **ENTRY)
    assert_channel_fault(outcome, Phase.SIGN_IN)
    answer = outcome.answer
    assert fault_or_code == (answer.code if isinstance(answer, Reply) else answer.fault)


def test_sign_in_wanted_only_at_mail():
    outcome, _ = outcome_of(planned(Plan(sender=b"530 5.7.0 sign in first\r\n")))
    assert_channel_fault(outcome, Phase.SENDER)


@pytest.mark.parametrize("mechanisms", ["PLAIN", "LOGIN"])
def test_the_secret_is_in_no_answer_error_or_representation(mechanisms, caplog):
    caplog.set_level(0)
    server = {"may_sign_in_unencrypted": True, **ENTRY}
    script = Script(sign_in=b"535 5.7.8 you said %s\r\n", mechanisms=mechanisms)
    outcome, sink = refusal_of(script, **server)
    told = " ".join([repr(outcome), str(NotOpenedError(outcome)), repr(Server("x", 1, **ENTRY)), caplog.text])
    sent = [line.rpartition(b" ")[2].decode() for _e, line in sink.heard if not line.startswith((b"EHLO", b"QUIT"))]
    for secret in ("pa55", *(each for each in sent if each != "LOGIN")):
        assert secret not in told
    assert outcome.answer.code == 535


def test_a_default_context_trusts_no_stranger():
    outcome, _ = refusal_of(
        Script(context=server_context(GOOD)), encryption=Encryption.STARTTLS, context=ssl.create_default_context()
    )
    assert outcome.answer.fault is Fault.CERTIFICATE


def test_many_letters_in_one_encrypted_session():
    async def run():
        async with talk(Script(context=server_context(GOOD)), **STARTTLS) as (sink, connection):
            letter = b"Message-ID: <big@x>\r\n\r\n" + b"x" * 70 + b"\r\n" * 1
            outcomes = [await hand_over(connection, letter=letter + (b"y" * 76 + b"\r\n") * 8000) for _ in range(5)]
            return sink, outcomes

    sink, outcomes = asyncio.run(run())
    assert [o.answer.code for o in outcomes] == [250] * 5
    assert len({t.sha256 for t in sink.taken}) == 1
    assert sink.connection_count == 1
