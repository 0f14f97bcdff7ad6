"""Topics and access rules of the native stack: as the platform's own command makes them."""

import asyncio

from ekis_kafka.broker import admin_of, client_settings
from ekis_kafka.drift import apply, make_topics
from ekis_kafka.files import wanted


async def ensure_topics(kafka: str, admin: tuple[str, str] | None) -> None:
    """Make what is missing; with an administrator's login the broker becomes what the files say, rules and all."""
    await asyncio.to_thread(_ensure, kafka, admin)


def _ensure(kafka: str, admin: tuple[str, str] | None) -> None:
    mend = apply if admin else make_topics
    mend(admin_of(client_settings(kafka, admin)), wanted())
