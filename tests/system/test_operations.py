"""What operators see of the running services, and how a service is told events again when a reaction was wrong."""

import asyncio
import sys
from datetime import UTC, datetime, timedelta

import pytest
from delivery import STEPS, Load, World
from fleet import environment
from live import Live
from waiting import until

SERVICES = ("registry", "identity", "cabinet", "notify")


async def command(world: World, *words: str) -> tuple[int, str]:
    """Exit code and output of the real command line, beside a toy that runs."""
    child = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "toy", *words),
        env=environment(world.it.dsn, world.it.keyring, world.kafka),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    output, _ = await child.communicate()
    return await child.wait(), output.decode()


async def test_a_mended_reaction_is_told_again_through_a_kill(world: World) -> None:
    began = datetime.now(UTC) - timedelta(seconds=1)
    replica = world.replica()
    await replica.start()
    async with Load([replica.url]).running() as load:
        await load.reach(100)
    await world.settle()
    await world.fetch("UPDATE counted SET count = 0")  # as a bug would have left it

    code, said = await command(world, "replay", "--since", began.isoformat(), "--topic", STEPS)
    assert (code, STEPS in said) == (0, True), said

    async def is_under_way() -> bool:
        return bool(await world.fetch("SELECT 1 FROM counted WHERE count > 0"))

    await until(is_under_way, "some are told again")
    await replica.kill()
    await replica.start()

    async def is_done() -> bool:
        return not await world.fetch("SELECT 1 FROM replay")

    await until(is_done, "all of it is told again", 60)
    wrong = await world.fetch("SELECT * FROM counted WHERE count <> version")
    assert wrong == [], "each once more, and no more than once"
    code, said = await command(world, "status")
    assert (code, f"lag {STEPS}: 0" in said, "outbox: 0 waiting" in said) == (0, True, True), said


@pytest.mark.parametrize("since", ["yesterday", "2026-11-25", "2026-11-25T08:00:00"])
async def test_a_time_without_a_zone_is_refused_with_an_example(world: World, since: str) -> None:
    code, said = await command(world, "replay", "--since", since)
    assert (code, said.count("\n")) == (1, 1)
    assert "write it as 2026-11-25T08:00:00+03:00" in said


async def test_nothing_is_as_young(world: World) -> None:
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    code, said = await command(world, "replay", "--since", tomorrow.isoformat())
    assert (code, "nothing" in said) == (0, True), said
    assert not await world.fetch("SELECT 1 FROM replay")


@pytest.mark.parametrize("service", SERVICES)
async def test_operators_see_how_each_service_keeps_up(live: Live, service: str) -> None:
    path = f"/{service}/operations"

    async def keeps_up() -> bool:
        seen = (await live.call("GET", path, headers=await live.operator("security"))).json()
        return set(seen["lag"].values()) == {0} and seen["outbox"] == {"waiting": 0, "oldest_seconds": None}

    await until(keeps_up, "nothing waits")
    letters = await live.call("GET", f"{path}/dead-letters", headers=await live.operator("admin"))
    assert letters.status_code == 200
    assert letters.json()["next"] is None
    for role in ("registrar", "support", "editor"):
        for route in ("", "/dead-letters"):
            refused = await live.call("GET", path + route, headers=await live.operator(role))
            assert (refused.status_code, refused.json()["code"]) == (403, "not-allowed")
    assert (await live.call("GET", path)).status_code == 401


async def test_an_admin_has_a_service_told_again_and_others_may_not(live: Live) -> None:
    wish = {"since": datetime.now(UTC).isoformat(), "topic": "school-registered"}
    path = "/cabinet/operations/replays"
    refused = await live.call("POST", path, json=wish, headers=await live.operator("security"))
    assert (refused.status_code, refused.json()["code"]) == (403, "not-allowed")
    wrong = await live.call("POST", path, json=wish | {"topic": "schools"}, headers=await live.operator("admin"))
    assert wrong.status_code == 422
    assert [(one["pointer"], one["code"]) for one in wrong.json()["errors"]] == [("/topic", "topic-unknown")]
    asked = await live.call("POST", path, json=wish, headers=await live.operator("admin"))
    assert (asked.status_code, asked.json()) == (202, {"topics": []})
