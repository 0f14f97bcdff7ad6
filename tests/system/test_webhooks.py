"""The receiver of the documents against the real stack: it dies, notify dies, and it hears all in order."""

import asyncio
import json
import os
import sqlite3
import sys
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from ekis_local.process import free_ports, tcp_ready
from live import Live
from story import Person, School
from waiting import until

RECEIVER = Path(__file__).parents[2] / "docs" / "subscribe" / "receiver.py"
TYPES = ["ekis.school-registered.v1", "ekis.school-changed.v1"]
CHANGES = 6


@dataclass
class City:
    """The receiver as a process of its own."""

    port: int
    file: Path
    process: asyncio.subprocess.Process | None = None

    async def start(self, secret: str) -> None:
        env = os.environ | {"WEBHOOK_SECRET": secret}
        command = [sys.executable, str(RECEIVER), str(self.port), str(self.file)]
        nowhere = asyncio.subprocess.DEVNULL
        self.process = await asyncio.create_subprocess_exec(*command, env=env, stderr=nowhere)
        await until(tcp_ready(self.port), "the receiver listens")

    async def kill(self) -> None:
        if self.process and self.process.returncode is None:
            self.process.kill()
            await self.process.wait()

    def heard(self) -> dict[str, list[tuple[str, int]]]:
        """By school: type and sequence, in the order of arrival."""
        if not self.file.exists():
            return {}
        by_subject: defaultdict[str, list[tuple[str, int]]] = defaultdict(list)
        with closing(sqlite3.connect(self.file, timeout=5)) as connection:
            for subject, type_, event in connection.execute("SELECT subject, type, event FROM seen ORDER BY rowid"):
                by_subject[subject].append((type_, int(json.loads(event)["sequence"])))
        return by_subject


@pytest.fixture
async def city(tmp_path: Path) -> AsyncIterator[City]:
    it = City(free_ports({"receiver": 0})["receiver"], tmp_path / "events.sqlite")
    yield it
    await it.kill()


async def subscribed(live: Live, city: City) -> dict[str, Any]:
    """The secret is known only after the subscription is made, so the receiver begins again with it."""
    admin = await live.operator("admin")
    await city.start("")
    body = {"name": "Городской портал", "url": f"http://127.0.0.1:{city.port}/ekis", "types": TYPES}
    made = await live.call("POST", "/notify/webhooks", json=body, headers=admin)
    assert made.status_code == 201, made.text

    async def is_active() -> bool:
        path = f"/notify/webhooks/{made.json()['webhook_id']}"
        return bool((await live.call("GET", path, headers=admin)).json()["state"] == "active")

    await until(is_active, "the handshake is done")
    await city.kill()
    await city.start(made.json()["secret"])
    webhook: dict[str, Any] = made.json()
    return webhook


async def change(live: Live, school: School, number: int) -> None:
    path, registrar = f"/registry/schools/{school.school_id}", await live.operator("registrar")
    tag = (await live.call("GET", path)).headers["etag"]
    body = {"site": f"https://school-{number}.example"}
    answer = await live.call("PATCH", path, json=body, headers={**registrar, "If-Match": tag})
    assert answer.is_success, answer.text


async def test_a_city_system_hears_all_in_order_through_kills(live: Live, city: City) -> None:
    webhook = await subscribed(live, city)
    school = await live.story.register(Person("Лебедев", "Олег"))

    async def is_told() -> bool:
        return school.school_id in city.heard()

    await until(is_told, "the school is told of")
    await city.kill()
    for number in range(CHANGES // 2):
        await change(live, school, number)
    other = await live.story.register(Person("Сомова", "Инна"))
    await live.stack.kill("notify")
    for number in range(CHANGES // 2, CHANGES):
        await change(live, school, number)
    await live.stack.wait_ready("notify")
    await city.start(webhook["secret"])

    async def is_all_told() -> bool:
        heard = city.heard()
        return len(heard.get(school.school_id, [])) == 1 + CHANGES and other.school_id in heard

    await until(is_all_told, "nothing is lost", 90)
    versions = [sequence for _, sequence in city.heard()[school.school_id]]
    assert versions == sorted(versions)
    assert len(set(versions)) == 1 + CHANGES


async def test_a_stranger_cannot_speak_to_the_receiver(live: Live, city: City) -> None:
    await city.start("whsec_c2VjcmV0")
    answer = await live.client.post(f"http://127.0.0.1:{city.port}/", content=b"{}", headers={"webhook-id": "1"})
    assert answer.status_code == 401
    assert city.heard() == {}
