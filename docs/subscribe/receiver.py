"""A receiver of EKIS webhooks, whole: the handshake, the signature, no event twice. Standard library alone.

WEBHOOK_SECRET=whsec_... python receiver.py 8080 events.sqlite
"""

import base64
import hmac
import json
import os
import sqlite3
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

TOLERANCE = 300  # seconds: an older call is somebody's recording
SECRET = base64.b64decode(os.environ.get("WEBHOOK_SECRET", "").removeprefix("whsec_"))


def is_genuine(headers: Any, body: bytes) -> bool:
    """Whether EKIS has signed this, and lately (Standard Webhooks). While a secret changes there are two signatures."""
    event_id, stamp = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    if not SECRET or not stamp.isdecimal() or abs(time.time() - int(stamp)) > TOLERANCE:
        return False
    mark = base64.b64encode(hmac.digest(SECRET, f"{event_id}.{stamp}.".encode() + body, "sha256")).decode()
    given = headers.get("webhook-signature", "").split(" ")
    return any(hmac.compare_digest(f"v1,{mark}".encode(), one.encode()) for one in given)


def take(file: str, event_id: str, body: bytes) -> None:
    """Write it down once; here your own work would follow, in the same transaction."""
    event = json.loads(body)
    with sqlite3.connect(file, timeout=5) as tx:
        tx.execute("CREATE TABLE IF NOT EXISTS seen (id TEXT PRIMARY KEY, type TEXT, subject TEXT, event TEXT)")
        row = event_id, event["type"], event["subject"], body.decode()
        tx.execute("INSERT INTO seen VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING", row)


class Receiver(BaseHTTPRequestHandler):
    """OPTIONS is the handshake, POST an event."""

    protocol_version = "HTTP/1.1"

    def do_OPTIONS(self) -> None:
        """Say that EKIS may call here, and at which rate (CloudEvents HTTP 1.1 Web Hooks)."""
        self.answer(
            200, {"WebHook-Allowed-Origin": self.headers.get("WebHook-Request-Origin", ""), "WebHook-Allowed-Rate": "*"}
        )

    def do_POST(self) -> None:
        """2xx says: taken, never send it again. Anything else is sent again, for a day."""
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        if not is_genuine(self.headers, body):
            return self.answer(401)
        take(sys.argv[2], self.headers["webhook-id"], body)
        return self.answer(204)

    def answer(self, status: int, headers: dict[str, str] | None = None) -> None:
        """A status and no body."""
        self.send_response(status)
        for name, value in {**(headers or {}), "Content-Length": "0"}.items():
            self.send_header(name, value)
        self.end_headers()


if __name__ == "__main__":
    ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Receiver).serve_forever()
