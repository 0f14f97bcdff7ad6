"""The mail server: a few connections, reused, each bounded in time."""

import asyncio
import re
from dataclasses import dataclass
from email.utils import parseaddr
from typing import Protocol, cast

from aiosmtplib import SMTP, SMTPException, SMTPHeloError, SMTPResponseException
from chassis.crash import crash_point

from notify.domain.mails import Letter, Outcome
from notify.gateways.pace import Pace
from notify.gateways.wire import Broken, Reply, Wire

IDLE = 10.0  # seconds after which a connection is asked whether it lives
GOODBYE = 1.0  # seconds
START_INPUT, COMPLETED, CLOSING, TEMPORARY, PERMANENT, LAST_CODE = 354, 250, 421, 400, 500, 599
WANTED = ((COMPLETED,), (COMPLETED, 251), (START_INPUT,))
NEEDS_UTF8 = "5.6.7 this server has no SMTPUTF8"  # RFC 6531
_UNSAFE = re.compile(r"[\x00-\x20\x7f<>]")
ENHANCED = re.compile(r"[245]\.\d{1,3}\.\d{1,3}\b")  # RFC 3463; the rest of an answer may quote the address


class Mailer(Protocol):
    """Whatever takes letters; another provider is another one of these."""

    connections: int

    async def turn(self) -> None:
        """Wait until the provider wants to hear from us again."""
        ...

    async def send(self, letter: Letter) -> Outcome:
        """One attempt. Never raises."""
        ...

    async def close(self) -> None:
        """No more letters come."""
        ...


@dataclass(frozen=True)
class Server:
    """Where the mail server is, who we are to it, and what it bears: `connections` at once, `rate` mails a second.
    `timeout` bounds an attempt, in seconds."""

    host: str
    port: int
    sender: str
    tls: str
    user: str | None
    password: str | None
    timeout: float
    connections: int = 4
    rate: float | None = None


class SmtpMailer:
    """A stack of idle connections: the last used is the next used, the others grow cold until the server drops them."""

    def __init__(self, server: Server) -> None:
        self.connections = server.connections
        self._server = server
        self._pace = Pace(server.rate)
        self._idle: list[_Connection] = []

    async def turn(self) -> None:
        """Keep to the rate that the server bears."""
        await self._pace.turn()

    async def send(self, letter: Letter) -> Outcome:
        """One attempt over an idle connection or a new one; the caller bounds how many at once."""
        connection = self._idle.pop() if self._idle else _Connection(self._server)
        outcome = await connection.send(letter)
        self._idle.append(connection)
        return outcome

    async def close(self) -> None:
        """Say goodbye on every connection."""
        await asyncio.gather(*(connection.quit() for connection in self._idle))


class _NotReady(Exception):
    """The server does not let us in: its trouble or ours, never the letter's."""


class _Refused(Exception):
    def __init__(self, reply: Reply) -> None:
        super().__init__(reply.code)
        self.reply = reply


class _Connection:
    def __init__(self, server: Server) -> None:
        self._server = server
        self._sender = parseaddr(server.sender)[1]
        self._wire: Wire | None = None
        self._pipelining = self._utf8 = False
        self._used_at = 0.0
        self._refused = self._handed_over = False

    async def send(self, letter: Letter) -> Outcome:
        """One attempt: what was answered, or what is unknown."""
        self._handed_over = False
        try:
            async with asyncio.timeout(self._server.timeout):
                await self._deliver(await self._ready(), letter)
        except _NotReady as error:
            return Outcome("deferred", str(error))
        except _Refused as error:
            return self._outcome_of(error.reply)
        except (Broken, OSError) as error:
            self._drop()
            code = "timeout" if isinstance(error, TimeoutError) else str(error) or "disconnected"
            return Outcome("lost" if self._handed_over else "deferred", code)
        finally:
            self._used_at = asyncio.get_running_loop().time()
        crash_point("after-data")
        return Outcome("accepted")

    async def quit(self) -> None:
        """Politely, if anybody still listens."""
        if self._wire is not None and self._wire.is_open:
            try:
                async with asyncio.timeout(GOODBYE):
                    await _ask(self._wire, b"QUIT")
            except (Broken, TimeoutError):
                pass
        self._drop()

    def _drop(self) -> None:
        if self._wire is not None:
            self._wire.close()
        self._wire = None

    async def _ready(self) -> Wire:
        """A line that lives; one that was idle for long, or has seen a refusal, is asked first."""
        wire, idle = self._wire, asyncio.get_running_loop().time() - self._used_at
        if wire is not None and wire.is_quiet:
            if idle <= IDLE and not self._refused:
                return wire
            try:
                if (await _ask(wire, b"RSET")).code == COMPLETED:
                    self._refused = False
                    return wire
            except Broken:
                pass
        self._drop()
        self._wire = await self._connect()
        return self._wire

    async def _connect(self) -> Wire:
        server = self._server
        client = SMTP(
            hostname=server.host,
            port=server.port,
            local_hostname=self._sender.rpartition("@")[2],
            use_tls=server.tls == "tls",
            start_tls=server.tls == "starttls",
            username=server.user,
            password=server.password,
            timeout=server.timeout,
        )
        try:
            await client.connect()
            await _greet(client)
        except SMTPResponseException as error:
            client.close()
            raise _NotReady(_code(Reply(error.code, error.message))) from None
        except (SMTPException, OSError, ValueError) as error:
            client.close()
            raise _NotReady("timeout" if isinstance(error, TimeoutError) else "connect") from None
        self._pipelining = client.supports_extension("pipelining")
        self._utf8 = client.supports_extension("smtputf8")
        return Wire(cast(asyncio.WriteTransport, client.transport))  # uvloop's is none by its class

    async def _deliver(self, wire: Wire, letter: Letter) -> None:
        """MAIL, RCPT, DATA; from the final dot on, silence means that we do not know."""
        await self._address(wire, letter)
        wire.write(letter.message + b".\r\n")  # no line of a letter begins with a dot
        self._handed_over = True
        reply = await wire.reply()
        if reply.code != COMPLETED:
            raise _Refused(reply)

    async def _address(self, wire: Wire, letter: Letter) -> None:
        """One sender, one recipient, and the leave to go on. Raises the first refusal."""
        replies = await self._asked(wire, self._commands(letter))
        refusals = [reply for reply, wanted in zip(replies, WANTED, strict=False) if reply.code not in wanted]
        if refusals:
            if replies[-1].code == START_INPUT:
                self._drop()  # it waits for a message to nobody
            raise _Refused(refusals[0])

    async def _asked(self, wire: Wire, commands: list[bytes]) -> list[Reply]:
        """All at once where the server says it can (RFC 2920), else until the first refusal."""
        if not self._pipelining:
            return await _one_by_one(wire, commands)
        wire.write(b"".join(commands))
        replies: list[Reply] = []
        try:
            for _ in commands:
                replies.append(await wire.reply())  # noqa: PERF401 - those before the break count
        except Broken:
            if not replies or replies[-1].code < TEMPORARY:
                raise
        return replies

    def _commands(self, letter: Letter) -> list[bytes]:
        if letter.recipient.isascii():
            options = ""
        elif self._utf8:
            options = " SMTPUTF8 BODY=8BITMIME"
        else:
            raise _Refused(Reply(PERMANENT, NEEDS_UTF8))
        if _UNSAFE.search(letter.recipient):
            raise _Refused(Reply(PERMANENT, "5.1.3 unsafe"))
        sender = letter.return_path or self._sender
        said = (f"MAIL FROM:<{sender}>{options}\r\n", f"RCPT TO:<{letter.recipient}>\r\n", "DATA\r\n")
        return [one.encode() for one in said]

    def _outcome_of(self, reply: Reply) -> Outcome:
        """The server refuses, for now (4xx) or for good (5xx); the connection can be used again."""
        self._refused = True
        if not TEMPORARY <= reply.code <= LAST_CODE:
            self._drop()
            return Outcome("lost" if self._handed_over else "deferred", "malformed-answer")
        if reply.code == CLOSING:
            self._drop()
        return Outcome("refused" if reply.code >= PERMANENT else "deferred", _code(reply))


async def _ask(wire: Wire, command: bytes) -> Reply:
    wire.write(command + b"\r\n")
    return await wire.reply()


async def _one_by_one(wire: Wire, commands: list[bytes]) -> list[Reply]:
    replies: list[Reply] = []
    for command, wanted in zip(commands, WANTED, strict=True):
        wire.write(command)
        replies.append(await wire.reply())
        if replies[-1].code not in wanted:
            break
    return replies


async def _greet(client: SMTP) -> None:
    """EHLO, unless signing in has done so; HELO to who does not know it."""
    if client.is_ehlo_or_helo_needed:
        try:
            await client.ehlo()
        except SMTPHeloError:
            await client.helo()


def _code(reply: Reply) -> str:
    enhanced = ENHANCED.match(reply.text)
    return f"{reply.code}-{enhanced[0]}" if enhanced else str(reply.code)
