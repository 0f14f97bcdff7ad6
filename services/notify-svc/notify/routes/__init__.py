"""ASKED BY A PERSON: the HTTP surface of notify, /api/notify/..."""

from notify.routes.deliveries import router as router
