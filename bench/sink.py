"""A mail server that takes everything, in memory: `python -m bench.sink SMTP_PORT NEWS_PORT`.

Whoever connects to the second port hears of every mail: its moment, recipient and subject.
"""

import asyncio
import re
import sys
from time import perf_counter

_SUBJECT = re.compile(rb"^Subject: ([^\r\n]*(?:\r\n[ \t][^\r\n]*)*)", re.MULTILINE)
_ANSWERS = {b"EHLO": b"250-sink\r\n250-8BITMIME\r\n250 SMTPUTF8", b"DATA": b"354 go on", b"QUIT": b"221 bye"}

_listeners: list[asyncio.StreamWriter] = []


class Conversation(asyncio.Protocol):
    """One client; the answers are those of a healthy server."""

    def __init__(self) -> None:
        self._rest, self._recipient, self._end = b"", b"", b"\r\n"

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        transport.write(b"220 sink\r\n")

    def data_received(self, data: bytes) -> None:
        self._rest += data
        while self._end in self._rest:
            said, _, self._rest = self._rest.partition(self._end)
            self._take(said)

    def _take(self, said: bytes) -> None:
        if self._end != b"\r\n":
            _tell(self._recipient, said)
        verb = b"" if self._end != b"\r\n" else said[:4].upper()
        if verb == b"RCPT":
            self._recipient = said[said.index(b"<") + 1 : said.index(b">")]
        self._end = b"\r\n.\r\n" if verb == b"DATA" else b"\r\n"
        self._transport.write(_ANSWERS.get(verb, b"250 ok") + b"\r\n")


def _tell(recipient: bytes, message: bytes) -> None:
    found = _SUBJECT.search(message)
    subject = found[1].replace(b"\r\n", b"") if found else b""
    for listener in _listeners:
        listener.write(b"%.6f %s %s\n" % (perf_counter(), recipient, subject))


async def _serve(smtp_port: int, news_port: int) -> None:
    async def listen(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        _listeners.append(writer)

    await asyncio.start_server(listen, "127.0.0.1", news_port)
    server = await asyncio.get_running_loop().create_server(Conversation, "127.0.0.1", smtp_port)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(_serve(int(sys.argv[1]), int(sys.argv[2])))
