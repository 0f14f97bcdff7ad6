"""Letters written with invented data, and read as a mail program reads them."""

import re
from email import message_from_bytes, policy
from email.message import EmailMessage
from html import unescape

from ekis_contracts.values import Lang
from notify.gateways.gallery import PARAMS, TO, Sample
from notify.gateways.letters import Sender, Stationery

SITE = "https://ekis.test"
STATIONERY = Stationery(Sender("ЕКИС <noreply@ekis.example>", SITE, ("+7 495 276-04-20", "+7 495 651-92-94"), b"key"))


def parsed(message: bytes) -> EmailMessage:
    mail = message_from_bytes(message, policy=policy.default)
    assert isinstance(mail, EmailMessage)
    assert mail.defects == []
    return mail


def part(mail: EmailMessage, kind: str) -> str:
    body = mail.get_body(preferencelist=(kind,))
    assert body is not None
    return str(body.get_content()).replace("\r\n", "\n")


def written(sample: Sample, name: str = "") -> EmailMessage:
    sent = sample.written(STATIONERY, name)
    assert sent.recipient == TO
    return parsed(sent.message)


def letter(
    purpose: str, lang: Lang = "ru", params: dict[str, object] | None = None, name: str = "Анна Петровна"
) -> EmailMessage:
    return written(Sample(purpose, lang, PARAMS.get(purpose, [{}])[0] if params is None else params), name)


def with_addresses(html: str) -> str:
    """What a reader of the HTML part sees and can reach: behind the words of a link its address."""
    body = html.partition("<body>")[2].partition("</h1>")[2]
    said = re.sub(r'<a href="([^"]*)">(?!\1)(.*?)</a>', r"\2: \1", body)
    return unescape(re.sub(r"<[^>]+>", "", said))
