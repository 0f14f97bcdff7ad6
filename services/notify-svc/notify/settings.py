"""The settings of notify-svc."""

from email.utils import parseaddr
from typing import Annotated, Literal

from chassis.settings import ServiceSettings
from pydantic import AfterValidator, Field, SecretStr


def _one_address(text: str) -> str:
    _, address = parseaddr(text)
    if not address.isascii() or address.count("@") != 1 or not text.isprintable():
        raise ValueError("write it as: Name <mailbox@domain>")
    return text


class Settings(ServiceSettings):
    """`smtp` is host:port; `smtp_timeout`, in seconds, bounds one attempt at one mail and stays below half a lease."""

    smtp: str = Field(pattern=r"^[^\s:]+:\d+$")
    smtp_from: Annotated[str, AfterValidator(_one_address)]
    smtp_tls: Literal["none", "starttls", "tls"] = "starttls"
    smtp_user: str | None = None
    smtp_password: SecretStr | None = None
    smtp_timeout: float = Field(default=30, gt=0, le=30)
    desk_phones: tuple[str, ...] = ("+7 495 276-04-20", "+7 495 651-92-94")
