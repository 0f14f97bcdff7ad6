"""The settings of notify-svc."""

import re
from email.utils import parseaddr
from pathlib import Path
from typing import Annotated, Literal

from chassis.settings import ServiceSettings
from pydantic import AfterValidator, Field, IPvAnyNetwork, SecretStr


def _one_address(text: str) -> str:
    _, address = parseaddr(text)
    if not address.isascii() or address.count("@") != 1 or not text.isprintable():
        raise ValueError("write it as: Name <mailbox@domain>")
    return text


def _mailbox(text: str | None) -> str | None:
    if text is not None and not re.fullmatch(r"[a-z0-9._-]{1,20}@[a-z0-9.-]+", text):
        raise ValueError("write it as: mailbox@domain, the mailbox in 20 characters at most")
    return text


class Settings(ServiceSettings):
    """`smtp` is host:port; `smtp_timeout`, in seconds, bounds one attempt at one mail and stays below half a lease.
    `smtp_rate` is mails a second. Bounces come to `bounce_address` with a tag and are read from `bounce_maildir`.
    `webhook_networks` are the networks of our own in which webhooks may be received, there also without TLS."""

    smtp: str = Field(pattern=r"^[^\s:]+:\d+$")
    smtp_from: Annotated[str, AfterValidator(_one_address)]
    smtp_tls: Literal["none", "starttls", "tls"] = "starttls"
    smtp_user: str | None = None
    smtp_password: SecretStr | None = None
    smtp_timeout: float = Field(default=30, gt=0, le=30)
    smtp_connections: int = Field(default=4, ge=2, le=50)
    smtp_rate: float | None = Field(default=None, gt=0)
    bounce_address: Annotated[str | None, AfterValidator(_mailbox)] = None
    bounce_maildir: Path | None = None
    webhook_networks: tuple[IPvAnyNetwork, ...] = ()
    desk_phones: tuple[str, ...] = ("+7 495 276-04-20", "+7 495 651-92-94")
