"""People asking over HTTP, and the postbox in which their mails arrive."""

import asyncio
import re
from collections.abc import Sequence
from email.header import decode_header, make_header
from time import perf_counter
from typing import NamedTuple

from bench.ground import until
from bench.people import Person

_LENGTH = re.compile(rb"content-length: (\d+)", re.IGNORECASE)

Line = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class Answer(NamedTuple):
    """Of a request: the status, the lines of the head, the body."""

    status: int
    head: bytes
    body: bytes


class Wire:
    """Keep-alive connections to one port of this machine."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._idle: list[Line] = []

    async def exchange(self, method: str, path: str, body: bytes = b"", headers: str = "") -> Answer:
        """`headers` are whole lines, each with its end."""
        reader, writer = await self._line()
        head = f"{method} {path} HTTP/1.1\r\nHost: bench\r\nContent-Type: application/json\r\n{headers}"
        writer.write(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)
        said = await reader.readuntil(b"\r\n\r\n")
        length = _LENGTH.search(said)
        answer = await reader.readexactly(int(length[1])) if length else b""
        self._idle.append((reader, writer))
        return Answer(int(said[9:12]), said, answer)

    async def _line(self) -> Line:
        while self._idle:
            reader, writer = self._idle.pop()
            if not reader.at_eof():  # the server hangs up on idle lines
                return reader, writer
            writer.close()
        return await asyncio.open_connection("127.0.0.1", self._port)


class Door:
    """Where people ask; everybody from an address of an own, as a public form wants it."""

    def __init__(self, port: int, path: str) -> None:
        self._wire, self._path = Wire(port), path

    async def ask(self, person: Person) -> None:
        high, low = divmod(person.number, 250)
        source = f"X-Forwarded-For: 10.1.{high}.{low + 1}\r\n"
        answer = await self._wire.exchange("POST", self._path, person.request, source)
        assert answer.status == 202, answer

    async def ask_all(self, people: Sequence[Person], together: int) -> None:
        """As fast as they are answered, so many at a time."""
        waiting = iter(people)

        async def one_after_the_other() -> None:
            for person in waiting:
                await self.ask(person)

        await asyncio.gather(*(one_after_the_other() for _ in range(together)))

    async def ask_steadily(self, people: Sequence[Person], rate: float) -> dict[str, float]:
        """So many a second, whether or not the answers keep up. Returns when each was due."""
        begun, due = perf_counter(), {}
        async with asyncio.TaskGroup() as asking:
            for number, person in enumerate(people):
                due[person.email] = begun + number / rate
                await asyncio.sleep(due[person.email] - perf_counter())
                asking.create_task(self.ask(person))
        return due


class Postbox:
    """When the mail with the credentials, and any other, came for whom: as the sink tells."""

    def __init__(self, credentials_subject: str) -> None:
        self._subject = credentials_subject
        self.credentials: dict[str, float] = {}
        self.others: dict[str, float] = {}

    async def follow(self, port: int) -> None:
        """Until cancelled."""
        reader, _ = await asyncio.open_connection("127.0.0.1", port)
        while line := await reader.readline():
            moment, recipient, subject = line.decode().rstrip("\n").split(" ", 2)
            is_it = str(make_header(decode_header(subject))).startswith(self._subject)
            (self.credentials if is_it else self.others)[recipient] = float(moment)

    async def until_all(self, people: Sequence[Person]) -> list[float]:
        """When the credentials came for each; the other mail has come too."""

        async def have_come() -> bool:
            return all(one.email in self.credentials and one.email in self.others for one in people)

        await until(have_come, every=0.01)
        return [self.credentials[one.email] for one in people]
