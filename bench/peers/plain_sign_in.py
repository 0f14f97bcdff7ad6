"""The plain build of a sign-in: argon2-cffi's wheel in asyncio.to_thread, PyJWT's kind of token, no limits.

`python -m bench.peers.plain_sign_in PORT DSN`
"""

import asyncio
import secrets
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
import uvicorn
from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError
from fastapi import FastAPI, HTTPException
from joserfc import jwt
from joserfc.jwk import OKPKey
from pydantic import BaseModel

_TABLES = """
CREATE TABLE IF NOT EXISTS peer_account (login text PRIMARY KEY, password_hash text NOT NULL);
CREATE TABLE IF NOT EXISTS peer_session (token text PRIMARY KEY, login text NOT NULL, at timestamptz DEFAULT now())
"""

hasher = PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1)
key = OKPKey.generate_key("Ed25519", {"use": "sig"})
state: dict[str, Any] = {}


class SignIn(BaseModel):
    login: str
    password: str


@asynccontextmanager
async def lifespan(_: FastAPI) -> AsyncIterator[None]:
    async with asyncpg.create_pool(sys.argv[2], min_size=1, max_size=10) as pool:
        await pool.execute(_TABLES)
        state["pool"] = pool
        yield


app = FastAPI(lifespan=lifespan)


@app.get("/ready")
async def ready() -> str:
    return "ok"


@app.post("/sessions")
async def sign_in(body: SignIn) -> dict[str, str]:
    pool = state["pool"]
    kept = await pool.fetchval("SELECT password_hash FROM peer_account WHERE login = $1", body.login)
    try:
        await asyncio.to_thread(hasher.verify, kept or "", body.password)
    except VerifyMismatchError:
        raise HTTPException(401) from None
    token = secrets.token_urlsafe(32)
    await pool.execute("INSERT INTO peer_session (token, login) VALUES ($1, $2)", token, body.login)
    access = jwt.encode({"alg": "Ed25519"}, {"sub": body.login}, key, algorithms=["Ed25519"])
    return {"access_token": access, "refresh_token": token}


if __name__ == "__main__":
    uvicorn.run(app, port=int(sys.argv[1]), access_log=False, log_level="warning")
