"""The usual way to bring rows in: an ORM session, `add_all`, a flush every few thousand. No event, no validation."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Text, Uuid
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

BATCH = 5_000


class Table(DeclarativeBase):
    """What is mapped."""


class School(Table):
    """The registry's table."""

    __tablename__ = "school"

    school_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    version: Mapped[int]
    inn: Mapped[str] = mapped_column(Text)
    kpp: Mapped[str] = mapped_column(Text)
    ogrn: Mapped[str | None] = mapped_column(Text)
    full_name: Mapped[str] = mapped_column(Text)
    short_name: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(Text)
    district: Mapped[str | None] = mapped_column(Text)
    okrug: Mapped[str | None] = mapped_column(Text)
    address: Mapped[str] = mapped_column(Text)
    phones: Mapped[list[str]] = mapped_column(ARRAY(Text))
    emails: Mapped[list[str]] = mapped_column(ARRAY(Text))
    site: Mapped[str | None] = mapped_column(Text)
    status: Mapped[str] = mapped_column(Text)
    source: Mapped[str] = mapped_column(Text)
    search: Mapped[str] = mapped_column(Text)
    head_name: Mapped[str | None] = mapped_column(Text)
    head_post: Mapped[str | None] = mapped_column(Text)
    buildings: Mapped[list[Any]] = mapped_column(JSONB)
    external_id: Mapped[str | None] = mapped_column(Text)
    closing_on: Mapped[date | None]
    successors: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid))


async def add_all(dsn: str, schools: Sequence[Mapping[str, Any]]) -> None:
    engine = create_async_engine(dsn.replace("postgresql://", "postgresql+asyncpg://"))
    try:
        async with AsyncSession(engine) as session:
            for first in range(0, len(schools), BATCH):
                rows = schools[first : first + BATCH]
                session.add_all([School(**{**row, "buildings": []}) for row in rows])
                await session.flush()
                session.expunge_all()
            await session.commit()
    finally:
        await engine.dispose()
