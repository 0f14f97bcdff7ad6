"""Mass mail as it is usually sent: rows, a template each, EmailMessage, aiosmtplib connecting for every message."""

import asyncio
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from pathlib import Path
from typing import Any

import aiosmtplib
import notify
from jinja2 import Environment, FileSystemLoader

BATCH, TOGETHER = 100, 8

_NEXT = "SELECT mail_id FROM mail WHERE state = 'queued' ORDER BY due_at LIMIT $1"
_DONE = "UPDATE mail SET state = 'sent', due_at = NULL WHERE mail_id = $1"

_words = Environment(loader=FileSystemLoader(Path(notify.__file__).parent / "templates"), trim_blocks=True)
_words.filters |= {"moment": str, "day": str}
_words.globals |= {"site": "http://bench.test", "phones": ["+7 495 276-04-20"]}
_SHEET = "<html><body>{% for part in parts %}<p>{{ part }}</p>{% endfor %}</body></html>"
_html = Environment(autoescape=True).from_string(_SHEET)


async def send_all(connection: Any, sender: str, host: str, port: int) -> None:
    """Until nothing is left."""
    limit = asyncio.Semaphore(TOGETHER)

    async def send(number: int) -> None:
        async with limit:
            await aiosmtplib.send(_message(sender, number), hostname=host, port=port, start_tls=False)

    while rows := await connection.fetch(_NEXT, BATCH):
        await asyncio.gather(*(send(number) for number, _ in enumerate(rows)))
        for row in rows:
            await connection.execute(_DONE, row["mail_id"])


def _message(sender: str, number: int) -> EmailMessage:
    said = {"name": "Анна Петровна", "category": "employee", "lang": "ru"}
    subject, _, text = _words.get_template("ru/account-activated.txt").render(said).partition("\n")
    message = EmailMessage()
    message["From"] = sender
    message["To"] = Address(addr_spec=f"teacher{number}@mail.ru")
    message["Subject"] = subject
    message["Date"] = formatdate()
    message["Message-ID"] = make_msgid(domain="ekis.example")
    message.set_content(text)
    message.add_alternative(_html.render(parts=text.split("\n\n")), subtype="html")
    return message
