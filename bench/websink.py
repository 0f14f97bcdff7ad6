"""A receiver that takes everything: `python -m bench.websink PORT`.

A GET tells how many came, and how many out of order, and begins anew.
"""

import asyncio
import re
import sys
from typing import ClassVar

_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_PLACE = re.compile(rb'"subject": "([^"]+)".*"sequence": "(\d+)"|"sequence": "(\d+)".*"subject": "([^"]+)"')


class Sink(asyncio.Protocol):
    """One connection; requests come one after the other."""

    newest: ClassVar[dict[bytes, int]] = {}
    count = inversions = 0

    def __init__(self) -> None:
        self._rest = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._rest += data
        while (end := self._rest.find(b"\r\n\r\n")) >= 0:
            head = self._rest[:end]
            length = int(found[1]) if (found := _LENGTH.search(head)) else 0
            if len(self._rest) < end + 4 + length:
                return
            body, self._rest = self._rest[end + 4 : end + 4 + length], self._rest[end + 4 + length :]
            self._answer(head, body)

    def _answer(self, head: bytes, body: bytes) -> None:
        if head.startswith(b"GET"):
            text = b"%d %d" % (Sink.count, Sink.inversions)
            Sink.newest, Sink.count, Sink.inversions = {}, 0, 0
            self._transport.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(text), text))
            return
        if found := _PLACE.search(body):
            key, sequence = found[1] or found[4], int(found[2] or found[3])
            Sink.inversions += sequence <= Sink.newest.get(key, 0)
            Sink.newest[key] = sequence
        Sink.count += 1
        self._transport.write(b"HTTP/1.1 204 No Content\r\n\r\n")


async def _main(port: int) -> None:
    server = await asyncio.get_running_loop().create_server(Sink, "127.0.0.1", port)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(_main(int(sys.argv[1])))
