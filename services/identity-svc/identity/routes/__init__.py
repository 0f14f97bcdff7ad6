"""ASKED BY A PERSON: the HTTP surface of identity, /api/identity/..."""

from fastapi import APIRouter

from identity.routes import accounts, deeds, devices, factors, requests, sessions

router = APIRouter()
for part in (requests.router, sessions.router, devices.router, factors.router, accounts.router, deeds.router):
    router.include_router(part)
