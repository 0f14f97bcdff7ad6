"""How addresses are compared and shown, and how moments are."""

from datetime import datetime
from zoneinfo import ZoneInfo

SHOWN_LETTERS = 2
MOSCOW = ZoneInfo("Europe/Moscow")


def address_key(email: str) -> str:
    """Two addresses are one when their keys are: letter case means nothing to any mail server we know."""
    return email.casefold()


def masked(email: str) -> str:
    """`an***@mail.ru`: enough for the owner, too little for others. A short name shows one letter."""
    name, _, domain = email.rpartition("@")
    shown = name[:SHOWN_LETTERS] if len(name) > SHOWN_LETTERS else name[:1]
    return f"{shown}***@{domain}"


def moscow(moment: datetime) -> str:
    """A moment as people in Moscow read it."""
    return f"{moment.astimezone(MOSCOW):%d.%m.%Y %H:%M}"


def moscow_exactly(moment: datetime) -> str:
    """The same to the second, for what is signed."""
    return f"{moment.astimezone(MOSCOW):%d.%m.%Y %H:%M:%S}"
