"""How an account is erased: every way in is one way, silence is noticed, and the record proves it."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import asyncpg
import pytest
from chassis.outbox import new_id
from ekis_contracts.cabinet import PersonalDataErased
from ekis_contracts.identity import AccountDisabled, AccountErased, AccountResumed
from ekis_contracts.registry import StaffLeft
from identity.loops import OVERDUE
from waiting import until

from .callers import CALLED, Help
from .people import NEW_PASSWORD, Desk, Issued, Person, bearer

HOLDERS: list[Any] = ["cabinet", "notify", "registry"]


async def act(desk: Desk, one: Issued, step: str, headers: dict[str, str], **more: Any) -> int:
    path = f"/identity/accounts/{one.account_id}/{step}"
    return (await desk.http.post(path, json={"reason": "по заявлению"} | more, headers=headers)).status_code


async def by_herself(desk: Desk, one: Issued) -> None:
    answer = await desk.http.post(
        "/identity/disable-requests", json={"password": NEW_PASSWORD}, headers=bearer(one.session)
    )
    assert answer.status_code == 202, answer.text


async def by_the_desk(desk: Desk, one: Issued) -> None:
    case = await Help(desk).linked("disable-account", one)
    assert await Help(desk).do(case, "disable-account", CALLED) == (200, "")


async def by_the_head(desk: Desk, one: Issued) -> None:
    head = desk.it.signed_in(category="head", school_id=one.person.school_id, staff_id=new_id())
    assert await act(desk, one, "disable", head) == 202


async def by_the_department(desk: Desk, one: Issued) -> None:
    assert await act(desk, one, "disable", desk.by("admin"), ticket=await desk.case()) == 202


async def leave(desk: Desk, one: Issued, reason: str = "dismissed") -> None:
    person = one.person
    await desk.it.tell(StaffLeft(staff_id=person.staff_id, school_id=person.school_id, reason=reason), 9)
    await desk.published()


async def by_leaving(desk: Desk, one: Issued, reason: str = "dismissed") -> None:
    await leave(desk, one, reason)
    desk.it.clock.move(timedelta(days=14, minutes=1))
    await desk.it.run_loops()


async def by_liquidation(desk: Desk, one: Issued) -> None:
    await by_leaving(desk, one, "liquidated")


WAYS: dict[Callable[[Desk, Issued], Awaitable[None]], str] = {
    by_herself: "self",
    by_the_desk: "desk",
    by_the_head: "head",
    by_the_department: "department",
    by_leaving: "left-roll",
    by_liquidation: "left-roll",
}


async def rows(desk: Desk, sql: str, *args: Any) -> list[dict[str, Any]]:
    return [dict(row) for row in await desk.it.runtime.database.pool.fetch(sql, *args)]


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
async def test_every_way_in_ends_alike(desk: Desk, way: Callable[[Desk, Issued], Awaitable[None]]) -> None:
    active = await desk.active()
    await way(desk, active)
    (disabled,) = [one for one in await desk.told() if isinstance(one, AccountDisabled)]
    assert (disabled.account_id, disabled.state, disabled.channel) == (active.account_id, "disabled", WAYS[way])
    assert desk.address(disabled.contact) == "anna@mail.example", "whom the notice goes to"
    (kept,) = await rows(desk, "SELECT password_hash, one_time FROM account WHERE id = $1", active.account_id)
    assert kept == {"password_hash": None, "one_time": None}
    assert await rows(desk, "SELECT * FROM session WHERE account_id = $1", active.account_id) == []
    assert (await desk.sign_in(active.login, NEW_PASSWORD)).status_code == 401
    (ground,) = await rows(desk, "SELECT act FROM audit WHERE act = 'disable' AND account_id = $1", active.account_id)
    assert ground
    await desk.give_receipts(active.account_id)
    assert (await desk.said(AccountErased)).state == "erased"
    again = await desk.issued(Person(name=active.person.name), "anna2@mail.example")
    assert again.login != active.login, "a login is never given twice"


async def test_a_request_that_ends_takes_its_unused_account_the_same_way(desk: Desk) -> None:
    issued = await desk.issued()
    assert (await desk.http.post(f"{issued.ticket.path}/withdraw", headers=issued.ticket.headers)).status_code == 202
    (disabled,) = [one for one in await desk.told() if isinstance(one, AccountDisabled)]
    assert disabled.channel == "request-closed"
    await desk.give_receipts(issued.account_id)
    assert (await desk.said(AccountErased)).state == "erased"
    again = await desk.issued(issued.person, "anna2@mail.example")
    assert again.login != issued.login


async def test_who_came_back_within_14_days_goes_on_under_the_new_record(desk: Desk) -> None:
    active, back = await desk.active(), Person(post="завуч")
    await leave(desk, active)
    resume = {"staff_id": str(back.staff_id), "ticket": await desk.case(active.account_id)}
    assert await act(desk, active, "resume", desk.by("support"), **resume) == 409, "the roll has not told of it yet"
    await desk.enrol(back)
    assert await act(desk, active, "resume", desk.by("support"), **resume) == 202
    resumed = await desk.said(AccountResumed)
    assert (resumed.staff_id, resumed.post, resumed.state) == (back.staff_id, "завуч", "active")
    desk.it.clock.move(timedelta(days=15))
    await desk.it.run_loops()
    assert (await desk.sign_in(active.login, NEW_PASSWORD)).status_code == 200
    ticket = await desk.ask("other@mail.example")
    await desk.verify(ticket, back)
    assert [type(one).__name__ for one in await desk.told()] == ["AccountRequestClosed"], "one account"
    back.post = "директор"
    await desk.change(back, 2, ["post"])
    (account,) = await rows(desk, "SELECT post FROM account WHERE id = $1", active.account_id)
    assert account["post"] == "директор", "and it follows the roll again"
    await desk.it.tell(StaffLeft(staff_id=back.staff_id, school_id=back.school_id, reason="dismissed"), 9)
    assert (await desk.sign_in(active.login, NEW_PASSWORD)).status_code == 401


@pytest.mark.parametrize("unfit", ["ended", "taken", "own"])
async def test_an_unfit_record_takes_no_account_back(desk: Desk, unfit: str) -> None:
    active, other = await desk.active(), Person()
    await desk.enrol(active.person)
    if unfit == "taken":
        await desk.issued(other, "other@mail.example")
    elif unfit == "ended":
        await desk.it.tell(StaffLeft(staff_id=other.staff_id, school_id=other.school_id, reason="dismissed"), 9)
    await leave(desk, active)
    record, ticket = active.person if unfit == "own" else other, await desk.case(active.account_id)
    unfit_record = {"staff_id": str(record.staff_id), "ticket": ticket}
    assert await act(desk, active, "resume", desk.by("support"), **unfit_record) == 409
    assert await act(desk, active, "resume", desk.by("support"), ticket=ticket) == 202, "nothing has changed"


async def receipt(desk: Desk, account_id: UUID, service: Any, **counts: int) -> None:
    now = desk.it.clock()
    await desk.it.tell(PersonalDataErased(account_id=account_id, service=service, counts=counts, erased_at=now))


async def test_a_receipt_takes_the_staff_record_before_the_account(desk: Desk) -> None:
    """As who is taken back does: two orders would wait for each other."""
    active, waiting = await desk.active(), "SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
    await desk.enrol(active.person)
    await by_herself(desk, active)
    for service in ("cabinet", "notify"):
        await receipt(desk, active.account_id, service)
    connection, pool = await asyncpg.connect(desk.it.dsn), desk.it.runtime.database.pool

    async def has_come() -> bool:
        return bool(await pool.fetch(f"{waiting} AND datname = current_database()"))

    async with connection.transaction():
        await connection.execute("SELECT FROM staff WHERE staff_id = $1 FOR UPDATE", active.person.staff_id)
        last = asyncio.create_task(receipt(desk, active.account_id, "registry"))
        await until(has_come, "the last receipt has come to the lock", 10)
        await connection.execute("SELECT FROM account WHERE id = $1 FOR UPDATE NOWAIT", active.account_id)
    await last
    await connection.close()
    assert (await desk.said(AccountErased)).state == "erased"


async def test_receipts_are_asked_for_again_with_growing_pauses(desk: Desk) -> None:
    active = await desk.active()
    await by_herself(desk, active)
    await desk.published()
    asked = []
    for hour in range(1, 100):
        desk.it.clock.move(timedelta(hours=1, seconds=1))
        await desk.it.run_loops()
        asked += [hour] * len(await desk.published())
    assert asked == [1, 3, 7, 15, 31, 55, 79], "after 1, 2, 4, 8, 16 hours, then once a day"
    await desk.give_receipts(active.account_id)
    await desk.published()
    desk.it.clock.move(timedelta(days=2))
    await desk.it.run_loops()
    assert await desk.published() == []


async def overdue(desk: Desk, role: str = "security", query: str = "overdue=true") -> list[dict[str, Any]]:
    answer = await desk.http.get(f"/identity/erasures?{query}", headers=desk.by(role))
    assert answer.status_code == 200, answer.text
    return list(answer.json()["items"])


async def test_who_is_silent_for_a_day_is_named(desk: Desk) -> None:
    active = await desk.active()
    await by_herself(desk, active)
    await receipt(desk, active.account_id, "notify", mails=2)
    assert await overdue(desk) == []
    (waiting,) = await overdue(desk, query="overdue=false")
    assert (waiting["overdue"], waiting["asks"]) == (False, 1)
    desk.it.clock.move(timedelta(days=1, minutes=1))
    for _ in range(2):
        await desk.it.run_loops()
    (late,) = await overdue(desk, "admin")
    assert late["account_id"] == str(active.account_id)
    assert [one["service"] for one in late["missing"]] == ["cabinet", "registry"]
    assert {one["since"] for one in late["missing"]} == {late["disabled_at"]}
    written = await rows(desk, "SELECT by_account, details FROM audit WHERE act = 'erasure-overdue'")
    assert written == [{"by_account": None, "details": '{"missing": "cabinet, registry"}'}], "once"
    assert OVERDUE._value.get() == 1
    for service in ("cabinet", "registry"):
        await receipt(desk, active.account_id, service)
    await desk.it.run_loops()
    assert (await overdue(desk), OVERDUE._value.get()) == ([], 0)


async def test_the_list_is_paged_and_for_security_and_admin_alone(desk: Desk) -> None:
    people = [await desk.active(Person(), f"p{number}@mail.example") for number in range(3)]
    for one in people:
        await by_herself(desk, one)
    first = await desk.http.get("/identity/erasures?limit=2", headers=desk.by("security"))
    rest = await overdue(desk, query=f"limit=2&cursor={first.json()['next']}")
    seen = [one["account_id"] for one in [*first.json()["items"], *rest]]
    assert seen == [str(one.account_id) for one in people]
    for role in ("support", "registrar", "editor"):
        assert (await desk.http.get("/identity/erasures", headers=desk.by(role))).status_code == 403, role
    assert (await desk.http.get("/identity/erasures")).status_code == 401


async def record(desk: Desk, account_id: UUID, role: str = "security", lang: str = "ru") -> Any:
    headers = desk.by(role) | {"Accept-Language": lang}
    return await desk.http.get(f"/identity/accounts/{account_id}/erasure.html", headers=headers)


async def test_there_is_no_record_before_everything_is_erased(desk: Desk) -> None:
    active = await desk.active()
    assert ((early := await record(desk, active.account_id)).status_code, early.json()["code"]) == (409, "wrong-step")
    await by_herself(desk, active)
    await receipt(desk, active.account_id, "cabinet", workplaces=1)
    answer = await record(desk, active.account_id)
    assert (answer.status_code, answer.json()["code"]) == (409, "erasure-incomplete")
    assert answer.json()["missing"] == ["notify", "registry"]
    assert "notify, registry" in answer.json()["title"]


async def test_the_record_says_what_where_how_many_when_why_and_who_asked(desk: Desk) -> None:
    active, helped = await desk.active(), Help(desk)
    case = await helped.linked("disable-account", active)
    asked = {"check": "callback", "note": "просит Иванова Анна"}
    assert await helped.do(case, "disable-account", asked) == (200, "")
    await receipt(desk, active.account_id, "cabinet", workplaces=1, names=1)
    await receipt(desk, active.account_id, "notify", mails=37, addresses=1)
    await receipt(desk, active.account_id, "registry", requests=1, **{"<b>novelties": 5})
    page = await record(desk, active.account_id)
    assert page.status_code == 200
    assert page.headers["content-disposition"] == f'attachment; filename="erasure-{active.account_id}.html"'
    text = page.text
    for words in (
        f"учётная запись {active.account_id}",
        "приказа Роскомнадзора от 28.10.2022 № 179",
        "отключена службой поддержки по обращению",
        f"Обращение {case.number}.",
        "Выгрузка из журнала",
        "уничтожение завершено",
        "&lt;b&gt;novelties",
        "size: A4",
    ):
        assert words in text, words
    table = re.findall(r"<td>([^<]*)</td><td>([^<]*)</td><td class=\"number\">(\d+)</td>", text)
    assert ("Рассылка писем", "письма: получатель и содержание", "37") in table
    assert ("Личный кабинет", "сведения о рабочем месте: телефон, кабинет, предметы", "1") in table
    assert ("Учётные записи", "логин", "1") in table
    assert ("Учётные записи", "сеансы и названия устройств", "1") in table
    for personal in ("Иванова", "Анна", "anna@mail.example", "просит", active.login, "http://", "https://", "<script"):
        assert personal not in text, personal
    assert "?" not in text, "every text has what it needs"


async def test_the_record_is_english_for_who_reads_english_and_bounded_by_rights(desk: Desk) -> None:
    active = await desk.active()
    await by_herself(desk, active)
    await desk.give_receipts(active.account_id)
    page = (await record(desk, active.account_id, lang="en")).text
    assert "Record of the destruction of personal data" in page
    assert not re.search("[а-яё]", page)
    stranger = desk.it.signed_in(category="head", school_id=new_id())
    path = f"/identity/accounts/{active.account_id}/erasure.html"
    assert (await desk.http.get(path, headers=stranger)).status_code == 404
    assert (await desk.http.get(path, headers=desk.by("editor"))).status_code == 403
