"""A TCP proxy before a server: refuses, freezes, or forwards a request and loses the answer."""

import asyncio
from asyncio import StreamReader, StreamWriter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Self


class Proxy:
    """Listens on `port` while it lets anybody through."""

    def __init__(self, host: str, port: int) -> None:
        self._target = host, port
        self._server: asyncio.Server | None = None
        self._writers: set[StreamWriter] = set()
        self._flows = asyncio.Event()
        self._flows.set()
        self.port = 0
        self.lose_answer_to: bytes | None = None
        self.lost = 0

    async def open(self) -> Self:
        """Let through."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def cut(self) -> None:
        """Drop every connection and refuse new ones until `open`."""
        assert self._server
        self._server.close()
        for writer in tuple(self._writers):
            writer.transport.abort()
        self._flows.set()

    def freeze(self) -> None:
        """Keep connections and carry nothing until `thaw`."""
        self._flows.clear()

    def thaw(self) -> None:
        """Carry again."""
        self._flows.set()

    async def _serve(self, reader: StreamReader, writer: StreamWriter) -> None:
        loses = asyncio.Event()
        with suppress(OSError):
            upstream_reader, upstream_writer = await asyncio.open_connection(*self._target)
            pair = {writer, upstream_writer}
            self._writers |= pair
            forth = asyncio.create_task(self._carry(reader, upstream_writer, None, loses))
            back = asyncio.create_task(self._carry(upstream_reader, writer, loses, loses))
            await asyncio.wait([forth, back], return_when=asyncio.FIRST_COMPLETED)
            self._writers -= pair
            for one in pair:
                one.transport.abort()
            await asyncio.gather(forth, back, return_exceptions=True)

    async def _carry(
        self, reader: StreamReader, writer: StreamWriter, loses: asyncio.Event | None, mark: asyncio.Event
    ) -> None:
        while data := await reader.read(65536):
            await self._flows.wait()
            if loses and loses.is_set():
                return
            if loses is None and self.lose_answer_to and self.lose_answer_to in data:
                self.lose_answer_to, self.lost = None, self.lost + 1
                mark.set()
            writer.write(data)
            await writer.drain()


@asynccontextmanager
async def proxied(host: str, port: int) -> AsyncIterator[Proxy]:
    """A proxy, cut afterwards."""
    proxy = await Proxy(host, port).open()
    try:
        yield proxy
    finally:
        await proxy.cut()
