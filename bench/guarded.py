"""One GET with a token and the same without: `python -m bench.guarded PORT KEYS`."""

import sys
from pathlib import Path
from typing import Any

import uvicorn
from chassis.auth import Caller, Tokens
from chassis.db import utc_now
from chassis.http import Runtime, create_app
from chassis.revocation import Revocations
from fastapi import APIRouter

router = APIRouter()


@router.get("/open")
async def open_to_all() -> dict[str, str]:
    return {"state": "open"}


@router.get("/guarded")
async def guarded(who: Caller) -> dict[str, str]:  # noqa: ARG001 - to be let in is all
    return {"state": "open"}


if __name__ == "__main__":
    revocations, nothing = Revocations(), dict[str, Any]()
    tokens = Tokens(Path(sys.argv[2]) / "tokens.json", revocations, utc_now)
    database: Any = None  # neither asks it
    app = create_app(Runtime("bench", None, database, tokens, revocations, nothing), router)
    uvicorn.run(app, port=int(sys.argv[1]), access_log=False, log_level="warning")
