"""Mail servers of all kinds: with and without TLS, slow, old, and broken ones; real SMTP each time."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import uvloop
from chassis.testing.opened import Opened
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from ekis_local.devmail import Devmail
from notify.domain.mails import Letter, Outcome
from notify.gateways.smtp import Server, SmtpMailer

from .conftest import OpenNotify, Person, fault, rows, states, tell, wait_and_send

LETTER = Letter("anna@mail.ru", b"Subject: x\r\n\r\nx\r\n")


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Of 127.0.0.1, signed by itself, with its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path = tmp_path_factory.mktemp("tls") / "server.pem"
    path.write_bytes(pem + made.public_bytes(serialization.Encoding.PEM))
    return path


@pytest.fixture
def trusted(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """OpenSSL trusts it."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))


def server(mail: Devmail, tls: str = "none", timeout: float = 2) -> SmtpMailer:
    return SmtpMailer(Server("localhost", mail.smtp_port, "noreply@ekis.example", tls, None, None, timeout))


@pytest.mark.usefixtures("trusted")
@pytest.mark.parametrize("tls", ["starttls", "tls"])
async def test_a_server_with_tls_takes_mails_over_it(certificate: Path, tls: str) -> None:
    async with Devmail(certificate=certificate, implicit_tls=tls == "tls") as mail:
        mailer = server(mail, tls)
        assert [await mailer.send(LETTER) for _ in range(3)] == [Outcome("accepted")] * 3
        assert (len(mail.messages), len(mail.connections)) == (3, 1)
        await mailer.close()


@pytest.mark.parametrize("tls", ["starttls", "tls"])
async def test_a_certificate_that_nobody_vouches_for_is_refused(certificate: Path, tls: str) -> None:
    async with Devmail(certificate=certificate, implicit_tls=tls == "tls") as mail:
        assert await server(mail, tls).send(LETTER) == Outcome("deferred", "connect")
        assert len(mail.messages) == 0


@pytest.mark.usefixtures("trusted")
@pytest.mark.parametrize(
    ("action", "reply", "code"),
    [
        ("reply", "220 go ahead", "connect"),
        ("reply", "454 4.7.0 no TLS today", "454-4.7.0"),
        ("drop", "", "connect"),
        ("hang", "", "timeout"),
    ],
)
async def test_broken_tls_is_a_delay_and_nothing_goes_out_in_clear(
    certificate: Path, action: str, reply: str, code: str
) -> None:
    async with Devmail(certificate=certificate) as mail:
        fault(mail, "starttls", action, reply)
        mailer = server(mail, "starttls", timeout=1)
        outcome = await mailer.send(LETTER)
        assert outcome == Outcome("deferred", code)
        assert len(mail.messages) == 0
        assert await mailer.send(LETTER) == Outcome("accepted")
        await mailer.close()


async def test_a_server_that_offers_no_tls_gets_nothing_when_tls_is_asked_for(mail: Devmail) -> None:
    assert await server(mail, "starttls").send(LETTER) == Outcome("deferred", "connect")
    assert len(mail.messages) == 0


@pytest.mark.parametrize("stage", ["connect", "ehlo", "mail", "rcpt", "data", "eod"])
async def test_a_slow_server_is_waited_for(mail: Devmail, stage: str) -> None:
    fault(mail, stage, "slow", seconds=0.1)
    mailer = server(mail)
    assert await mailer.send(LETTER) == Outcome("accepted")
    await mailer.close()


async def test_a_banner_that_never_comes_is_a_delay(mail: Devmail) -> None:
    fault(mail, "connect", "slow", seconds=30)
    assert await server(mail, timeout=0.2).send(LETTER) == Outcome("deferred", "timeout")


@pytest.mark.parametrize("missing", ["PIPELINING", "8BITMIME SMTPUTF8", "PIPELINING 8BITMIME SMTPUTF8 SIZE"])
async def test_an_old_server_takes_mails_to_plain_addresses(notify: Opened, mail: Devmail, missing: str) -> None:
    fault(mail, "ehlo", "hide", missing)
    await tell(notify, Person().activated())
    assert await states(notify) == {"account-activated": "sent"}
    assert all(byte < 128 for byte in mail.messages[0].raw)


@pytest.mark.parametrize("missing", ["SMTPUTF8", "SMTPUTF8 PIPELINING"])
async def test_an_old_server_cannot_take_a_mailbox_beyond_ascii(notify: Opened, mail: Devmail, missing: str) -> None:
    fault(mail, "ehlo", "hide", missing)
    await tell(notify, Person(email="анна@mail.ru").activated())
    assert await rows(notify, "state", "code") == [("failed", "500-5.6.7")]
    await tell(notify, Person().activated())
    assert [message.to for message in mail.messages] == [["anna@mail.ru"]]


async def test_a_server_that_only_knows_helo_takes_mails(mail: Devmail) -> None:
    fault(mail, "ehlo", "reply", "502 5.5.1 what?")
    mailer = server(mail)
    assert await mailer.send(LETTER) == Outcome("accepted")
    await mailer.close()


@pytest.mark.parametrize("missing", ["", "PIPELINING"])
@pytest.mark.parametrize("stage", ["mail", "rcpt", "data", "eod"])
async def test_a_refusal_harms_no_later_mail_on_the_same_line(mail: Devmail, stage: str, missing: str) -> None:
    fault(mail, "ehlo", "hide", missing)
    fault(mail, stage, "reply", "552 5.2.2 full")
    mailer = server(mail)
    assert await mailer.send(LETTER) == Outcome("refused", "552-5.2.2")
    assert [await mailer.send(LETTER) for _ in range(3)] == [Outcome("accepted")] * 3
    assert [message.to for message in mail.messages] == [["anna@mail.ru"]] * 3
    await mailer.close()


async def _speaking(*lines: bytes) -> tuple[asyncio.Server, int]:
    """A server that says these lines one after another, whatever it hears."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for line in lines:
            writer.write(line)
            if not await reader.read(10_000):
                break
        writer.close()

    made = await asyncio.start_server(talk, "127.0.0.1", 0)
    return made, made.sockets[0].getsockname()[1]


@pytest.mark.parametrize(
    ("lines", "outcome"),
    [
        ((b"220 hi\r\n", b"250 ok\r\n", b"mumble\r\n"), Outcome("deferred", "malformed-answer")),
        ((b"220 hi\r\n", b"250 ok\r\n", b"250" + b"-x" * 40_000), Outcome("deferred", "malformed-answer")),
        ((b"220 hi\r\n", b"250 ok\r\n", b"250 a\r\n", b"250 b\r\n", b"354 c\r\n", b"\xff\xfe\r\n"), None),
        ((b"220 hi\r\n", b"250 ok\r\n", b"999 a\r\n"), Outcome("deferred", "malformed-answer")),
        ((b"220 hi\r\n", b"250 ok\r\n", b"250-a\r\n250 b\r\n", b"251 c\r\n", b"354 d\r\n", b"250 e\r\n"), "accepted"),
    ],
)
async def test_rubbish_from_a_server_is_no_outcome(lines: tuple[bytes, ...], outcome: Outcome | str | None) -> None:
    listening, port = await _speaking(*lines)
    mailer = SmtpMailer(Server("127.0.0.1", port, "noreply@ekis.example", "none", None, None, 2))
    found = await mailer.send(LETTER)
    wanted = {None: Outcome("lost", "malformed-answer"), "accepted": Outcome("accepted")}
    assert found == (outcome if isinstance(outcome, Outcome) else wanted[outcome])
    await mailer.close()
    listening.close()
    await listening.wait_closed()


async def test_the_rate_that_a_server_bears_is_kept(open_notify: OpenNotify, mail: Devmail) -> None:
    loop = asyncio.get_running_loop()
    async with open_notify(smtp_rate=20) as notify:
        for number in range(30):
            await notify.tell(Person(email=f"p{number}@mail.ru").activated())
        begun = loop.time()
        await notify.run_loops()
        taken = loop.time() - begun
    assert len(mail.messages) == 30
    assert taken >= 0.4, "a second's worth at once, ten more take half a second"


@pytest.mark.parametrize("connections", [2, 6])
async def test_no_more_connections_than_the_server_bears(
    open_notify: OpenNotify, mail: Devmail, connections: int
) -> None:
    most = 0
    async with open_notify(smtp_connections=connections) as notify:
        for number in range(40):
            await notify.tell(Person(email=f"p{number}@mail.ru").activated())
        fault(mail, "mail", "slow", seconds=0.02, count=40)
        watching = asyncio.create_task(notify.run_loops())
        while not watching.done():
            most = max(most, len(mail.connections))
            await asyncio.sleep(0)
    assert most == connections


async def test_a_goodbye_said_between_mails_is_not_taken_for_an_answer(notify: Opened, mail: Devmail) -> None:
    await tell(notify, Person().activated())
    for connection in list(mail.connections):
        await connection.push("421 4.4.2 idle for too long")
    await asyncio.sleep(0)
    await tell(notify, Person().activated())
    await wait_and_send(notify, minutes=1)
    assert set(await rows(notify, "state")) == {("sent",)}
    assert len(mail.messages) == 2


@pytest.mark.usefixtures("trusted")
@pytest.mark.parametrize("tls", ["none", "starttls", "tls"])
async def test_it_sends_on_the_event_loop_of_production_too(certificate: Path, tls: str) -> None:
    async with Devmail(certificate=certificate, implicit_tls=tls == "tls") as mail:

        async def send_some() -> list[Outcome]:
            mailer = server(mail, tls, timeout=10)
            outcomes = [await mailer.send(LETTER) for _ in range(3)]
            await mailer.close()
            return outcomes

        assert await asyncio.to_thread(uvloop.run, send_some()) == [Outcome("accepted")] * 3
        assert len(mail.messages) == 3
