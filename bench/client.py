"""The web client in Chromium on a slow processor: keys in a journal of 40 x 60, paints, the size of the script."""

import gzip
import re
import shutil
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import uuid4

import cabinet
from cabinet.diary.domain.calendar import today
from cabinet.diary.store.marks import render_cells
from chassis.auth import Principal, sign_token
from chassis.db import Database, connect, utc_now
from chassis.migrations import migrate
from chassis.settings import load_key_set
from ekis_local.keys import make_keys
from ekis_local.postgres import ensure_database, temporary_postgres
from ekis_local.process import free_ports
from ekis_local.supervisor import Supervisor
from ekis_local.web import DIST, build_web
from joserfc.jwk import OKPKey
from playwright.async_api import CDPSession, Page, async_playwright

from bench.diary import cabinet_program
from bench.front import front
from bench.journals import LESSONS, MONDAY, PUPILS, fill, journal_of, made_id, viewer
from bench.report import figures

ROWS, COLUMNS = 40, 60
SLOWER, ROUNDS = 4, 5  # times; visits of each page
SUBJECT = 3
LAST = date.fromisoformat(MONDAY) + timedelta(days=LESSONS // 5 * 7 - 3)

# From the 30 x 40 of the invented class: more pupils, a second lesson on the first 20 days; all of it up to today
_GROW: tuple[tuple[str, tuple[str, ...]], ...] = (
    (f"""INSERT INTO pupil (pupil_id, school_id, last_name, first_name)
    SELECT gen_random_uuid(), $1, 'Фамильная' || n, 'Анастасия' FROM generate_series(1, {ROWS - PUPILS}) AS n""",
     ("school",)),
    ("""INSERT INTO membership (pupil_id, class_id, since)
    SELECT pupil_id, $1, DATE '2026-09-01' FROM pupil WHERE last_name LIKE 'Фамильная%'""", ("class",)),
    (f"""INSERT INTO lesson (lesson_id, school_id, class_id, subject_id, term_id, year, date, number, topic, account_id)
    SELECT gen_random_uuid(), school_id, class_id, subject_id, term_id, year, date, 12, topic, account_id
    FROM lesson WHERE class_id = $1 AND subject_id = $2 ORDER BY date LIMIT {COLUMNS - LESSONS}""",
     ("class", "subject")),
    ("""INSERT INTO mark (year, lesson_id, pupil_id, mark, weight, version)
    SELECT year, lesson_id, pupil_id, 4, 1, 1 FROM lesson JOIN membership USING (class_id)
    WHERE class_id = $1 AND subject_id = $2 ON CONFLICT DO NOTHING""", ("class", "subject")),
    ("UPDATE lesson SET date = date - 9999, homework_due = NULL WHERE class_id = $1", ("class",)),  # out of its own way
    ("UPDATE lesson SET date = date + 9999 + $2::int WHERE class_id = $1", ("class", "days")),
    ("UPDATE term SET starts = starts + $1::int, ends = ends + $1::int", ("days",)),
)  # fmt: skip

# What each key costs, from the event to the frame after it is painted
_WATCH = """() => {
    window.keys = []
    addEventListener('keydown', (event) => requestAnimationFrame(() => {
        const { port1, port2 } = new MessageChannel()
        port1.onmessage = () => window.keys.push(performance.now() - event.timeStamp)
        port2.postMessage(null)
    }), true)
}"""
_PAINTS = """() => new Promise((tell) => new PerformanceObserver((list) => {
    tell(list.getEntries().at(-1).startTime)
}).observe({ type: 'largest-contentful-paint', buffered: true }))"""
_SLOWEST = """() => new Promise((tell) => {
    let most = 0
    new PerformanceObserver((list) => {
        for (const one of list.getEntries()) most = Math.max(most, one.duration)
    }).observe({ type: 'event', durationThreshold: 16, buffered: true })
    setTimeout(() => tell(most), 300)
})"""


async def run() -> None:
    """Three tables: keys, pages, the script."""
    with TemporaryDirectory(prefix="ekis-bench-") as logs:
        await build_web(Path(logs) / "web.log")
    async with _opened() as (home, journal), async_playwright() as playwright:
        path = shutil.which("chromium")
        assert path, "install chromium"
        browser = await playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        rows = []
        for name, where in (("start", "/"), ("home", "/home"), ("journal", journal)):
            seen = [await _visited(await browser.new_page(), home + where) for _ in range(ROUNDS)]
            paints, slowest = (sorted(one[place] for one in seen) for place in (0, 1))
            rows.append([name, _spread(paints), _spread(slowest)])
        columns = ("page", "largest paint, ms: median (min..max)", "slowest interaction, ms: median (min..max)")
        figures(f"pages, processor {SLOWER} times slower", columns, rows)
        spent = await _spent(await browser.new_page(), home + journal)
        keys = await _typed(await browser.new_page(), home + journal)
        head = ("keys", "p50 ms", "p95 ms", "most", "CPU ms of the main thread a key, not slowed")
        row = [str(len(keys)), f"{_at(keys, 0.5):.0f}", f"{_at(keys, 0.95):.0f}", f"{keys[-1]:.0f}", f"{spent:.1f}"]
        figures(f"keys in a journal of {ROWS} x {COLUMNS}, processor {SLOWER} times slower", head, [row])
        await browser.close()
    _show_sizes()


async def _slowed(page: Page, where: str) -> None:
    session = await page.context.new_cdp_session(page)
    await session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    await page.goto(where, wait_until="networkidle")


async def _visited(page: Page, where: str) -> tuple[float, float]:
    await _slowed(page, where)
    painted = await page.evaluate(_PAINTS)
    for key in ("Tab", "Tab", "Tab", "ArrowDown", "ArrowDown"):
        await page.keyboard.press(key)
    slowest = await page.evaluate(_SLOWEST)
    await page.close()
    return painted, slowest


async def _spent(page: Page, where: str) -> float:
    """Milliseconds of CPU that a key costs the main thread of the page at full speed, whatever else runs."""
    session = await page.context.new_cdp_session(page)
    await session.send("Performance.enable", {"timeDomain": "threadTicks"})
    await page.goto(where, wait_until="networkidle")
    before = await _ticks(session)
    count = await _type(page, COLUMNS - 3)
    return (await _ticks(session) - before) / count


async def _ticks(session: CDPSession) -> float:
    metrics = (await session.send("Performance.getMetrics"))["metrics"]
    return 1000 * next(float(one["value"]) for one in metrics if one["name"] == "TaskDuration")


async def _typed(page: Page, where: str) -> list[float]:
    """Milliseconds from each key to the frame after it is painted, in order of size."""
    await _slowed(page, where)
    await page.evaluate(_WATCH)
    for column in range(COLUMNS - 3, COLUMNS):
        await _type(page, column)
    taken: list[float] = await page.evaluate("window.keys")
    return sorted(taken)


async def _type(page: Page, column: int) -> int:
    """A column of marks, each mark and the way down; returns how many keys that were."""
    await page.locator("tbody tr").first.locator("td").nth(column).click()
    for row in range(ROWS):
        await page.keyboard.press(str(2 + (row + column) % 4))
        await page.keyboard.press("Enter")
    return 2 * ROWS


def _at(ordered: Sequence[float], share: float) -> float:
    return ordered[int(share * (len(ordered) - 1))]


def _spread(ordered: Sequence[float]) -> str:
    return f"{_at(ordered, 0.5):.0f} ({ordered[0]:.0f}..{ordered[-1]:.0f})"


def _show_sizes() -> None:
    """Of what the first page loads before it shows anything."""
    page = (DIST / "index.html").read_text()
    rows = []
    for kind in ("js", "css"):
        names = set(re.findall(rf'(?:src|href)="/(assets/[^"]+\.{kind})"', page))
        sizes = [len(gzip.compress((DIST / name).read_bytes(), 9)) for name in names]
        rows.append([kind, str(len(names)), f"{sum(sizes) / 1000:.0f}"])
    figures("what is loaded first", ("kind", "files", "kB, gzipped"), rows)


@asynccontextmanager
async def _opened() -> AsyncIterator[tuple[str, str]]:
    """The client's address, and the journal's path in it."""
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="ekis-bench-")))
        make_keys(folder)
        ports = free_ports({"cabinet": 0})
        postgres = await stack.enter_async_context(temporary_postgres())
        dsn = await ensure_database(postgres.admin_dsn, "cabinet", uuid4().hex)
        await migrate(dsn, Path(cabinet.__file__).parent / "migrations")
        pool = await connect(dsn, "cabinet", 2)
        stack.push_async_callback(pool.close)
        seals: Any = None  # nothing is published here
        journal = await _filled(Database("cabinet", pool, seals))
        running = await stack.enter_async_context(Supervisor())
        await running.start(cabinet_program(dsn, ports["cabinet"], folder))
        key = load_key_set(folder / "identity" / "signing_keys").keys[0]
        assert isinstance(key, OKPKey)
        behind = f"http://127.0.0.1:{ports['cabinet']}"
        home = await stack.enter_async_context(front(behind, lambda _: _token(key)))
        yield home, journal


async def _filled(database: Database) -> str:
    await fill(database, 0, 1)
    class_id, subject_id, _ = journal_of(0, SUBJECT)
    days = (today(utc_now()) - LAST).days
    given = {"school": made_id("school", 0), "class": class_id, "subject": subject_id, "days": days}
    async with database.transaction() as tx:
        for statement, names in _GROW:
            await tx.execute(statement, *(given[name] for name in names))
        lessons = await tx.fetch("SELECT lesson_id FROM lesson WHERE class_id = $1", class_id)
        await render_cells(tx, [row["lesson_id"] for row in lessons])
    return f"/diary/{class_id}/{subject_id}"


def _token(key: OKPKey) -> str:
    """Of the teacher of the class."""
    account, _, _, school = viewer(0)
    claims: dict[str, Any] = {"epoch": 1, "scope": "full", "category": "employee", "roles": frozenset()}
    who = Principal(account_id=account, sid=uuid4(), school_id=school, staff_id=uuid4(), **claims)
    return sign_token(key, who, utc_now())
