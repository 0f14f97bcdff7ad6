"""News: written by an editor or a head, out at once or by itself, seen by whom it is for, counted and archived."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from cabinet.news.actions import news_for_update, publish_news, publish_next_due
from cabinet.news.domain import DEPARTMENT
from chassis.db import new_id
from chassis.testing.opened import Opened
from ekis_contracts.cabinet import NewsPublished, NoticeAddressed
from waiting import until

from .conftest import Person
from .people import inbox, settle

TEXT = {"title": "Педсовет", "body": "Во вторник в актовом зале."}


class Desk:
    """An author at work, signed in anew each time: clocks move here."""

    def __init__(self, it: Opened, **claims: Any) -> None:
        self.it, self.claims = it, claims

    async def ask(self, method: str, path: str, **options: Any) -> Any:
        headers = self.it.signed_in(**self.claims) | options.pop("headers", {})
        return await self.it.http.request(method, f"/cabinet/news{path}", headers=headers, **options)

    async def write(self, **said: Any) -> str:
        answer = await self.ask("POST", "", json=TEXT | said)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["news_id"])

    async def act(self, news_id: str, step: str, body: Any = None, *, method: str = "POST", match: str = "*") -> Any:
        return await self.ask(method, f"/{news_id}{step}", json=body, headers={"If-Match": match})

    async def publish(self, **said: Any) -> str:
        news_id = await self.write(**said)
        answer = await self.act(news_id, "/publish")
        assert answer.status_code == 200, answer.text
        return news_id


def head_of(it: Opened, person: Person) -> Desk:
    return Desk(it, account_id=person.account_id, category="head", school_id=person.school_id)


@pytest.fixture
def editor(cabinet: Opened) -> Desk:
    return Desk(cabinet, account_id=new_id(), roles=["editor"])


async def seen(it: Opened, person: Person) -> list[str]:
    answer = await it.http.get("/cabinet/news", headers=person.headers(it))
    assert answer.status_code == 200, answer.text
    return [one["title"] for one in answer.json()["items"]]


async def test_a_published_item_is_read_told_and_counted(cabinet: Opened, editor: Desk, settled: Person) -> None:
    news_id = await editor.publish(audience={"posts": ["Учитель математики"]})
    await settle(cabinet, Person(post="Завуч"))
    assert await seen(cabinet, settled) == ["Педсовет"]
    assert await inbox(cabinet, settled) == (["Педсовет"], 1)
    await cabinet.run_loops()
    news, page = await cabinet.published()
    assert isinstance(news[0], NewsPublished)
    assert (str(news[0].news_id), news[0].audience.posts, news[1].sequence) == (news_id, ("учитель математики",), 1)
    assert isinstance(page[0], NoticeAddressed)
    assert (page[0].kind, page[0].page, page[0].account_ids) == ("news", f"/news/{news_id}", [settled.account_id])
    for _ in range(2):
        opened = await cabinet.http.get(f"/cabinet/news/{news_id}", headers=settled.headers(cabinet))
        assert opened.json()["body"] == TEXT["body"]
        assert (await inbox(cabinet, settled))[1] == 0, "its notice is read too"
        counts = (await editor.ask("GET", f"/written/{news_id}/counts")).json()
        assert counts == {"addressed": 1, "read": 1}


@pytest.mark.parametrize(
    ("whose", "titles"), [("", ["От школы", "От города"]), ("city", ["От города"]), ("school", ["От школы"])]
)
async def test_news_of_the_city_and_of_the_school_can_be_told_apart(
    cabinet: Opened, editor: Desk, settled: Person, whose: str, titles: list[str]
) -> None:
    await editor.publish(title="От города")
    cabinet.clock.move(timedelta(minutes=1))
    await head_of(cabinet, settled).publish(title="От школы")
    path = "/cabinet/news" + (f"?whose={whose}" if whose else "")
    answer = await cabinet.http.get(path, headers=settled.headers(cabinet))
    assert [one["title"] for one in answer.json()["items"]] == titles


async def test_news_of_a_school_stay_there(cabinet: Opened) -> None:
    ours, theirs = await settle(cabinet, Person()), await settle(cabinet, Person())
    news_id = await head_of(cabinet, ours).publish()
    assert (await seen(cabinet, ours), await seen(cabinet, theirs)) == (["Педсовет"], [])
    assert ((await inbox(cabinet, ours))[1], (await inbox(cabinet, theirs))[1]) == (1, 0)
    assert (await cabinet.http.get(f"/cabinet/news/{news_id}", headers=theirs.headers(cabinet))).status_code == 404
    refused = await head_of(cabinet, ours).ask(
        "POST", "", json=TEXT | {"audience": {"school_ids": [str(theirs.school_id)]}}
    )
    assert (refused.status_code, refused.json()["code"]) == (422, "audience-own-school")
    assert (await head_of(cabinet, theirs).act(news_id, "/archive")).status_code == 404


async def test_a_scheduled_item_comes_out_by_itself_once(cabinet: Opened, editor: Desk, settled: Person) -> None:
    news_id = await editor.write()
    at = cabinet.clock() + timedelta(hours=5)
    answer = await editor.act(news_id, "/schedule", {"publish_at": at.isoformat()})
    assert (answer.status_code, answer.json()["state"]) == (200, "scheduled")
    cabinet.clock.move(timedelta(hours=4))
    await cabinet.run_loops()
    assert await seen(cabinet, settled) == []
    cabinet.clock.move(timedelta(hours=1, seconds=1))
    async with cabinet.runtime.database.transaction() as tx, cabinet.runtime.database.transaction() as other:
        assert (await publish_next_due(tx), await publish_next_due(other)) == (True, False)
    await cabinet.run_loops()
    assert await seen(cabinet, settled) == ["Педсовет"]
    assert [event.topic for event in await cabinet.published_events()].count("news-published") == 1


async def test_a_scheduled_item_can_be_taken_back(cabinet: Opened, editor: Desk, settled: Person) -> None:
    news_id = await editor.write()
    at = cabinet.clock() + timedelta(hours=1)
    await editor.act(news_id, "/schedule", {"publish_at": at.isoformat()})
    assert (await editor.act(news_id, "/withdraw")).json()["publish_at"] is None
    cabinet.clock.move(timedelta(hours=2))
    await cabinet.run_loops()
    assert await seen(cabinet, settled) == []
    past = await editor.act(news_id, "/schedule", {"publish_at": at.isoformat()})
    assert (past.status_code, past.json()["code"]) == (422, "schedule-out-of-range")


async def test_pinned_ones_come_first_and_are_few(cabinet: Opened, editor: Desk, settled: Person) -> None:
    for number in range(4):
        await editor.publish(title=f"Новость {number}", pinned=number in (0, 1))
    await head_of(cabinet, settled).publish(title="Школьная", pinned=True)
    order = ["Школьная", "Новость 1", "Новость 0", "Новость 3", "Новость 2"]
    assert await seen(cabinet, settled) == order
    paged, cursor = [], ""
    while cursor is not None:
        path = f"/cabinet/news?limit=2{cursor and f'&cursor={cursor}'}"
        answer = (await cabinet.http.get(path, headers=settled.headers(cabinet))).json()
        paged += [one["title"] for one in answer["items"]]
        cursor = answer["next"]
    assert paged == order
    await editor.publish(title="Третья", pinned=True)
    extra = await editor.act(await editor.write(pinned=True), "/publish")
    assert (extra.status_code, extra.json()["code"]) == (409, "too-many-pinned")


async def test_of_two_last_pins_at_once_one_holds(cabinet: Opened, editor: Desk) -> None:
    for _ in range(2):
        await editor.publish(pinned=True)
    third, fourth = UUID(await editor.write(pinned=True)), await editor.write(pinned=True)
    database = cabinet.runtime.database
    waiting = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
    async with database.transaction() as tx:
        await publish_news(tx, await news_for_update(tx, third, DEPARTMENT, new_id()))
        rival = asyncio.create_task(editor.act(fourth, "/publish"))

        async def is_decided() -> bool:
            return rival.done() or await database.pool.fetchval(waiting) > 0

        await until(is_decided, "the other waits for the first")
    assert ((await rival).status_code, (await rival).json()["code"]) == (409, "too-many-pinned")


async def test_unpinning_a_published_item_is_told_with_the_next_version(cabinet: Opened, editor: Desk) -> None:
    news_id = await editor.publish(pinned=True)
    assert (await editor.act(news_id, "", TEXT | {"title": "Опечатка"}, method="PUT")).status_code == 200
    assert (await editor.act(news_id, "", TEXT | {"title": "Ещё"}, method="PUT")).status_code == 200
    told = [(event.pinned, envelope.sequence) for event, envelope in await cabinet.published()]
    assert told == [(True, 1), (False, 2)]
    frozen = await editor.act(news_id, "", TEXT | {"audience": {"posts": ["завуч"]}}, method="PUT")
    assert (frozen.status_code, frozen.json()["code"]) == (409, "audience-frozen")


async def test_an_edited_title_is_that_of_the_notice_too(cabinet: Opened, editor: Desk, settled: Person) -> None:
    news_id = await editor.publish()
    assert (await editor.act(news_id, "", TEXT | {"title": "Педсовет в среду"}, method="PUT")).status_code == 200
    assert (await inbox(cabinet, settled))[0] == ["Педсовет в среду"]


async def test_archived_news_leave_lists_and_inboxes(cabinet: Opened, editor: Desk, settled: Person) -> None:
    news_id = await editor.publish()
    assert (await inbox(cabinet, settled))[1] == 1
    assert (await editor.act(news_id, "/archive")).status_code == 200
    assert (await seen(cabinet, settled), await inbox(cabinet, settled)) == ([], ([], 0))
    again = await editor.act(news_id, "/publish")
    assert (again.status_code, again.json()["code"]) == (409, "wrong-step")
    listed = (await editor.ask("GET", "/written?state=archived")).json()["items"]
    assert [one["news_id"] for one in listed] == [news_id]


@pytest.mark.parametrize("step", ["PUT", "/publish", "/schedule", "/archive"])
async def test_a_stale_edit_is_refused_with_what_is_there(cabinet: Opened, editor: Desk, step: str) -> None:
    news_id = await editor.write()
    await editor.act(news_id, "", TEXT | {"title": "Новее"}, method="PUT", match='"1"')
    body = {"publish_at": (cabinet.clock() + timedelta(days=1)).isoformat()} if step == "/schedule" else TEXT
    way = {"method": "PUT", "match": '"1"'} if step == "PUT" else {"match": '"1"'}
    stale = await editor.act(news_id, "" if step == "PUT" else step, body, **way)
    assert (stale.status_code, stale.json()["code"], stale.headers["ETag"]) == (412, "stale-version", '"2"')
    assert stale.json()["current"]["title"] == "Новее"


async def test_writing_twice_with_one_key_makes_one_draft(editor: Desk) -> None:
    answers = [await editor.ask("POST", "", json=TEXT, headers={"Idempotency-Key": "k"}) for _ in range(2)]
    assert len({answer.json()["news_id"] for answer in answers}) == 1
    assert len((await editor.ask("GET", "/written")).json()["items"]) == 1


async def test_nothing_is_written_at_a_closed_school(cabinet: Opened, settled: Person) -> None:
    desk = head_of(cabinet, settled)
    news_id = await desk.publish()
    await cabinet.tell(settled.school(status="closed"), 2)
    for answer in (await desk.ask("POST", "", json=TEXT), await desk.act(news_id, "/archive")):
        assert (answer.status_code, answer.json()["code"]) == (409, "school-closed")
    assert await seen(cabinet, settled) == ["Педсовет"]


async def test_marks_go_with_the_account(cabinet: Opened, editor: Desk, settled: Person) -> None:
    news_id = await editor.publish()
    await cabinet.http.get(f"/cabinet/news/{news_id}", headers=settled.headers(cabinet))
    await cabinet.published()
    await cabinet.tell(settled.disabled(), 3)
    ((receipt, _),) = await cabinet.published()
    assert (receipt.counts["news-marks"], receipt.counts["inbox"]) == (1, 1)
    assert (await editor.ask("GET", f"/written/{news_id}/counts")).json() == {"addressed": 0, "read": 0}


async def public(it: Opened) -> list[str]:
    answer = await it.http.get("/cabinet/news/public")
    assert answer.status_code == 200, answer.text
    assert answer.headers["Cache-Control"] == "public, max-age=60"
    return [one["title"] for one in answer.json()["items"]]


async def test_strangers_read_what_is_out_and_public_and_nothing_else(
    cabinet: Opened, editor: Desk, settled: Person
) -> None:
    await editor.publish(title="Всем сотрудникам")
    await editor.publish(title="Завучам", audience={"posts": ["завуч"]})
    await head_of(cabinet, settled).publish(title="Школе")
    draft = await editor.write(title="Черновик", is_public=True)
    later = await editor.write(title="Потом", is_public=True)
    await editor.act(later, "/schedule", {"publish_at": (cabinet.clock() + timedelta(days=1)).isoformat()})
    shown = await editor.publish(title="Горожанам", is_public=True)
    assert await public(cabinet) == ["Горожанам"]
    read = await cabinet.http.get(f"/cabinet/news/public/{shown}")
    assert set(read.json()) == {"news_id", "title", "body", "published_at"}, "neither the author nor the audience"
    every = await cabinet.runtime.database.pool.fetch("SELECT news_id FROM news")
    assert draft in {str(one["news_id"]) for one in every}
    for (news_id,) in every:
        expected = 200 if str(news_id) == shown else 404
        assert (await cabinet.http.get(f"/cabinet/news/public/{news_id}")).status_code == expected
    assert (await editor.act(shown, "/archive")).status_code == 200
    assert await public(cabinet) == []
    assert (await cabinet.http.get(f"/cabinet/news/public/{shown}")).status_code == 404


async def test_an_item_that_is_out_is_put_on_the_public_page_and_taken_off(cabinet: Opened, editor: Desk) -> None:
    news_id = await editor.publish()
    for is_public, expected in ((True, ["Педсовет"]), (False, [])):
        answer = await editor.act(news_id, "", TEXT | {"is_public": is_public}, method="PUT")
        assert answer.json()["is_public"] == is_public
        assert await public(cabinet) == expected


async def test_public_news_come_by_pages_pinned_first(cabinet: Opened, editor: Desk) -> None:
    for title, pinned in (("1", False), ("2", True), ("3", False)):
        await editor.publish(title=title, pinned=pinned, is_public=True)
    seen, cursor = [], ""
    for _ in range(3):
        answer = (await cabinet.http.get(f"/cabinet/news/public?limit=1{cursor}")).json()
        seen += [one["title"] for one in answer["items"]]
        cursor = f"&cursor={answer['next']}"
    assert seen == ["2", "3", "1"]


async def test_only_the_departments_news_for_everybody_may_be_public(
    cabinet: Opened, editor: Desk, settled: Person
) -> None:
    narrow = {"is_public": True, "audience": {"categories": ["head"]}}
    for desk, said in ((head_of(cabinet, settled), {"is_public": True}), (editor, narrow)):
        answer = await desk.ask("POST", "", json=TEXT | said)
        assert answer.status_code == 422
        assert answer.json()["errors"][0]["pointer"] == "/is_public"
    assert await public(cabinet) == []
