"""Notices and documents on the real stack: a kill in the middle of telling 20,000 people, files through the gateway."""

import asyncio
import json
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any, cast

import asyncpg
from ekis_local.kafka import Kafka
from live import Live
from topics import Witness
from waiting import until

PEOPLE = 20_000
TOPIC = "notice-addressed"
FILL = """
INSERT INTO account (account_id, state, category, post)
SELECT gen_random_uuid(), 'open', 'employee', 'учитель' FROM generate_series(1, $1)
"""
ASKED = {"If-Match": "*"}


def witness(live: Live) -> Witness:
    broker = SimpleNamespace(address=live.stack.kafka, admin=("admin", live.stack.kafka_passwords["admin"]))
    return Witness(cast("Kafka", broker), "cabinet-svc")


async def published_news(live: Live, editor: dict[str, str]) -> str:
    written = await live.story.ok("POST", "/cabinet/news", json={"title": "Всем", "body": "Новость"}, headers=editor)
    await live.story.ok("POST", f"/cabinet/news/{written['news_id']}/publish", headers=editor | ASKED)
    return str(written["news_id"])


async def test_everybody_is_told_once_though_the_cabinet_is_killed_meanwhile(live: Live) -> None:
    connection = await asyncpg.connect(live.stack.databases["cabinet"])
    topic, editor = witness(live), await live.operator("editor")
    await connection.execute(FILL, PEOPLE)
    begin = await topic.ends(TOPIC)
    news_id = await published_news(live, editor)
    for _ in range(2):
        await live.stack.kill("cabinet")
        await live.stack.wait_ready("cabinet")

    async def is_told() -> bool:
        told = await connection.fetchval("SELECT told_at FROM notice WHERE about = $1", news_id)
        return told is not None and not await connection.fetchval("SELECT count(*) FROM outbox")

    await until(is_told, "all pages have left", 60)
    pages: dict[str, Any] = {}
    for seen in await topic.between(begin, await topic.ends(TOPIC)):
        event = json.loads(seen.value)
        if event["about"] == news_id:
            pages[event["notice_id"]] = event["account_ids"]
    told = [account_id for page in pages.values() for account_id in page]
    everybody = await connection.fetch("SELECT account_id::text FROM account WHERE state = 'open'")
    assert sorted(told) == sorted(row["account_id"] for row in everybody)
    assert max(map(len, pages.values())) == 500
    await connection.execute("DELETE FROM account WHERE school_id IS NULL")
    await connection.close()


async def test_a_document_goes_up_and_down_through_the_gateway_and_its_text_is_read(live: Live) -> None:
    editor = await live.operator("editor")
    content = "Положение о наставничестве. ".encode() + b"x" * (19 * 2**20)
    file = await live.story.ok("POST", "/cabinet/files", files={"file": ("текст.txt", content)}, headers=editor)
    card = {"number": "7", "issued_on": "2026-11-01", "issuer": "Департамент", "kind": "order", "title": "О важном"}
    document = await live.story.ok("POST", "/cabinet/documents", json=card, headers=editor)
    path = f"/cabinet/documents/{document['document_id']}/versions"
    deadline = (datetime.now(UTC) + timedelta(days=9)).isoformat()
    version = {"file_id": file["file_id"], "in_force_from": "2026-12-01", "is_mandatory": True}
    await live.story.ok("POST", path, json=version | {"acknowledge_by": deadline}, headers=editor | ASKED)
    await live.story.ok("POST", f"{path}/1/publish", headers=editor | ASKED)

    async def is_found() -> Any:
        return (await live.story.ok("GET", "/cabinet/documents?q=наставничество", headers=editor))["items"]

    (hit,) = await live.settle(is_found)
    assert hit["found"].startswith("Положение о <mark>наставничестве</mark>")
    answer = await live.call("GET", f"{path}/1/file", headers=editor)
    assert (answer.status_code, answer.content) == (200, content)
    assert answer.headers["x-content-type-options"] == "nosniff"
    too_large = await asyncio.gather(
        *(
            live.call("POST", "/cabinet/files", files={"file": ("x.txt", b"x" * size)}, headers=editor)
            for size in (20 * 2**20 + 1, 22 * 2**20)
        )
    )
    assert [one.status_code for one in too_large] == [413, 413]
