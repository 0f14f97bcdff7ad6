"""The mail server: a few connections, reused, each bounded in time."""

import asyncio
import re
from dataclasses import dataclass
from email.utils import parseaddr
from typing import Protocol

from aiosmtplib import SMTP, SMTPException, SMTPResponseException, SMTPServerDisconnected
from chassis.crash import crash_point

from notify.domain.mails import Letter, Outcome

IDLE = 10.0  # seconds after which a connection is asked whether it lives
START_INPUT, COMPLETED, CLOSING, PERMANENT, LAST_CODE = 354, 250, 421, 500, 599
ENHANCED = re.compile(r"[245]\.\d{1,3}\.\d{1,3}\b")  # RFC 3463; the rest of an answer may quote the address


class Mailer(Protocol):
    """Whatever takes letters; another provider is another one of these."""

    async def send(self, letter: Letter) -> Outcome:
        """One attempt. Never raises."""
        ...


@dataclass(frozen=True)
class Server:
    """Where the mail server is and who we are to it. `timeout` bounds an attempt, in seconds."""

    host: str
    port: int
    sender: str
    tls: str
    user: str | None
    password: str | None
    timeout: float


class SmtpMailer:
    """A stack of idle connections: the last used is the next used, the others grow cold until the server drops them."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._idle: list[_Connection] = []

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


class _Connection:
    def __init__(self, server: Server) -> None:
        self._server = server
        self._sender = parseaddr(server.sender)[1]
        self._client = SMTP(
            hostname=server.host,
            port=server.port,
            local_hostname=self._sender.rpartition("@")[2],
            use_tls=server.tls == "tls",
            start_tls=server.tls == "starttls",
            username=server.user,
            password=server.password,
            timeout=server.timeout,
        )
        self._used_at = 0.0
        self._handed_over = False

    async def send(self, letter: Letter) -> Outcome:
        """One attempt: what was answered, or what is unknown."""
        self._handed_over = False
        try:
            async with asyncio.timeout(self._server.timeout):
                await self._ready()
                await self._deliver(letter)
        except _NotReady as error:
            self._client.close()
            return Outcome("deferred", str(error))
        except SMTPResponseException as error:
            return await self._answered(error)
        except (SMTPException, OSError) as error:
            self._client.close()
            code = "timeout" if isinstance(error, TimeoutError) else "disconnected"
            return Outcome("lost" if self._handed_over else "deferred", code)
        finally:
            self._used_at = asyncio.get_running_loop().time()
        crash_point("after-data")
        return Outcome("accepted")

    async def quit(self) -> None:
        """Politely, if anybody still listens."""
        try:
            if self._client.is_connected:
                await self._client.quit(timeout=1)
        except (SMTPException, OSError):
            self._client.close()

    async def _ready(self) -> None:
        idle = asyncio.get_running_loop().time() - self._used_at
        try:
            if self._client.is_connected and idle > IDLE:
                await self._client.noop()
        except SMTPException:
            self._client.close()
        if self._client.is_connected:
            return
        try:
            await self._client.connect()
        except SMTPResponseException as error:
            raise _NotReady(_code(error)) from None
        except (SMTPException, OSError, ValueError) as error:
            raise _NotReady("timeout" if isinstance(error, TimeoutError) else "connect") from None

    async def _deliver(self, letter: Letter) -> None:
        """MAIL, RCPT, DATA; from the final dot on, silence means that we do not know."""
        client, beyond_ascii = self._client, not letter.recipient.isascii()
        options = ["SMTPUTF8", "BODY=8BITMIME"] if beyond_ascii else []
        await client.mail(self._sender, options=options, encoding="utf-8")
        await client.rcpt(letter.recipient, encoding="utf-8")
        answer = await client.execute_command(b"DATA")
        if answer.code != START_INPUT:
            raise SMTPResponseException(answer.code, answer.message)
        if client.protocol is None:
            raise SMTPServerDisconnected("gone")
        client.protocol.write(letter.message + b".\r\n")  # no line of a letter begins with a dot
        self._handed_over = True
        answer = await client.protocol.read_response(self._server.timeout)
        if answer.code != COMPLETED:
            raise SMTPResponseException(answer.code, answer.message)

    async def _answered(self, error: SMTPResponseException) -> Outcome:
        """The server refuses, for now (4xx) or for good (5xx); the connection can be used again."""
        if not 400 <= error.code <= LAST_CODE:  # noqa: PLR2004 - not an answer at all
            self._client.close()
            return Outcome("lost" if self._handed_over else "deferred", "malformed-answer")
        try:
            await self._client.rset()
        except (SMTPException, OSError):
            self._client.close()
        return Outcome("refused" if error.code >= PERMANENT else "deferred", _code(error))


def _code(error: SMTPResponseException) -> str:
    enhanced = ENHANCED.match(error.message)
    return f"{error.code}-{enhanced[0]}" if enhanced else str(error.code)
