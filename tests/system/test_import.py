"""A whole register through the gateway in one call, with the registry killed in the middle, and then once more."""

from collections import Counter
from collections.abc import Awaitable, Callable
from typing import Any

import asyncpg
import pytest
from chassis.db import new_id
from feed import Register, real_register, register
from live import Live
from registry.domain.imports.jobs import LARGEST
from waiting import until

PATH = "/registry/imports"
BATCHES = 3  # settled when the registry dies


def the_register() -> Register:
    """The real one where it lies beside the checkout, else one with the same kinds of dirt."""
    real = real_register()
    return Register(real.read_bytes(), 3_492, 3_480, 685) if real else register(3_400)


async def upload(live: Live, data: bytes) -> str:
    form = {"kind": "schools", "mode": "apply"}
    files = {"file": ("register.csv", data, "text/csv")}
    headers = {**await live.operator("registrar"), "Idempotency-Key": str(new_id())}
    answer = await live.call("POST", PATH, data=form, files=files, headers=headers)
    assert answer.status_code == 202, answer.text
    return str(answer.json()["import_id"])


def ended(live: Live, import_id: str, last: dict[str, Any]) -> Callable[[], Awaitable[bool]]:
    async def look() -> bool:
        answer = await live.call("GET", f"{PATH}/{import_id}", headers=await live.operator("registrar"))
        last.update(answer.json() if answer.is_success else {})
        return last.get("state") not in (None, "queued", "running")

    return look


async def feed_rows(live: Live, sql: str) -> Any:
    connection = await asyncpg.connect(live.stack.databases["registry"])
    try:
        return await connection.fetchval(sql)
    finally:
        await connection.close()


@pytest.mark.timeout(180)
async def test_a_register_enters_though_the_registry_is_killed_and_enters_again_without_a_trace(live: Live) -> None:
    file, last = the_register(), dict[str, Any]()
    before = await feed_rows(live, "SELECT count(*) FROM school")
    await live.stack.restart("registry", {"EKIS_CRASH_AT": f"after-import-batch:{BATCHES}"})
    armed = live.stack.pids["registry"]
    import_id = await upload(live, file.data)

    async def gone() -> bool:
        return live.stack.pids.get("registry") not in (armed, None)

    await until(gone, "the registry has died in the middle of the import", 60)
    await live.stack.wait_ready()
    await until(ended(live, import_id, last), "the import has ended", 60)
    counts = Counter({name: last[name] for name in ("total", "done", "new", "rejected", "unchanged", "changed")})
    rejected = file.rows - file.registered
    assert counts == Counter(
        total=file.rows, done=file.rows, new=file.registered, rejected=rejected, unchanged=0, changed=0
    )
    assert last["state"] == "done"
    assert await feed_rows(live, "SELECT count(*) FROM school") == before + file.registered
    assert await feed_rows(live, "SELECT count(*) FROM school WHERE source = 'feed' AND ogrn <> ''") == file.with_ogrn
    assert await feed_rows(live, "SELECT max(version) FROM school WHERE source = 'feed'") == 1

    await until(ended(live, await upload(live, file.data), last), "the second import has ended", 60)
    assert (last["unchanged"], last["rejected"], last["new"], last["changed"]) == (file.registered, rejected, 0, 0)
    assert await feed_rows(live, "SELECT count(*) FROM school_change WHERE by = 'feed'") == 0
    report = await live.client.get(live.stack.gateway + last["report_url"], headers=await live.operator("registrar"))
    assert report.content.count(b"\r\n") == file.rows + 1


async def test_a_file_above_the_limit_is_refused_with_the_limit(live: Live) -> None:
    files = {"file": ("large.csv", b"x" * (LARGEST + 2_000_000), "text/csv")}
    form = {"kind": "schools", "mode": "dry-run"}
    answer = await live.call("POST", PATH, data=form, files=files, headers=await live.operator("registrar"))
    assert (answer.status_code, answer.json()["code"]) == (413, "too-large"), answer.text
