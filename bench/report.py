"""Rounds of competitors in turn, and the table that shows their medians side by side."""

import os
import sys
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Literal

Role = Literal["limit", "peer", "ours", "part"]


@dataclass(frozen=True)
class Sample:
    """One round: `figure` is a rate unless the table says otherwise; `cpu` is seconds of each part for one unit."""

    figure: float
    cpu: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Entrant:
    """One competitor. `run` does one round."""

    name: str
    role: Role
    run: Callable[[], Awaitable[Sample]]


@dataclass(frozen=True)
class Goal:
    """What quality.md asks: ours divided by this competitor's figure, or its CPU a unit divided by ours."""

    than: str
    least: float
    by_cpu: bool = False


async def play(entrants: Sequence[Entrant], rounds: int) -> dict[str, list[Sample]]:
    """Every competitor once a round, in turn and back again (A B C, C B A, ...), after a round that does not count."""
    samples: dict[str, list[Sample]] = {entrant.name: [] for entrant in entrants}
    for number in range(rounds + 1):
        for entrant in entrants[:: 1 if number % 2 else -1]:
            sample = await entrant.run()
            print(f"{number}. {entrant.name}: {sample.figure:,.0f}/s", file=sys.stderr, flush=True)
            if number:
                samples[entrant.name].append(sample)
    return samples


def middle(samples: Sequence[Sample]) -> float:
    return median(sample.figure for sample in samples)


def rates(
    title: str, entrants: Sequence[Entrant], samples: Mapping[str, Sequence[Sample]], goals: Sequence[Goal]
) -> None:
    """Print one table; every row tells how ours compares with it."""
    print(f"\n### {title}\n")
    parts = list(next(iter(samples.values()))[0].cpu)
    print(f"| row | role | median /s (min..max) | ours / it | goal | by CPU | CPU us a unit: {', '.join(parts)} |")
    print("|---|---|---|---|---|---|---|")
    wanted = {goal.than: goal for goal in goals}
    ours = next(samples[entrant.name] for entrant in entrants if entrant.role == "ours")
    for entrant in entrants:
        row = samples[entrant.name]
        ratio = middle(ours) / middle(row)
        by_cpu = _all_cpu(row) / _all_cpu(ours)
        goal = _verdict(ratio, by_cpu, wanted.get(entrant.name))
        cells = [entrant.name, entrant.role, _spread(row), f"{ratio:.2f}", goal, f"{by_cpu:.2f}", cpu_cell(row)]
        print(f"| {' | '.join(cells)} |")
    print(f"\n{_conditions()}, {len(next(iter(samples.values())))} rounds.")


def figures(title: str, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print a table of other figures: latencies, start, idle cost."""
    print(f"\n### {title}\n")
    print("| " + " | ".join(columns) + " |")
    print("|" + "---|" * len(columns))
    for row in rows:
        print("| " + " | ".join(row) + " |")
    print(f"\n{_conditions()}.")


def percentile(values: Sequence[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def judged(value: float, most: float, unit: str) -> str:
    return f"{value:.2f} {unit} ({'met' if value <= most else 'MISSED'}: <= {most:g})"


def _spread(samples: Sequence[Sample]) -> str:
    known = [sample.figure for sample in samples]
    return f"{middle(samples):,.0f} ({min(known):,.0f}..{max(known):,.0f})"


def _verdict(ratio: float, by_cpu: float, goal: Goal | None) -> str:
    if goal is None:
        return ""
    reached = by_cpu if goal.by_cpu else ratio
    return f">= {goal.least:g}{' by CPU' * goal.by_cpu} {'met' if reached >= goal.least else 'MISSED'}"


def cpu_cell(samples: Sequence[Sample]) -> str:
    """Microseconds of each part for one unit."""
    return ", ".join(f"{median(sample.cpu[part] for sample in samples) * 1e6:.0f}" for part in samples[0].cpu)


def _all_cpu(samples: Sequence[Sample]) -> float:
    """Seconds a unit, of all parts together: what a busy machine does not blur."""
    return median(sum(sample.cpu.values()) for sample in samples)


def _conditions() -> str:
    load = " ".join(f"{value:.2f}" for value in os.getloadavg())
    return f"load average {load}, {os.cpu_count()} cores"
