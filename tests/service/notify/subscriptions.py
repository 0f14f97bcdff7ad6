"""Subscriptions as an administrator keeps them, and events to tell."""

import json
from typing import Any
from uuid import UUID

from chassis.db import new_id
from chassis.testing.opened import Opened
from ekis_contracts.examples import example
from ekis_contracts.registry import SchoolChanged, SchoolRegistered
from receiver import Receiver

SCHOOL = "ekis.school-registered.v1"
NEWS = "ekis.news-published.v1"
Item = dict[str, Any]


def admin(notify: Opened) -> dict[str, str]:
    return notify.signed_in(roles=["admin"])


async def subscribe(notify: Opened, url: str, *types: str) -> Item:
    body = {"name": "Городской портал", "url": url, "types": types or [SCHOOL]}
    answer = await notify.http.post("/notify/webhooks", json=body, headers=admin(notify))
    assert answer.status_code == 201, answer.text
    await notify.run_loops()
    return {**answer.json(), **await shown(notify, answer.json()["webhook_id"])}


async def shown(notify: Opened, webhook_id: str) -> Item:
    found: Item = (await notify.http.get(f"/notify/webhooks/{webhook_id}", headers=admin(notify))).json()
    return found


async def act(notify: Opened, webhook: Item, step: str) -> tuple[int, Item]:
    answer = await notify.http.post(f"/notify/webhooks/{webhook['webhook_id']}/{step}", headers=admin(notify))
    return answer.status_code, answer.json()


async def logged(notify: Opened, webhook: Item, query: str = "") -> list[Item]:
    answer = await notify.http.get(
        f"/notify/webhooks/{webhook['webhook_id']}/deliveries?{query}", headers=admin(notify)
    )
    items: list[Item] = answer.json()["items"]
    return items


def registered(school_id: UUID | None = None) -> SchoolRegistered:
    return SchoolRegistered.model_validate({**example(SchoolRegistered), "school_id": school_id or new_id()})


def changed(school_id: UUID) -> SchoolChanged:
    return SchoolChanged.model_validate({**example(SchoolChanged), "school_id": school_id})


def said(receiver: Receiver) -> list[str]:
    return [json.loads(call.body)["id"] for call in receiver.posts]
