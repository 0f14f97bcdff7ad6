"""A file of the feed as a table, refused in the words of imports."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import ekis_tables
from ekis_tables.reading import Table
from ekis_tables.reading import opened_table as opened

from registry.domain.imports.jobs import LIMITS, Unreadable


@asynccontextmanager
async def opened_table(chunks: AsyncIterator[bytes]) -> AsyncIterator[Table]:
    """The whole file seen once before anything of it is used. Raises Unreadable, while it is read too."""
    try:
        async with opened(chunks, LIMITS) as table:
            yield table
    except ekis_tables.Unreadable as why:
        raise Unreadable(f"import-{why.code}", **why.params) from None
