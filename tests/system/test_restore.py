"""Yesterday's database of one service in the place of today's, by the very lines of the runbook: states agree again,
erased people stay erased, nobody is mailed twice and no login is given twice."""

import asyncio
import os
import re
import sys
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic
from typing import Any

import psutil
import pytest
from canaries import Canaries, search_rows
from ekis_doctor.speakers import SPEAKERS
from fleet import postgres_pid
from journal import Journal
from live import Live, live_stack
from story import NEW_PASSWORD, PASSWORD, Person, School, Session, Ticket
from waiting import until

RUNBOOK = Path(__file__).parents[2] / "docs" / "runbooks" / "restore-from-backup.md"
# What the runbook says is lost: the topics whose promises a restored service cannot keep
LOST = {"identity": (), "registry": ("staff-enrolled",), "cabinet": ("workplace-completed",), "notify": ()}
WORKPLACE = {"building": "дом 1", "work_phone": "+74991234567", "subjects": ["физика"]}
COPIES = {"identity": "full_name, short_name", "cabinet": "full_name, short_name, address, status"}


def printed() -> list[str]:
    """The commands of the runbook in their order; the first takes the backup."""
    blocks = re.findall(r"```sh\n(.*?)```", RUNBOOK.read_text(), re.DOTALL)
    return [line.strip() for block in blocks for line in block.strip().splitlines()]


@dataclass
class Lives:
    """Who was there yesterday, and who came since."""

    school: School
    stays: Person
    leaver: Person
    waits: Person
    asks: Person
    ticket: Ticket
    newcomer: Person


class Restoring:
    """One service's database goes back to a backup while the others go on."""

    def __init__(self, live: Live, service: str, backup: Path) -> None:
        self.live, self.service, self.journal = live, service, Journal(live)
        password = live.stack.passwords["postgres", "postgres"]
        self.env = live.stack.env(service) | {
            "SERVICE": service,
            "BACKUP": str(backup),
            "ADMIN": f"postgresql://postgres:{password}@127.0.0.1:{live.stack.ports['postgres']}/postgres",
            "OWNER": live.stack.databases[service],
            "BROKER_ADMIN": "admin",
            "BROKER_ADMIN_PASSWORD": live.stack.kafka_passwords["admin"],
        }

    async def run(self, line: str) -> str:
        """A line of the runbook, as a shell runs it beside the server's own programs."""
        folder = Path(psutil.Process(await postgres_pid(self.env["ADMIN"])).exe()).parent
        path = f"{folder}:{Path(sys.executable).parent}:{os.environ['PATH']}"
        child = await asyncio.create_subprocess_shell(
            line,
            env={**os.environ, **self.env, "PATH": path},
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        said = (await child.communicate())[0].decode()
        assert child.returncode == 0, f"{line}\n{said}"
        return said

    async def back_up(self) -> None:
        self.env["SINCE"] = (datetime.now(UTC) - timedelta(minutes=1)).isoformat()
        await self.run(printed()[0])

    async def restore(self) -> str:
        """Steps 1 to 6."""
        await self.live.stack.halt(self.service)
        said = await self.run(printed()[1])
        await self._leave_unsent()
        said += "".join([await self.run(line) for line in printed()[2:]])
        assert not await self.journal.rows(self.service, "SELECT 1 FROM outbox WHERE topic = 'left'"), "said again"
        await self.live.stack.resume(self.service)
        self.live.forget_operators()

        async def is_told() -> bool:
            return not await self.journal.rows(self.service, "SELECT 1 FROM replay")

        await until(is_told, "everything is told again", 60)
        await self.journal.recover(monotonic())
        return said

    async def _leave_unsent(self) -> None:
        """As if the backup was taken between a commit and the relay's next look."""
        for one in SPEAKERS[self.service]:
            sql = f"""
            INSERT INTO outbox (id, topic, key, value, headers)
            SELECT gen_random_uuid(), 'left', {one.key}, '', '[["ce_sequence", "1"]]'
            FROM {one.table} WHERE {one.said} > 0
            """
            await self.journal.rows(self.service, sql)

    async def mails(self) -> Counter[tuple[str, str, str]]:
        """Whom, under which id, with which subject."""
        found = (await self.live.client.get(f"{self.live.stack.mail_api}/messages")).json()
        return Counter((to, one["message_id"], one["subject"]) for one in found for to in one["to"])


async def yesterday(it: Restoring) -> tuple[Lives, Session]:
    """A school with a teacher who stays, one who will leave, one who has not used the credentials yet, and one who is
    not on the roll yet."""
    story = it.journal.story
    stays, leaver, waits = Person("Постоянная", "Анна"), Person("Уходящева", "Кенария"), Person("Ожидаева", "Вера")
    school = await story.register(Person("Орлов", "Пётр"))
    for person in (stays, leaver, waits):
        await story.enrol(school, person)
    _, session = await story.settled_in(stays, school)
    _, leaving = await story.settled_in(leaver, school)
    assert (await story.workplace(session)).status_code == 200
    assert (await story.workplace(leaving)).status_code == 200
    await story.ask(waits, school)
    await story.mail(waits.email, PASSWORD.pattern)
    asks = Person("Просящева", "Ольга")
    ticket = await story.ask(asks, school)
    await story.reaches(ticket, "referred")
    it.journal.promises.clear()  # what was accepted by now is in the backup
    return Lives(school, stays, leaver, waits, asks, ticket, Person("Новикова", "Анна")), leaving


async def today(it: Restoring, lives: Lives, leaving: Session) -> None:
    """New people and schools, corrections, a first sign-in, an end with its erasure."""
    story, registrar = it.journal.story, await it.live.operator("registrar")
    await story.ok("POST", "/identity/disable-requests", json={"password": NEW_PASSWORD}, headers=leaving.headers)
    await _correct(it, lives.school, registrar)
    await story.register(Person("Соколов", "Иван"), School(name="Школа № 2026"))
    await story.enrol(lives.school, lives.newcomer)
    await story.settled_in(lives.newcomer, lives.school)
    late = Person("Поздняя", "Рима")  # who asks, is let in, and has not been there yet
    await story.enrol(lives.school, late)
    await story.ask(late, lives.school)
    await story.mail(late.email, PASSWORD.pattern)
    staff_id = await story.enrol(lives.school, lives.asks)
    await story.confirm(lives.ticket, registrar, staff_id)
    await story.mail(lives.asks.email, PASSWORD.pattern)
    _, session = await story.enter(lives.waits)
    form = await story.workplace(session)
    headers = {**session.headers, "If-Match": form.headers["ETag"]}
    await story.ok("PUT", "/cabinet/workplace", json=WORKPLACE, headers=headers)
    await it.journal.recover(monotonic(), lambda: _is_erased(it, lives.leaver))


async def _correct(it: Restoring, school: School, registrar: dict[str, str]) -> None:
    path = f"/registry/schools/{school.school_id}"
    etag = (await it.live.call("GET", path)).headers["ETag"]
    body = {"short_name": "Школа № 1505 имени Ломоносова"}
    await it.journal.story.ok("PATCH", path, json=body, headers={**registrar, "If-Match": etag})


async def _is_erased(it: Restoring, _: Person) -> bool:
    return not await it.journal.rows("identity", "SELECT 1 FROM account WHERE state = 'disabled'")


async def check_states(it: Restoring) -> None:
    """What each service says of its own and what the others hold of it is the same."""
    accounts = await it.journal.rows("identity", "SELECT * FROM account WHERE staff_id IS NOT NULL")
    cabinets = {row["account_id"]: row for row in await it.journal.rows("cabinet", "SELECT * FROM account")}
    doors = {"issued": {"provisioned"}, "active": {"open"}, "suspended": {"closed"}, "disabled": {"erased"}}
    for one in accounts:
        cabinet = cabinets[one["id"]]
        assert cabinet["state"] in doors.get(one["state"], {"erased"}), (one["state"], cabinet["state"])
        assert one["state"] != "disabled", "every receipt has come"
    assert {one["id"] for one in accounts} == cabinets.keys()
    open_still = "SELECT 1 FROM account_request WHERE state IN ('held', 'referred')"
    assert not await it.journal.rows("registry", open_still), "nobody is asked about who is in already"
    schools = await it.journal.rows("registry", "SELECT * FROM school ORDER BY school_id")
    for name, columns in COPIES.items():
        own = await it.journal.rows("registry", f"SELECT school_id, version, {columns} FROM school ORDER BY 1")
        copied = await it.journal.rows(name, f"SELECT school_id, version, {columns} FROM school ORDER BY 1")
        assert own == copied, name
    witness = it.journal.witness()
    ends = await witness.ends("schools", "accounts")
    told = {one.key: one for one in await witness.between(dict.fromkeys(ends, 0), ends)}
    versions = {str(row["school_id"]): row["version"] for row in schools}
    versions |= {str(row["id"]): row["version"] for row in accounts}
    assert {key: told[key].version for key in versions} == versions, "who reads the state topics has the newest"


async def check_mails(it: Restoring, before: Counter[Any], lives: Lives) -> None:
    """None twice; what is new is new: a one-time password that works again, where the old one was lost."""
    after = await it.mails()
    assert set(after.values()) == {1}, after - before
    fresh = Counter(to for to, _, _ in after - before)
    expected: set[str] = {lives.asks.email} if it.service == "identity" else set()
    assert fresh.keys() <= expected, after - before


@pytest.mark.parametrize("service", ["identity", "registry", "cabinet", "notify"])
async def test_a_service_from_yesterday_agrees_with_the_others(service: str, tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    async with live_stack() as live:
        it = Restoring(live, service, tmp_path / "backup")
        lives, leaving = await yesterday(it)
        await it.back_up()
        await today(it, lives, leaving)
        before = await it.mails()

        print(await it.restore())
        it.journal.promises = [
            one for one in it.journal.promises if one.service != service or one.topic not in LOST[service]
        ]
        await it.journal.check()
        await check_states(it)
        await check_mails(it, before, lives)
        await check_erased(it, lives.leaver)
        await check_going_on(it, lives)


async def check_erased(it: Restoring, leaver: Person) -> None:
    """The roll stays with the registry, and nothing of the person anywhere else."""
    seen = Canaries()
    seen.add("name", leaver.last_name, leaver.first_name, at=["registry"])
    seen.add("address", leaver.email, at=["registry"])
    assert await search_rows(it.live.stack, seen) == set()


async def check_going_on(it: Restoring, lives: Lives) -> None:
    """A correction is believed by the others, the same name gets another login, and both people get in."""
    story, registrar = it.journal.story, await it.live.operator("registrar")
    path = f"/registry/schools/{lives.school.school_id}"
    etag = (await it.live.call("GET", path)).headers["ETag"]
    await story.ok("PATCH", path, json={"short_name": "Школа № 1"}, headers={**registrar, "If-Match": etag})

    async def is_copied() -> bool:
        names = [await it.journal.rows(name, "SELECT short_name FROM school") for name in COPIES]
        return all(any(row["short_name"] == "Школа № 1" for row in rows) for rows in names)

    await until(is_copied, "the others take the next version in")
    twin = Person("Новикова", "Алла")  # whose readable login is the newcomer's
    await story.enrol(lives.school, twin)
    login, session = await story.settled_in(twin, lives.school)
    assert login != "novikova.as"
    assert (await story.workplace(session)).status_code == 200
    await it.journal.recover(monotonic())
    await it.journal.check()
