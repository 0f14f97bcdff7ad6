"""ASKED BY A PERSON: the HTTP surface of identity, /api/identity/..."""

from fastapi import APIRouter

from identity.routes import accounts, devices, erasures, requests, sessions

router = APIRouter()
for part in (requests.router, sessions.router, devices.router, accounts.router, erasures.router):
    router.include_router(part)
