"""Notices: whom they reach, now and later; what is unread; how mail boxes hear of them, page by page."""

from contextlib import suppress
from datetime import timedelta
from uuid import UUID

import pytest
from cabinet.notices.actions import tell_next_page
from chassis.db import new_id
from chassis.testing.opened import Opened
from ekis_contracts.values import Audience

from .conftest import Person
from .people import inbox, put, settle, told

EVERYBODY = Audience()


@pytest.mark.parametrize(
    ("audience", "reached"),
    [
        ({}, True),
        ({"districts": ("Тверской",)}, True),
        ({"districts": ("Центральный",)}, True),
        ({"districts": ("Южное Бутово",)}, False),
        ({"categories": ("employee",)}, True),
        ({"categories": ("head",)}, False),
        ({"posts": ("УЧИТЕЛЬ математики", "методист")}, True),
        ({"posts": ("методист",)}, False),
        ({"posts": ("учитель математики",), "districts": ("Южное Бутово",)}, False),
        ({"school_ids": (UUID(int=1),)}, False),
    ],
    ids=str,
)
async def test_an_audience_is_who_fits_every_list(
    cabinet: Opened, alla: Person, audience: dict[str, tuple[str, ...]], reached: bool
) -> None:
    await settle(cabinet, alla, district="Тверской", okrug="Центральный")
    await put(cabinet, Audience.model_validate(audience))
    assert await inbox(cabinet, alla) == ((["Новое дело"], 1) if reached else ([], 0))
    pages = await told(cabinet)
    assert [event.account_ids for event, _ in pages] == ([[alla.account_id]] if reached else [])


async def test_what_is_unread_is_listed_alone_page_by_page(cabinet: Opened, settled: Person) -> None:
    for number in range(4):
        await put(cabinet, EVERYBODY, title=f"Дело {number}")
    headers = settled.headers(cabinet)
    listed = (await cabinet.http.get("/cabinet/inbox", headers=headers)).json()["items"]
    await cabinet.http.post(f"/cabinet/inbox/{listed[1]['notice_id']}/read", headers=headers)
    first = (await cabinet.http.get("/cabinet/inbox?unread=true&limit=2", headers=headers)).json()
    assert ([one["title"] for one in first["items"]], first["unread"]) == (["Дело 3", "Дело 1"], 3)
    path = f"/cabinet/inbox?unread=true&limit=2&cursor={first['next']}"
    assert [one["title"] for one in (await cabinet.http.get(path, headers=headers)).json()["items"]] == ["Дело 0"]


async def test_a_notice_of_one_school_stays_there(cabinet: Opened) -> None:
    ours, theirs = await settle(cabinet, Person()), await settle(cabinet, Person())
    await put(cabinet, Audience(school_ids=(ours.school_id, new_id())))
    assert (await inbox(cabinet, ours))[1] == 1
    assert (await inbox(cabinet, theirs))[1] == 0
    assert [event.account_ids for event, _ in await told(cabinet)] == [[ours.account_id]]


async def test_a_notice_for_named_accounts_reaches_no_other(cabinet: Opened) -> None:
    one, other, third = [await settle(cabinet, Person()) for _ in range(3)]
    await put(cabinet, [one.account_id, third.account_id])
    assert [(await inbox(cabinet, it))[1] for it in (one, other, third)] == [1, 0, 1]
    ((event, _),) = await told(cabinet)
    assert set(event.account_ids) == {one.account_id, third.account_id}


async def test_who_comes_later_sees_what_still_matters(cabinet: Opened) -> None:
    due = cabinet.clock() + timedelta(days=90)
    await put(cabinet, EVERYBODY, title="Срок через три месяца", due=due)
    await put(cabinet, EVERYBODY, title="Просто новость")
    assert await told(cabinet) == []
    cabinet.clock.move(timedelta(days=7))
    late = await settle(cabinet, Person())
    assert await inbox(cabinet, late) == (["Просто новость", "Срок через три месяца"], 2)
    cabinet.clock.move(timedelta(days=30))
    later = await settle(cabinet, Person())
    assert await inbox(cabinet, later) == (["Срок через три месяца"], 1)
    assert await told(cabinet) == [], "mails are for those who were there"


async def test_only_open_cabinets_are_told(cabinet: Opened, settled: Person) -> None:
    await cabinet.tell(Person().created())
    await cabinet.tell(settled.suspended(), 3)
    await put(cabinet, EVERYBODY)
    await put(cabinet, [settled.account_id])
    assert await told(cabinet) == []
    await cabinet.tell(settled.resumed(), 4)
    assert (await inbox(cabinet, settled))[1] == 2


async def test_a_notice_of_a_thousand_leaves_in_pages_of_500(cabinet: Opened) -> None:
    sql = "INSERT INTO account (account_id, state, school_id, category, post) "
    sql += "SELECT gen_random_uuid(), 'open', gen_random_uuid(), 'employee', 'x' FROM generate_series(1, 1201)"
    await cabinet.runtime.database.pool.execute(sql)
    about, due = await put(cabinet, EVERYBODY, due=cabinet.clock() + timedelta(days=60)), None
    pages = await told(cabinet)
    assert [len(event.account_ids) for event, _ in pages] == [500, 500, 201]
    assert len({account_id for event, _ in pages for account_id in event.account_ids}) == 1201
    assert len({event.notice_id for event, _ in pages}) == 3
    for event, envelope in pages:
        due = event.due
        assert (event.about, envelope.sequence, envelope.expires) == (about, 1, due)
    assert await told(cabinet) == [], "once"


async def test_a_killed_loop_goes_on_where_the_last_page_ended(cabinet: Opened) -> None:
    sql = "INSERT INTO account (account_id, state) SELECT gen_random_uuid(), 'open' FROM generate_series(1, 700)"
    await cabinet.runtime.database.pool.execute(sql)
    await put(cabinet, EVERYBODY)
    async with cabinet.runtime.database.transaction() as tx:
        await tell_next_page(tx)
    with suppress(KeyError):
        async with cabinet.runtime.database.transaction() as tx:
            await tell_next_page(tx)
            raise KeyError
    pages = await told(cabinet)
    assert [len(event.account_ids) for event, _ in pages] == [500, 200]
    assert len({account_id for event, _ in pages for account_id in event.account_ids}) == 700


async def test_what_one_loop_has_in_hand_no_other_tells(cabinet: Opened, settled: Person) -> None:
    first, second = await put(cabinet, EVERYBODY), await put(cabinet, EVERYBODY)
    database = cabinet.runtime.database
    async with database.transaction() as one, database.transaction() as other, database.transaction() as third:
        assert [await tell_next_page(tx) for tx in (one, other, third)] == [True, True, False]
    pages = await told(cabinet)
    assert sorted(event.about for event, _ in pages) == sorted([first, second])


async def test_reading_marks_one_or_all_and_repeating_changes_nothing(cabinet: Opened, settled: Person) -> None:
    for title in ("Первое", "Второе", "Третье"):
        await put(cabinet, EVERYBODY, title=title)
    headers = settled.headers(cabinet)
    items = (await cabinet.http.get("/cabinet/inbox?limit=2", headers=headers)).json()
    assert [one["title"] for one in items["items"]] == ["Третье", "Второе"]
    rest = (await cabinet.http.get(f"/cabinet/inbox?cursor={items['next']}", headers=headers)).json()
    assert ([one["title"] for one in rest["items"]], rest["next"], rest["unread"]) == (["Первое"], None, 3)
    for _ in range(2):
        path = f"/cabinet/inbox/{items['items'][0]['notice_id']}/read"
        assert (await cabinet.http.post(path, headers=headers)).status_code == 204
        assert (await inbox(cabinet, settled))[1] == 2
    assert (await cabinet.http.post("/cabinet/inbox/read-all", headers=headers)).status_code == 204
    assert await inbox(cabinet, settled) == (["Третье", "Второе", "Первое"], 0)
    await put(cabinet, EVERYBODY)
    assert (await inbox(cabinet, settled))[1] == 1


async def test_what_lies_in_anothers_inbox_is_not_there(cabinet: Opened, settled: Person) -> None:
    stranger = await settle(cabinet, Person())
    await put(cabinet, [settled.account_id])
    ((item,),) = [(await cabinet.http.get("/cabinet/inbox", headers=settled.headers(cabinet))).json()["items"]]
    path = f"/cabinet/inbox/{item['notice_id']}/read"
    assert (await cabinet.http.post(path, headers=stranger.headers(cabinet))).status_code == 404
    assert (await inbox(cabinet, settled))[1] == 1
    closed = await cabinet.http.get("/cabinet/inbox", headers=Person().headers(cabinet))
    assert (closed.status_code, closed.json()["code"]) == (409, "cabinet-closed")
    broken = await cabinet.http.get("/cabinet/inbox?cursor=W10", headers=settled.headers(cabinet))
    assert (broken.status_code, broken.json()["code"]) == (422, "cursor-malformed")


async def test_what_is_over_is_dropped_with_its_marks(cabinet: Opened, settled: Person) -> None:
    await put(cabinet, EVERYBODY)
    await cabinet.http.post("/cabinet/inbox/read-all", headers=settled.headers(cabinet))
    cabinet.clock.move(timedelta(days=31))
    assert await inbox(cabinet, settled) == ([], 0)
    await cabinet.run_loops()
    pool = cabinet.runtime.database.pool
    for table in ("notice", "notice_reach", "notice_read"):
        assert await pool.fetchval(f"SELECT count(*) FROM {table}") == 0, table


async def test_the_end_of_an_account_takes_its_marks_along(cabinet: Opened, settled: Person) -> None:
    await put(cabinet, EVERYBODY)
    await put(cabinet, [settled.account_id])
    await cabinet.http.post("/cabinet/inbox/read-all", headers=settled.headers(cabinet))
    await told(cabinet)
    await cabinet.tell(settled.disabled(), 3)
    ((receipt, _),) = await cabinet.published()
    assert receipt.counts["inbox"] == 3
    pool = cabinet.runtime.database.pool
    for table in ("notice_reach WHERE place", "notice_read WHERE account_id"):
        assert await pool.fetchval(f"SELECT count(*) FROM {table} = $1", settled.account_id) == 0
