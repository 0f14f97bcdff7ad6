"""A mail catcher: takes every mail by SMTP, shows it over HTTP, and misbehaves on demand.

In process: `async with Devmail() as mail:` and then `mail.smtp_port`, `mail.messages`, `mail.faults`; with a
certificate it offers STARTTLS, or speaks TLS at once.
As a program: `python -m ekis_local.devmail SMTP_PORT HTTP_PORT [LETTERS]`; /gallery shows the files of that folder.
"""

import asyncio
import socket
import ssl
import sys
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from functools import cached_property
from html import escape
from pathlib import Path
from typing import Any, Literal, Self

import uvicorn
from aiosmtpd.smtp import SMTP, Envelope, Session
from pydantic import BaseModel, ValidationError
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

MOST_MESSAGES = 50_000
MOST_ON_PAGE = 200

Stage = Literal["connect", "ehlo", "starttls", "mail", "rcpt", "data", "eod"]


class Fault(BaseModel):
    """Misbehave at the next `count` passings of a stage. A drop or a hang at `eod` still takes the mail.

    `slow` goes on as usual after so many `seconds`. At `ehlo`, `hide` leaves out the extensions named in `reply`. At
    `starttls`, the reply `220 go ahead` is followed by no TLS.
    """

    stage: Stage
    action: Literal["reply", "drop", "hang", "slow", "hide"]
    reply: str = "451 4.7.1 later"
    seconds: float = 5
    count: int = 1


@dataclass(frozen=True)
class Message:
    """A mail as it was received; decoded when first looked at."""

    sender: str
    to: list[str]
    raw: bytes
    received_at: datetime

    @cached_property
    def view(self) -> dict[str, Any]:
        """What GET /messages shows of it."""
        mail = message_from_bytes(self.raw, policy=policy.default)
        return {
            "to": self.to,
            "return_path": self.sender,
            "from": str(mail["From"] or ""),
            "subject": str(mail["Subject"] or ""),
            "text": _part(mail, "plain"),
            "html": _part(mail, "html"),
            "message_id": str(mail["Message-ID"] or ""),
            "received_at": self.received_at.isoformat(),
        }


def _part(mail: EmailMessage, kind: Literal["plain", "html"]) -> str | None:
    part = mail.get_body(preferencelist=(kind,))
    return str(part.get_content()).replace("\r\n", "\n") if part else None


class _Connection(SMTP):
    """One SMTP conversation; a fault replaces the answer of its stage."""

    def __init__(self, catcher: "Devmail") -> None:
        offered = None if catcher.implicit_tls else catcher.tls
        super().__init__(catcher, hostname="devmail", enable_SMTPUTF8=True, tls_context=offered)
        self.catcher = catcher
        self.begun = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.catcher.connections.add(self)
        super().connection_made(transport)

    def connection_lost(self, error: Exception | None) -> None:
        self.catcher.connections.discard(self)
        super().connection_lost(error)

    def abort(self) -> None:
        """Cut the line without a word."""
        if isinstance(self.transport, asyncio.WriteTransport):
            self.transport.abort()

    async def refused(self, stage: Stage) -> bool:
        """Do what a fault of this stage says; whether the stage is over with that."""
        fault = self.catcher.take_fault(stage)
        if fault is None:
            return False
        if fault.action == "slow":
            await asyncio.sleep(fault.seconds)
            return False
        await self.push(await self.act(fault))
        return True

    async def act(self, fault: Fault) -> str:
        """Do what the fault says: its reply is for the caller to send, else nothing is ever said again."""
        if fault.action == "reply":
            return fault.reply
        if fault.action == "drop":
            self.abort()
        never: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        return await never  # until the connection goes

    async def _handle_client(self) -> None:
        if not self.begun and await self.refused("connect"):
            self._writer.close()
        else:
            self.begun = True  # after STARTTLS this begins once more
            await super()._handle_client()

    async def smtp_STARTTLS(self, arg: str) -> None:
        """STARTTLS, unless a fault is due."""
        if not await self.refused("starttls"):
            await super().smtp_STARTTLS(arg)

    async def smtp_MAIL(self, arg: str | None) -> None:
        """MAIL FROM, unless a fault is due."""
        if not await self.refused("mail"):
            await super().smtp_MAIL(arg)

    async def smtp_RCPT(self, arg: str | None) -> None:
        """RCPT TO, unless a fault is due."""
        if not await self.refused("rcpt"):
            await super().smtp_RCPT(arg)

    async def smtp_DATA(self, arg: str) -> None:
        """DATA, unless a fault is due."""
        if not await self.refused("data"):
            await super().smtp_DATA(arg)


class _Http(uvicorn.Server):
    """A uvicorn that leaves signals to the process it lives in."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


class Devmail:
    """The catcher: an SMTP server, what it caught, the faults that wait, and an HTTP API over both."""

    def __init__(
        self,
        smtp_port: int = 0,
        http_port: int = 0,
        letters: Path | None = None,
        *,
        certificate: Path | None = None,
        implicit_tls: bool = False,
    ) -> None:
        """`letters` is a folder to show; `certificate` is a PEM file that holds the key too."""
        self.messages: deque[Message] = deque(maxlen=MOST_MESSAGES)
        self.faults: list[Fault] = []
        self.smtp_port = smtp_port
        self.http_port = http_port
        self.letters = letters
        if letters:
            letters.mkdir(parents=True, exist_ok=True)
        self.connections: set[_Connection] = set()
        self.implicit_tls = implicit_tls
        self.tls: ssl.SSLContext | None = None
        if certificate is not None:
            self.tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
            self.tls.load_cert_chain(certificate)

    def take_fault(self, stage: Stage) -> Fault | None:
        """The oldest waiting fault of this stage; it is used up after `count` times."""
        fault = next((fault for fault in self.faults if fault.stage == stage), None)
        if fault:
            fault.count -= 1
            if fault.count <= 0:
                self.faults.remove(fault)
        return fault

    async def handle_EHLO(
        self, server: _Connection, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        """What the server can do (aiosmtpd's hook), unless a fault is due."""
        session.host_name = hostname
        fault = self.take_fault("ehlo")
        if fault is not None and fault.action not in ("hide", "slow"):
            return [await server.act(fault)]
        if fault is not None and fault.action == "slow":
            await asyncio.sleep(fault.seconds)
        hidden = fault.reply.split() if fault is not None and fault.action == "hide" else []
        offered = [responses[0], "250-PIPELINING", *responses[1:]]
        return [one for one in offered if one[4:].split()[0] not in hidden]

    async def handle_DATA(self, server: _Connection, session: Session, envelope: Envelope) -> str:
        """The end of a mail (aiosmtpd's hook). A refused mail is not taken; one whose answer gets lost is."""
        fault = self.take_fault("eod")
        if fault is None or fault.action != "reply":
            sender, raw = envelope.mail_from or "", envelope.original_content or b""
            self.messages.append(Message(sender, list(envelope.rcpt_tos), raw, datetime.now(UTC)))
        if fault is not None and fault.action == "slow":
            await asyncio.sleep(fault.seconds)
        return await server.act(fault) if fault is not None and fault.action != "slow" else "250 2.0.0 taken"

    async def __aenter__(self) -> Self:
        loop = asyncio.get_running_loop()
        tls = self.tls if self.implicit_tls else None
        self._smtp = await loop.create_server(lambda: _Connection(self), "127.0.0.1", self.smtp_port, ssl=tls)
        self.smtp_port = self._smtp.sockets[0].getsockname()[1]
        listener = socket.create_server(("127.0.0.1", self.http_port))
        self.http_port = listener.getsockname()[1]
        self._http = _Http(uvicorn.Config(_web(self), log_config=None, access_log=False, lifespan="off", ws="none"))
        self._serving = asyncio.create_task(self._http.serve(sockets=[listener]))
        return self

    async def __aexit__(self, *_: object) -> None:
        self._http.should_exit = True
        await self._serving
        self._smtp.close()
        for connection in list(self.connections):
            connection.abort()
        await self._smtp.wait_closed()


def _web(catcher: Devmail) -> Starlette:
    async def page(_request: Request) -> Response:
        newest = [message.view for message in list(catcher.messages)[: -MOST_ON_PAGE - 1 : -1]]
        return HTMLResponse(_PAGE.format(count=len(catcher.messages), mails="".join(map(_as_html, newest)) or _NO_MAIL))

    async def messages(request: Request) -> Response:
        to = request.query_params.get("to")
        wanted = [message for message in catcher.messages if to is None or to in message.to]
        views = await asyncio.to_thread(lambda: [message.view for message in wanted])  # decoding takes 1 ms a mail
        return JSONResponse(views)

    async def forget_messages(_request: Request) -> Response:
        catcher.messages.clear()
        return Response(status_code=204)

    async def add_fault(request: Request) -> Response:
        try:
            catcher.faults.append(Fault.model_validate_json(await request.body()))
        except ValidationError as error:
            return Response(error.json(include_url=False), status_code=422, media_type="application/json")
        return Response(status_code=204)

    async def forget_faults(_request: Request) -> Response:
        catcher.faults.clear()
        return Response(status_code=204)

    return Starlette(
        routes=[
            Mount("/gallery", StaticFiles(directory=catcher.letters, html=True)),
            Route("/", page),
            Route("/messages", messages),
            Route("/messages", forget_messages, methods=["DELETE"]),
            Route("/faults", add_fault, methods=["POST"]),
            Route("/faults", forget_faults, methods=["DELETE"]),
        ]
    )


_PAGE = """<!doctype html>
<html lang="ru"><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Почта</title>
<style>body {{ font: 16px/1.5 sans-serif; margin: 24px auto; max-width: 70ch; padding: 0 16px }}
pre {{ white-space: pre-wrap }}</style>
<h1>Пойманная почта: {count}</h1><p><a href="/gallery/">Все письма, какие бывают</a></p>{mails}
</html>"""
_NO_MAIL = "<p>Писем пока нет. Команда make demo сыграет историю, и они появятся здесь.</p>"


def _as_html(view: dict[str, Any]) -> str:
    about = escape(f"{view['received_at'][:19]} · {', '.join(view['to'])} · {view['subject']}")
    return f"<details><summary>{about}</summary><pre>{escape(view['text'] or view['html'] or '')}</pre></details>"


async def _serve(smtp_port: str, http_port: str, letters: str | None = None) -> None:
    async with Devmail(int(smtp_port), int(http_port), Path(letters) if letters else None):
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(_serve(*sys.argv[1:]))
