"""The settings of notify-svc."""

import re
from email.utils import parseaddr
from pathlib import Path
from typing import Annotated, Literal

from chassis.settings import Address, ServiceSettings
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
    """The mail server, how hard it may be pressed, and where bounces come back; where webhooks may go."""

    smtp: Address
    """mail server, `host:port`"""
    smtp_from: Annotated[str, AfterValidator(_one_address)]
    """sender, `ЕКИС <noreply@ekis.example>`"""
    smtp_tls: Literal["none", "starttls", "tls"] = "starttls"
    """how the connection is encrypted"""
    smtp_user: str | None = None
    """login at the mail server"""
    smtp_password: SecretStr | None = None
    """its password; none without a login"""
    smtp_timeout: float = Field(default=30, gt=0, le=30)
    """seconds for one attempt at one mail, below half a lease"""
    smtp_connections: int = Field(default=4, ge=2, le=50)
    """connections of one replica to the mail server: what the server bears, divided by the replicas"""
    smtp_rate: float | None = Field(default=None, gt=0)
    """mails a second of one replica, divided alike; no limit without it"""
    bounce_address: Annotated[str | None, AfterValidator(_mailbox)] = None
    """where bounces go, `bounces@ekis.example`; the sender without it"""
    bounce_maildir: Path | None = None
    """Maildir in which they arrive; none is read without it"""
    webhook_networks: tuple[IPvAnyNetwork, ...] = ()
    """own networks in which webhooks may be received, also without TLS; a JSON list, `["10.1.0.0/16"]`"""
    desk_phones: tuple[str, ...] = ("+7 495 276-04-20", "+7 495 651-92-94")
    """phones of the desk in letters, a JSON list"""
