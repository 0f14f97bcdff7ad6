"""One path of every service that needs a signed-in caller, and who is let in there."""

import asyncio
from collections.abc import Mapping
from functools import partial

from live import Live
from waiting import until

DOORS = {
    "cabinet": "/cabinet/workplace",
    "identity": "/identity/me",
    "registry": "/registry/referrals",
    "notify": "/notify/deliveries?about=x",
}


async def knock(live: Live, headers: Mapping[str, str]) -> dict[str, int]:
    """What every service answers."""
    answers = await asyncio.gather(*(live.client.get(path, headers=dict(headers)) for path in DOORS.values()))
    return {name: answer.status_code for name, answer in zip(DOORS, answers, strict=True)}


async def let_in(live: Live, headers: Mapping[str, str]) -> bool:
    """Whether every service knows the caller."""
    return 401 not in (await knock(live, headers)).values()


async def shut_out(live: Live, headers: Mapping[str, str]) -> bool:
    """Whether every service refuses the caller."""
    return set((await knock(live, headers)).values()) == {401}


async def until_shut_out(live: Live, headers: Mapping[str, str]) -> None:
    """Fails unless every service refuses the token soon, and goes on to refuse it."""
    await until(partial(shut_out, live, headers), "every service refuses the token", every=0.02)
    assert await shut_out(live, headers), "and goes on to refuse it"
