"""An SMTP connection that is open and signed in: commands out, replies in, several under way at once (RFC 2920).

aiosmtplib connects, begins TLS and signs in; its own protocol object takes one command at a time and gives up a wall
clock's turn for each, which is most of the cost of a mail. So the transport gets this one instead.
"""

import asyncio
from collections import deque
from typing import NamedTuple

LONGEST_REPLY = 32_768  # bytes


class Reply(NamedTuple):
    """A code, and the first line of its text."""

    code: int
    text: str


class Broken(Exception):
    """The line is gone, or what comes over it is no SMTP."""


class Wire(asyncio.Protocol):
    """Replies come in the order of the commands."""

    def __init__(self, transport: asyncio.WriteTransport) -> None:
        self._transport = transport
        self._replies: deque[Reply] = deque()
        self._rest = b""
        self._text = ""
        self._broken: str | None = None
        self._arrival: asyncio.Future[None] | None = None
        transport.set_protocol(self)

    @property
    def is_open(self) -> bool:
        """Whether anything has gone wrong yet."""
        return self._broken is None and not self._transport.is_closing()

    @property
    def is_quiet(self) -> bool:
        """Whether it is open and the server has said nothing unasked, such as a goodbye."""
        return self.is_open and not self._replies and not self._rest

    def write(self, data: bytes) -> None:
        """Send, and expect a reply for every command in it. Raises Broken."""
        if not self.is_open:
            raise Broken(self._broken or "disconnected")
        self._transport.write(data)

    async def reply(self) -> Reply:
        """The next one; the caller bounds the wait. Raises Broken."""
        while not self._replies:
            if self._broken is not None:
                raise Broken(self._broken)
            self._arrival = asyncio.get_running_loop().create_future()
            await self._arrival
        return self._replies.popleft()

    def close(self) -> None:
        """Without a goodbye."""
        self._break("disconnected")

    def data_received(self, data: bytes) -> None:  # noqa: D102 - asyncio's
        self._rest += data
        *lines, self._rest = self._rest.split(b"\n")
        for line in lines:
            self._take(line)
        if len(self._rest) > LONGEST_REPLY or len(self._text) > LONGEST_REPLY:
            self._break("malformed-answer")
        self._wake()

    def connection_lost(self, _error: Exception | None) -> None:  # noqa: D102 - asyncio's
        self._break("disconnected")

    def _take(self, line: bytes) -> None:
        code, dash = line[:3], line[3:4]
        if not (code.isdigit() and len(code) == 3 and dash in (b"", b" ", b"-", b"\r")):  # noqa: PLR2004 - RFC 5321
            return self._break("malformed-answer")
        self._text = self._text or line[4:].decode("utf-8", "replace").strip()
        if dash != b"-":
            self._replies.append(Reply(int(code), self._text))
            self._text = ""
        return None

    def _break(self, how: str) -> None:
        self._broken = self._broken or how
        self._transport.abort()
        self._wake()

    def _wake(self) -> None:
        if self._arrival is not None and not self._arrival.done():
            self._arrival.set_result(None)
