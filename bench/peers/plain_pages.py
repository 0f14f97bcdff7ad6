"""Pages of schools as one writes them in a minute: FastAPI, asyncpg, rows as they are. No token, no rights, no pace.

`python -m bench.peers.plain_pages PORT DSN`, then GET /schools?limit=&after=ID.
"""

import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

import asyncpg
import uvicorn
from fastapi import FastAPI, Request

FIRST = UUID(int=0)
PAGE = """
SELECT school_id, version, inn, kpp, ogrn, full_name, short_name, kind, district, okrug, address, phones, emails, site,
    status, changed_at
FROM school WHERE school_id > $1 ORDER BY school_id LIMIT $2
"""


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    async with asyncpg.create_pool(sys.argv[2], min_size=2, max_size=4) as pool:
        app.state.pool = pool
        yield


app = FastAPI(lifespan=_lifespan)


@app.get("/schools")
async def schools(request: Request, limit: int, after: UUID = FIRST) -> dict[str, Any]:
    rows = [dict(row) for row in await request.app.state.pool.fetch(PAGE, after, limit)]
    return {"items": rows, "next": rows[-1]["school_id"] if len(rows) == limit else None}


if __name__ == "__main__":
    uvicorn.run(app, port=int(sys.argv[1]), loop="uvloop", log_level="warning", access_log=False)
