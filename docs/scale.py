"""Draws the tables of docs/scale.md: `python docs/scale.py`. Consumer groups are simulated, the rest is arithmetic on
what `python -m bench` has measured. A test holds the page to this file, and the simulation to the formula of Pollaczek
and Khinchine."""

import random
import re
from collections.abc import Iterator
from math import ceil
from pathlib import Path
from typing import NamedTuple

TARGET = Path(__file__).with_name("scale.md")


class Kept(NamedTuple):
    """How a group has kept up: seconds from the broker to the end of the reaction; how many events had come while it
    was away, and how many seconds later the last late one was done, if it was."""

    p50: float
    p99: float
    mean: float
    behind: int
    caught_up: float | None


def simulate(
    partitions: int, replicas: int, rate: float, reaction: float, *, seconds: float, away: float = 0.0, seed: int = 1
) -> Kept | None:
    """A group whose replicas share the partitions, each taking its events one by one, `reaction` seconds each.

    Events come by chance, `rate` a second (Poisson), their keys spread evenly. For the first `away` seconds nobody
    works, and the look ends when nothing is late any more. None: some replica has more to do than it can.
    """
    workers = min(partitions, replicas)
    if rate * reaction * ceil(partitions / workers) / partitions >= 1:
        return None
    chance = random.Random(seed)  # noqa: S311 - no secret
    free, idle_at = [away] * workers, [None if away else 0.0] * workers
    took, behind, now = [], 0, chance.expovariate(rate)
    while now < seconds:
        worker = chance.randrange(partitions) % workers
        if free[worker] <= now and idle_at[worker] is None:
            idle_at[worker] = free[worker]
        free[worker] = max(free[worker], now) + reaction
        took.append(free[worker] - now)
        behind += now < away
        if away and None not in idle_at:
            break
        now += chance.expovariate(rate)
    known = [moment for moment in idle_at if moment is not None]
    caught_up = max(known) - away if len(known) == workers else None
    took.sort()
    return Kept(took[len(took) // 2], took[ceil(len(took) * 0.99) - 1], sum(took) / len(took), behind, caught_up)


# -- what keeps up with what

REACTION = (
    0.004  # s, by the wall: 1.6 ms of CPU (bench `mail`: 14.4 ms a request in 9 transactions), on cores half busy
)
GROUPS = ((3, 1), (3, 2), (3, 3), (6, 4), (6, 6), (12, 12))
RATES = (20, 150, 450)
OUTAGE, WATCHED, CALM = 600, 3600, 20_000  # seconds away, seconds looked at after it, events of a calm run


def groups() -> Iterator[str]:
    """Partitions, replicas, rate -> latency and the way back from an outage."""
    head = "partitions", "replicas", "events/s", "busiest replica", "p50, p99", "away for 10 minutes: waiting"
    yield _line(*head, "caught up after")
    yield "|---|---|---|---|---|---|---|"
    for rate in RATES:
        for partitions, replicas in GROUPS:
            load = rate * REACTION * ceil(partitions / replicas) / partitions
            yield _line(partitions, replicas, rate, f"{load:.0%}", *_kept(partitions, replicas, rate))


def _kept(partitions: int, replicas: int, rate: float) -> tuple[str, str, str]:
    calm = simulate(partitions, replicas, rate, REACTION, seconds=CALM / rate)
    after = simulate(partitions, replicas, rate, REACTION, seconds=OUTAGE + WATCHED, away=OUTAGE)
    if calm is None or after is None:
        return "grows for ever", "", ""
    back = f"{after.caught_up:,.0f} s" if after.caught_up is not None else "more than an hour"
    return f"{calm.p50 * 1e3:.0f}, {calm.p99 * 1e3:.0f} ms", f"{after.behind:,}", back


# -- what a city asks

CITIES = {"1 school": 1, "4,000 schools": 4_000, "40,000 schools": 40_000}
STAFF, PUPILS, CLASSES = 60, 250, 10  # of a school, on average
WORKING_DAY, PEAK = 8 * 3600, 3  # seconds; the busiest quarter of an hour beside the average


class Work(NamedTuple):
    """What is asked a second at the peak for each member of staff, and the milliseconds of a core each takes: service,
    PostgreSQL."""

    what: str
    each: float
    service: float
    database: float


WORK = (
    Work("sign-ins: a third of the staff in the first hour of 1 September", 1 / 3 / 3600, 19.0, 1.45),
    Work("refreshes: half of the staff at work, one in 5 minutes", 0.5 / 300, 0.775, 0.245),
    Work("account requests to mail: everybody in ten working days", PEAK / (10 * WORKING_DAY), 9.51, 4.89),
    Work("journals and weeks opened: 12 a day by half of the staff", 0.5 * 12 * PEAK / WORKING_DAY, 0.4, 0.55),
    Work("columns of marks saved: 6 a day by half of the staff (taken as three journals each)",
         0.5 * 6 * PEAK / WORKING_DAY, 1.2, 1.65),
)  # fmt: skip
EVENTS = 12  # of an account request on its way to the mail, over all topics


def demand() -> Iterator[str]:
    """Rates and cores at the peak."""
    yield _line("a second, at the peak", *CITIES, "cores at 40,000: services + PostgreSQL")
    yield "|---|---|---|---|---|"
    for one in WORK:
        rates = [one.each * STAFF * schools for schools in CITIES.values()]
        yield _line(
            one.what, *map(_rate, rates), f"{rates[-1] * one.service / 1e3:.1f} + {rates[-1] * one.database / 1e3:.1f}"
        )
    cores = [
        sum(work.each * STAFF * schools * (work.service + work.database) for work in WORK) / 1e3
        for schools in CITIES.values()
    ]
    yield _line("**cores, all at once**", *(f"**{_rate(one)}**" for one in cores), "")
    yield _line("events a second", *(_rate(WORK[2].each * STAFF * schools * EVENTS) for schools in CITIES.values()), "")


# -- what a city keeps: bytes a row with its indexes (`python -m bench sizes`); rows a school has, and adds a year


class Rows(NamedTuple):
    """Rows of a database: bytes of one, how many a school has from the start, how many more come each year."""

    database: str
    what: str
    size: int
    stock: float
    yearly: float


NEW = STAFF * 0.15  # people a year who come in the place of others
TABLES = (
    Rows("registry", "schools with their words", 1_348 + 3 * 108, 1, 0),
    Rows("registry", "staff, requests", 549 + 451, STAFF, NEW),
    Rows("identity", "accounts, requests with steps and consent", 647 + 524 + 6 * 141 + 123 + 229 + 164, STAFF, NEW),
    Rows("identity", "copies of staff", 877, STAFF, NEW),
    Rows("notify", "address book", 803, STAFF, NEW),
    Rows("notify", "mails: two for an account, then 100 a year to each", 926, STAFF * 2, STAFF * 100),
    Rows("cabinet", "accounts, copies of staff", 361 + 319, STAFF, NEW),
    Rows("cabinet", "pupils and their classes", 259 + 314, PUPILS, PUPILS),
    Rows("cabinet", "lessons with their rendered cells: 400 a class and year", 4_362, 0, CLASSES * 400),
    Rows("cabinet", "marks: 400 a pupil and year", 144, 0, PUPILS * 400),
    Rows("cabinet", "tallies: 10 subjects, 4 terms", 156, 0, PUPILS * 40),
)
YEARS = 5
LEAST, TEN = 0.001, 10  # shown with two digits between them


def sizes() -> Iterator[str]:
    """Gigabytes after some years."""
    yield _line("database", "rows", "bytes a row", *(f"{city}, GB" for city in CITIES))
    yield "|---|---|---|---|---|---|"
    for one in TABLES:
        yield _line(one.database, one.what, f"{one.size:,}", *(_gigabytes(one, schools) for schools in CITIES.values()))


def _gigabytes(one: Rows, schools: int) -> str:
    return _rate((one.stock + one.yearly * YEARS) * schools * one.size / 1e9)


def _rate(number: float) -> str:
    if number < LEAST:
        return f"< {LEAST}"
    return f"{number:,.0f}" if number >= TEN else f"{number:.2g}"


def _line(*cells: object) -> str:
    return f"| {' | '.join(map(str, cells))} |"


def drawn(page: str) -> str:
    """The page with its tables drawn anew between `<!-- name -->` and `<!-- end -->`."""
    for name, lines in {"groups": groups, "demand": demand, "sizes": sizes}.items():
        table = "\n".join([f"<!-- {name} -->", *lines(), "<!-- end -->"])
        page, found = re.subn(rf"<!-- {name} -->.*?<!-- end -->", lambda _: table, page, flags=re.DOTALL)  # noqa: B023
        assert found == 1, name
    return page


if __name__ == "__main__":
    TARGET.write_text(drawn(TARGET.read_text()))
