"""The parts of the account request's way, each alone on a full backlog: what the whole could cost at best."""

from collections.abc import Awaitable, Callable
from functools import partial

from bench.arena import MAILS, Arena
from bench.ground import Clock, until
from bench.report import Sample

WARM = 0.1  # of the work, before the clock starts
TOGETHER = 32

STAGES = (
    "identity: take the request in, tell",
    "registry: judge by the roll, tell",
    "identity: open the account, tell",
    "notify and sink: two mails, tell",
    "identity and registry: note both mails",
)

Progress = Callable[[], Awaitable[float]]


async def alone(arena: Arena, count: int) -> dict[str, Sample]:
    """Take so many requests from stage to stage, only the service at work awake."""
    await arena.only("identity")
    people = arena.crowd.take(count)
    warm = int(count * WARM)
    await arena.ours.ask_all(people[:warm], TOGETHER)
    clock = Clock(arena.cpu)
    await arena.ours.ask_all(people[warm:], TOGETHER)
    await until(partial(arena.outboxes_empty, ["identity"]))
    clock.stop()
    samples = [clock.sample(count - warm)]

    async def mailed() -> float:
        box = arena.postbox
        return sum((one.email in box.credentials) + (one.email in box.others) for one in people) / MAILS

    samples += [
        await _measured(arena, count, "registry", progress=await _since_now(arena, "registry", "judge_request")),
        await _measured(arena, count, "identity", progress=await _since_now(arena, "identity", "issue_account")),
        await _measured(arena, count, "notify", progress=mailed),
        await _measured(
            arena, count, "identity", "registry", progress=await _since_now(arena, "identity", "note_sent", MAILS)
        ),
    ]
    await arena.settled()
    return dict(zip(STAGES, samples, strict=True))


async def _since_now(arena: Arena, service: str, reaction: str, events: int = 1) -> Progress:
    """Requests that this reaction has settled from now on, with so many events each."""
    before = await arena.done(service, reaction)

    async def progress() -> float:
        return (await arena.done(service, reaction) - before) / events

    return progress


async def _measured(arena: Arena, count: int, *services: str, progress: Progress) -> Sample:
    await arena.only(*services)
    await until(partial(_reached, progress, count * WARM))
    clock, before = Clock(arena.cpu), await progress()
    await until(partial(_reached, progress, count))
    await until(partial(arena.outboxes_empty, services))
    clock.stop()
    return clock.sample(count - int(before))


async def _reached(progress: Progress, enough: float) -> bool:
    return await progress() >= enough
