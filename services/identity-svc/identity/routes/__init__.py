"""ASKED BY A PERSON: the HTTP surface of identity, /api/identity/..."""

from fastapi import APIRouter

from identity.routes import accounts, audit, deeds, devices, factors, operators, requests, sessions

router = APIRouter()
for part in (
    requests.router,
    sessions.router,
    devices.router,
    factors.router,
    accounts.router,
    deeds.router,
    operators.router,
    audit.router,
):
    router.include_router(part)
