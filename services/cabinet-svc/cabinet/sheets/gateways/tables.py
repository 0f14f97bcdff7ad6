"""A table on disk, refused in the words of the cabinet."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import ekis_tables
from ekis_tables.reading import Table
from ekis_tables.reading import opened_table as opened

from cabinet.sheets.domain import Limits


@asynccontextmanager
async def opened_table(chunks: AsyncIterator[bytes], limits: Limits) -> AsyncIterator[Table]:
    """The whole file seen once before anything of it is used. Raises Unreadable, while it is read too."""
    try:
        async with opened(chunks, limits) as table:
            yield table
    except ekis_tables.Unreadable as why:
        raise limits.refusal(why) from None
