"""Account request to mail: the whole flow through three services, three hops of Kafka, and SMTP."""

import asyncio
from collections.abc import Sequence
from os import cpu_count
from statistics import median
from time import perf_counter

import psutil
from chassis.settings import SERVICES as ALL_SERVICES

from bench.arena import SERVICES, Arena, opened_arena
from bench.ground import Clock
from bench.load import Door
from bench.report import Entrant, Goal, Sample, cpu_cell, figures, judged, middle, percentile, play, rates
from bench.stages import STAGES, TOGETHER, alone

COUNT = 1_000
WARM_UP = 50
ROUNDS = 3
OFFERED = (100, 50, 25)  # requests a second, until one is kept up with
SECONDS = 20
KEPT_UP = 1_000  # ms: with a later 99th percentile the queue grows
STARTS = 3
IDLE_SECONDS = 5.0

LIMIT, PEER, OURS = "its components, each alone, CPU summed", "usual stack, one process", "EKIS"


async def run() -> None:
    crowd = (ROUNDS + 1) * 3 * (COUNT + WARM_UP) + 2 * len(OFFERED) * WARM_UP + 2 * SECONDS * sum(OFFERED)
    async with opened_arena(crowd) as arena:
        await _throughput(arena)
        await _latency(arena)
        await _starts(arena)


async def _throughput(arena: Arena) -> None:
    parts: dict[str, list[Sample]] = {stage: [] for stage in STAGES}

    async def components() -> Sample:
        found = await alone(arena, COUNT)
        for stage, sample in found.items():
            parts[stage].append(sample)
        cpu = {part: sum(sample.cpu[part] for sample in found.values()) for part in found[STAGES[0]].cpu}
        return Sample((cpu_count() or 1) / sum(cpu.values()), cpu)

    entrants = [
        Entrant(LIMIT, "limit", components),
        Entrant(PEER, "peer", lambda: _saturated(arena, "peer")),
        Entrant(OURS, "ours", lambda: _saturated(arena, *SERVICES)),
    ]
    samples = await play(entrants, ROUNDS)
    rates("account request -> mail: requests/s", entrants, samples, [Goal(LIMIT, 0.85, by_cpu=True), Goal(PEER, 3)])
    rows = [[stage, f"{middle(some):,.0f}", cpu_cell(some)] for stage, some in parts.items()]
    columns = "component, alone", "requests/s", f"CPU us a request: {', '.join(samples[OURS][0].cpu)}"
    figures("account request -> mail: the components of the limit", columns, rows)


async def _saturated(arena: Arena, *names: str) -> Sample:
    """From the first request to the last mail; the CPU until the last receipt is noted."""
    await _warmed_up(arena, *names)
    people = arena.crowd.take(COUNT)
    clock = Clock(arena.cpu)
    await _door(arena, names).ask_all(people, TOGETHER)
    arrived = await arena.postbox.until_all(people)
    await arena.settled()
    clock.stop()
    return Sample(COUNT / (max(arrived) - clock.begun), clock.sample(COUNT).cpu)


async def _warmed_up(arena: Arena, *names: str) -> None:
    await arena.only(*names)
    people = arena.crowd.take(WARM_UP)
    await _door(arena, names).ask_all(people, TOGETHER)
    await arena.postbox.until_all(people)
    await arena.settled()


def _door(arena: Arena, names: Sequence[str]) -> Door:
    return arena.peer if "peer" in names else arena.ours


async def _latency(arena: Arena) -> None:
    """From the moment a request is due to the sink's answer, at falling rates, until ours keeps up."""
    rows = []
    for rate in OFFERED:
        theirs, taken = await _steady(arena, rate, "peer"), await _steady(arena, rate, *SERVICES)
        p50, p99 = percentile(taken, 0.5), percentile(taken, 0.99)
        rows.append([OURS, f"{rate}/s", judged(p50, 30, "ms"), judged(p99, 90, "ms"), str(len(taken))])
        p50, p99 = percentile(theirs, 0.5), percentile(theirs, 0.99)
        rows.append([PEER, f"{rate}/s", f"{p50:.2f} ms", f"{p99:.2f} ms", str(len(theirs))])
        if percentile(taken, 0.99) < KEPT_UP:
            break
    figures("account request -> mail accepted, at a fixed rate", ("", "offered", "p50", "p99", "samples"), rows)


async def _steady(arena: Arena, rate: int, *names: str) -> list[float]:
    """Milliseconds of each."""
    await _warmed_up(arena, *names)
    people = arena.crowd.take(rate * SECONDS)
    due = await _door(arena, names).ask_steadily(people, rate)
    arrived = await arena.postbox.until_all(people)
    await arena.settled()
    return [(moment - due[one.email]) * 1e3 for one, moment in zip(people, arrived, strict=True)]


async def _starts(arena: Arena) -> None:
    """Each service alone."""
    await arena.only()
    rows = []
    for name in ALL_SERVICES:
        taken = []
        for _ in range(STARTS):
            begun = perf_counter()
            await arena.stack.resume(name)
            taken.append(perf_counter() - begun)
            if len(taken) == STARTS:
                await asyncio.sleep(IDLE_SECONDS)
                megabytes = psutil.Process(arena.stack.pids[name]).memory_info().rss / 2**20
            await arena.stack.halt(name)
        rows.append([name, judged(median(taken), 2, "s"), judged(megabytes, 120, "MB")])
    figures("start of a service", ("service", "ready after", "idle RSS"), rows)
