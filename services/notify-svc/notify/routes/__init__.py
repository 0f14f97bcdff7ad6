"""ASKED BY A PERSON: the HTTP surface of notify, /api/notify/..."""

from fastapi import APIRouter

from notify.routes import deliveries, preferences, unsubscribing
from notify.webhooks import routes as webhooks

router = APIRouter()
for part in (deliveries.router, preferences.router, unsubscribing.router, webhooks.router):
    router.include_router(part)
