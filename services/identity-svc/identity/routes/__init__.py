"""ASKED BY A PERSON: the HTTP surface of identity, /api/identity/..."""

from fastapi import APIRouter

from identity.routes import (
    accounts,
    attachments,
    cards,
    confirmations,
    desk,
    devices,
    requests,
    sessions,
    tickets,
)

router = APIRouter()
for part in (requests, sessions, devices, accounts, cards, confirmations, tickets, attachments, desk):
    router.include_router(part.router)
