"""Who comes by a link is counted by source and by code; counts and work of nobody are forgotten."""

import pytest
from cabinet.online.domain.links import LOOKS_OF_SOURCE, UNKNOWN, WORKS_OF_SOURCE, source_of
from chassis.testing.opened import Opened

from .online import Online, code_of, opened_online


@pytest.fixture
async def online(cabinet: Opened) -> Online:
    return await opened_online(cabinet)


async def test_guesses_of_one_source_are_slowed_down_and_others_are_not(online: Online) -> None:
    online.it.clock.stop()
    lesson = await online.plan()
    free = int(LOOKS_OF_SOURCE.burst / UNKNOWN)
    wrong = [(await online.join("AAAA-BBBB", "198.51.100.7")).status_code for _ in range(free + 1)]
    assert wrong == [404] * free + [429]
    slowed = await online.join(code_of(lesson), "198.51.100.7")
    assert slowed.status_code == 429, "whether it is a code is not said either"
    assert slowed.json()["code"] == "too-many-visits"
    assert int(slowed.headers["retry-after"]) == slowed.json()["seconds"] == 1
    assert (await online.join(code_of(lesson), "198.51.100.8")).status_code == 200
    online.wait(1 / 3600)
    assert (await online.join(code_of(lesson), "198.51.100.7")).status_code == 200


async def test_a_class_that_reloads_without_end_is_slowed_down_by_its_code(online: Online) -> None:
    online.it.clock.stop()
    lesson, other = await online.plan(), await online.plan(3, 4)
    pool = online.it.runtime.database.pool
    assert (await online.join(code_of(lesson), "198.51.100.1")).status_code == 200
    await pool.execute("UPDATE join_visit SET level = 600")
    assert (await online.join(code_of(lesson), "198.51.100.2")).status_code == 429
    assert (await online.join(code_of(other), "198.51.100.2")).status_code == 200
    online.wait(1 / 3600)
    assert (await online.join(code_of(lesson), "198.51.100.2")).status_code == 200


async def test_work_is_counted_by_source_and_by_code(online: Online) -> None:
    online.it.clock.stop()
    lesson = await online.plan()
    assignment, pool = await online.assignment(lesson), online.it.runtime.database.pool
    assert (await online.hand_in(code_of(lesson), assignment, "198.51.100.1")).status_code == 201
    before = {row["key"]: row["level"] for row in await pool.fetch("SELECT key, level FROM join_visit")}
    assert sorted(before.values()) == [1.0, 1.0], "one of the source, one of the code"
    await pool.execute("UPDATE join_visit SET level = 150")
    full = await online.hand_in(code_of(lesson), assignment, "198.51.100.2")
    assert (full.status_code, full.headers["retry-after"]) == (429, "5")
    assert (await online.join(code_of(lesson), "198.51.100.2")).status_code == 200, "looking goes on"
    await pool.execute("UPDATE join_visit SET level = $1 WHERE level = 150", WORKS_OF_SOURCE.burst)
    assert (await online.hand_in(code_of(lesson), assignment, "198.51.100.1")).status_code == 429
    assert len(await online.works(lesson)) == 1


async def test_counts_keep_no_address_and_are_forgotten(online: Online) -> None:
    lesson = await online.plan()
    await online.join(code_of(lesson), "198.51.100.77")
    kept = await online.it.table("join_visit")
    assert kept
    assert "198.51.100" not in kept
    online.wait(1.1)
    await online.it.run_loops()
    assert not await online.it.table("join_visit")


async def test_work_of_nobody_is_forgotten_work_of_pupils_stays(online: Online) -> None:
    lesson = await online.plan()
    code, assignment = code_of(lesson), await online.assignment(lesson)
    for name in ("Волков", "Никто"):
        await online.hand_in(code, assignment, last_name=name)
    online.wait(24 * 31)
    await online.it.run_loops()
    assert [one["last_name"] for one in await online.works(lesson)] == ["Волков"]


@pytest.mark.parametrize(
    ("host", "source"),
    [("203.0.113.5", "203.0.113.5"), ("2001:db8:1:2:3::4", "2001:db8:1:2::/64"), ("::ffff:203.0.113.5", "203.0.113.5"),
     ("", ""), ("testclient", "")],
)  # fmt: skip
def test_a_source_is_an_address_or_a_network(host: str, source: str) -> None:
    assert source_of(host) == source
