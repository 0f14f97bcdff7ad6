"""Reports of mails that have come back."""

import asyncio

from chassis.http import Runtime
from chassis.loops import Loop
from prometheus_client import Counter

from notify.actions import bounces
from notify.gateways.bounces import BounceBox
from notify.settings import Settings

REPORTS = 100  # a round

BOUNCES = Counter("ekis_mail_bounces_total", "Reports that have come back, and what was made of them", ["result"])


async def read_bounces(runtime: Runtime) -> bool:
    """One round over the Maildir, if there is one; what is recorded is removed after the commit."""
    settings: Settings = runtime.settings
    if settings.bounce_maildir is None:
        return False
    box = BounceBox(settings.bounce_maildir)
    found = await asyncio.to_thread(box.unread, REPORTS)
    results: dict[str, str] = {}
    for name, report in found:
        async with runtime.database.transaction() as tx:
            results[name] = await bounces.note_bounce(tx, report) if report else "unreadable"
        BOUNCES.labels(results[name]).inc()
    await asyncio.to_thread(box.remove, [name for name, result in results.items() if result in ("bounced", "delayed")])
    await asyncio.to_thread(box.put_aside, [n for n, result in results.items() if result in ("ignored", "unreadable")])
    return len(found) == REPORTS and "early" not in results.values()


LOOPS = (Loop("bounces", read_bounces, every=30),)
