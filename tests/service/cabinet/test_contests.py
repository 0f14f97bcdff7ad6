"""Contests: written, announced, entered, ended; who sees what; every wrong step is refused."""

from datetime import timedelta
from typing import Any

import pytest
from chassis.db import new_id
from chassis.testing.opened import Opened
from ekis_contracts.cabinet import ContestAnnounced, NoticeAddressed

from .conftest import Person
from .contests import Board, colleague, enter, entry, headed, listed, mine, seen, withdraw
from .people import inbox, settle


@pytest.fixture
def editor(cabinet: Opened) -> Board:
    return Board(cabinet)


def code(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


async def test_an_announced_contest_is_read_told_entered_and_confirmed(
    cabinet: Opened, editor: Board, settled: Person
) -> None:
    contest_id = await editor.announce(audience={"posts": ["Учитель Математики"]}, capacity=3)
    stranger = await settle(cabinet, Person(post="Завуч"))
    assert (await listed(cabinet, settled), await listed(cabinet, stranger)) == (["Учитель года"], [])
    assert (await inbox(cabinet, settled), await inbox(cabinet, stranger)) == ((["Учитель года"], 1), ([], 0))
    await cabinet.run_loops()
    announced, page = await cabinet.published_events()
    assert isinstance(announced, ContestAnnounced)
    assert (str(announced.contest_id), announced.audience.posts) == (contest_id, ("учитель математики",))
    assert isinstance(page, NoticeAddressed)
    assert (page.kind, page.page, page.account_ids) == ("contest", f"/contests/{contest_id}", [settled.account_id])
    assert page.due == announced.closes_at

    entry_id = await entry(cabinet, contest_id, settled, text="О дробях", team="Пифагоры", pupils=12)
    assert (await inbox(cabinet, settled))[0] == ["Вы участвуете: Учитель года", "Учитель года"]
    card = await seen(cabinet, contest_id, settled)
    assert (card["places_left"], card["refusal"], card["may_withdraw"]) == (2, "already-entered", True)
    own = card["mine"]
    assert (own["entry_id"], own["state"], own["text"], own["team"], own["pupils"]) == (
        entry_id, "accepted", "О дробях", "Пифагоры", 12,
    )  # fmt: skip
    assert (await inbox(cabinet, settled))[1] == 0, "who has seen the page has read what was told of it"
    await cabinet.run_loops()
    decided, confirmation = await cabinet.published()
    assert (decided[0].state, str(decided[0].entry_id), decided[1].sequence) == ("accepted", entry_id, 1)
    assert (confirmation[0].about, confirmation[0].account_ids) == (decided[0].entry_id, [settled.account_id])


async def test_lists_of_what_is_open_mine_and_past(cabinet: Opened, editor: Board, settled: Person) -> None:
    for number in range(3):
        await editor.announce(title=f"Открыт {number}", days={"closes_at": 7 - number, "starts_at": None})
    await editor.announce(title="Скоро", days={"opens_at": 1, "closes_at": 2})
    await editor.write(title="Черновик")
    entered = await editor.announce(title="Мой", days={"closes_at": 2})
    over = await editor.announce(title="Закрытый")
    await editor.ok("POST", f"/{over}/close")
    entry_id = await entry(cabinet, entered, settled)
    for limit in (1, 2, 50):
        assert await listed(cabinet, settled, limit=limit) == ["Скоро", "Открыт 2", "Открыт 1", "Открыт 0"]
        assert await listed(cabinet, settled, "mine", limit=limit) == ["Мой"]
        assert await listed(cabinet, settled, "past", limit=limit) == ["Закрытый"]
    cabinet.clock.move(timedelta(days=6))
    assert await listed(cabinet, settled) == ["Открыт 0"]
    assert await listed(cabinet, settled, "past", limit=1) == ["Открыт 1", "Открыт 2", "Мой", "Скоро", "Закрытый"]
    await withdraw(cabinet, entry_id, settled)
    assert await listed(cabinet, settled, "mine") == ["Мой"]


async def test_a_school_s_contest_stays_there(cabinet: Opened, settled: Person) -> None:
    theirs = await settle(cabinet, Person())
    head, _ = await headed(cabinet, settled)
    contest_id = await Board(cabinet, head).announce()
    assert (await listed(cabinet, settled), await listed(cabinet, theirs)) == (["Учитель года"], [])
    assert (await enter(cabinet, contest_id, theirs)).status_code == 404
    refused = await Board(cabinet, head).ask(
        "POST", "", json=Board(cabinet).plan(audience={"school_ids": [str(theirs.school_id)]})
    )
    assert code(refused) == (422, "audience-own-school")
    assert (await Board(cabinet).ask("GET", f"/written/{contest_id}")).status_code == 404, "nor is it the department's"
    assert (await Board(cabinet).ask("GET", f"/{contest_id}/entries")).status_code == 404
    await entry(cabinet, contest_id, settled)
    assert await Board(cabinet, head).counts(contest_id) == {"accepted": 1}


@pytest.mark.parametrize(
    ("said", "pointer", "problem"),
    [
        ({"days": {"closes_at": -2}}, "/closes_at", "window-order"),
        ({"days": {"starts_at": 6}}, "/starts_at", "starts-before-closing"),
        ({"ends_at": "2020-01-01T00:00:00Z"}, "/ends_at", "moment-out-of-range"),
        ({"days": {"ends_at": 9}}, "/ends_at", "ends-too-early"),
        ({"opens_at": "0001-01-01T00:00:00+14:00"}, "/opens_at", "moment-out-of-range"),
        ({"closes_at": "9999-12-31T23:59:59-14:00"}, "/closes_at", "moment-out-of-range"),
        ({"capacity": 0}, "/capacity", None),
        ({"quota": 10**9}, "/quota", None),
        ({"title": " "}, "/title", None),
        ({"files": [str(new_id())]}, "/files/0", "file-unknown"),
        ({"winner": "me"}, "/winner", None),
    ],
)
async def test_a_wrong_plan_names_the_field(editor: Board, said: Any, pointer: str, problem: str | None) -> None:
    answer = await editor.ask("POST", "", json=editor.plan(**said))
    assert answer.status_code == 422
    assert [one["pointer"] for one in answer.json()["errors"]] == [pointer]
    assert problem is None or answer.json()["code"] == problem


async def test_every_wrong_step_is_refused(cabinet: Opened, editor: Board, settled: Person) -> None:
    async def step(contest_id: str, name: str) -> tuple[int, str | None]:
        body = {"json": {"reason": "Зал затоплен"}} if name == "cancel" else {}
        if name == "DELETE":
            answer = await editor.ask("DELETE", f"/{contest_id}")
        else:
            answer = await editor.ask("POST", f"/{contest_id}/{name}", **body)
        return answer.status_code, answer.json().get("code") if answer.content else None

    draft = await editor.write()
    wrong = (409, "wrong-step")
    assert [await step(draft, one) for one in ("close", "cancel")] == [wrong] * 2
    assert (await enter(cabinet, draft, settled)).status_code == 404, "nobody knows of a draft"
    assert await step(draft, "announce") == (200, None)
    assert [await step(draft, one) for one in ("announce", "DELETE")] == [wrong] * 2
    assert await step(draft, "close") == (200, None)
    assert [await step(draft, one) for one in ("announce", "close", "DELETE")] == [wrong] * 3
    assert code(await editor.change(draft, title="Иначе")) == wrong
    assert await step(draft, "cancel") == (200, None)
    assert [await step(draft, one) for one in ("announce", "close", "cancel", "DELETE")] == [wrong] * 4
    other = await editor.write()
    assert await step(other, "DELETE") == (204, None)
    assert (await step(other, "announce"))[0] == 404


async def test_no_entry_before_the_window_or_after_it(cabinet: Opened, editor: Board, settled: Person) -> None:
    contest_id = await editor.announce(days={"opens_at": 1, "closes_at": 2, "starts_at": 3})
    early = await enter(cabinet, contest_id, settled)
    assert code(early) == (409, "contest-not-open")
    assert (await seen(cabinet, contest_id, settled))["refusal"] == "contest-not-open"
    cabinet.clock.move(timedelta(days=1))
    entry_id = await entry(cabinet, contest_id, settled)
    cabinet.clock.move(timedelta(days=1))
    late = await colleague(cabinet, settled)
    assert code(await enter(cabinet, contest_id, late)) == (409, "contest-closed")
    assert (await withdraw(cabinet, entry_id, settled)).status_code == 204, "until it begins"
    assert code(await enter(cabinet, contest_id, settled)) == (409, "contest-closed")


async def test_a_closed_one_takes_no_entries_and_a_late_window_is_not_announced(
    cabinet: Opened, editor: Board, settled: Person
) -> None:
    contest_id = await editor.announce()
    await editor.ok("POST", f"/{contest_id}/close")
    assert code(await enter(cabinet, contest_id, settled)) == (409, "contest-closed")
    assert await inbox(cabinet, settled) == ([], 0)
    first, closed = await cabinet.published()
    assert (first[1].sequence, closed[1].sequence) == (1, 2)
    assert closed[0].closes_at <= cabinet.clock() < first[0].closes_at, "subscribers hear that its window is over"
    draft = await editor.write(days={"closes_at": 1})
    cabinet.clock.move(timedelta(days=2))
    assert code(await editor.ask("POST", f"/{draft}/announce")) == (422, "window-past")


async def test_what_has_begun_is_settled(cabinet: Opened, editor: Board, settled: Person) -> None:
    contest_id = await editor.announce(capacity=1)
    other = await colleague(cabinet, settled)
    entry_id = await entry(cabinet, contest_id, settled)
    await entry(cabinet, contest_id, other)
    cabinet.clock.move(timedelta(days=10))
    assert code(await withdraw(cabinet, entry_id, settled)) == (409, "contest-over")
    assert code(await editor.decide(entry_id, "reject", "поздно")) == (409, "contest-over")
    assert (await seen(cabinet, contest_id, settled))["may_withdraw"] is False
    await cabinet.published()
    await cabinet.tell(settled.disabled(), 3)
    assert [event.topic for event in await cabinet.published_events()] == ["personal-data-erased"]
    assert await editor.counts(contest_id) == {"accepted": 1, "waitlisted": 1}, "who took part, took part"


async def test_cancelling_tells_everybody_with_an_entry(cabinet: Opened, editor: Board, settled: Person) -> None:
    contest_id = await editor.announce(capacity=1)
    waiting, gone, untouched = [await colleague(cabinet, settled) for _ in range(3)]
    await entry(cabinet, contest_id, settled)
    await entry(cabinet, contest_id, waiting)
    await withdraw(cabinet, await entry(cabinet, contest_id, gone), gone)
    assert code(await editor.ask("POST", f"/{contest_id}/cancel", json={"reason": " "}))[0] == 422
    await editor.ok("POST", f"/{contest_id}/cancel", json={"reason": "Зал затоплен"})
    for person, told in ((settled, 1), (waiting, 1), (gone, 0), (untouched, 0)):
        assert await inbox(cabinet, person) == (["Отменено: Учитель года"][:told], told)
    await cabinet.run_loops()
    page = [event for event in await cabinet.published_events() if isinstance(event, NoticeAddressed)][-1]
    assert set(page.account_ids) == {settled.account_id, waiting.account_id}
    card = await seen(cabinet, contest_id, settled)
    assert (card["state"], card["reason"], card["refusal"], card["may_withdraw"]) == (
        "cancelled", "Зал затоплен", "already-entered", False,
    )  # fmt: skip
    assert code(await enter(cabinet, contest_id, untouched)) == (409, "contest-cancelled")
    assert code(await withdraw(cabinet, card["mine"]["entry_id"], settled)) == (409, "contest-cancelled")


async def test_only_who_teaches_the_subject_enters(cabinet: Opened, editor: Board, settled: Person) -> None:
    contest_id = await editor.announce(subjects=["Физика", "химия"])
    assert await listed(cabinet, settled) == []
    assert (await seen(cabinet, contest_id, settled))["refusal"] == "contest-not-eligible"
    assert code(await enter(cabinet, contest_id, settled)) == (409, "contest-not-eligible")
    form = {"subjects": ["Физика"], "work_phone": "+7 495 765-43-21"}
    headers = settled.headers(cabinet, If_Match="*")
    assert (await cabinet.http.put("/cabinet/workplace", json=form, headers=headers)).is_success
    assert await listed(cabinet, settled) == ["Учитель года"]
    await entry(cabinet, contest_id, settled)


async def test_one_entry_a_person_again_after_a_withdrawal_never_after_a_rejection(
    cabinet: Opened, editor: Board, settled: Person
) -> None:
    contest_id = await editor.announce()
    first = await entry(cabinet, contest_id, settled)
    assert code(await enter(cabinet, contest_id, settled)) == (409, "already-entered")
    await withdraw(cabinet, first, settled)
    assert code(await withdraw(cabinet, first, settled)) == (409, "wrong-step")
    assert await entry(cabinet, contest_id, settled, team="Снова") == first
    assert (await editor.decide(first, "reject", "Не тот предмет")).json()["state"] == "rejected"
    assert (await inbox(cabinet, settled))[0] == ["Заявка отклонена: Учитель года", "Учитель года"]
    assert code(await enter(cabinet, contest_id, settled)) == (409, "entry-rejected")
    assert (await seen(cabinet, contest_id, settled))["mine"]["reason"] == "Не тот предмет"
    assert code(await editor.decide(first, "approve")) == (409, "wrong-step")
    events = [(event.state, e.sequence) for event, e in await cabinet.published() if event.topic.endswith("decided")]
    assert events == [("accepted", 1), ("withdrawn", 2), ("accepted", 3), ("rejected", 4)]


async def test_entering_twice_with_one_key_is_one_entry(cabinet: Opened, editor: Board, settled: Person) -> None:
    contest_id, key = await editor.announce(), {"Idempotency-Key": "k"}
    answers = [await enter(cabinet, contest_id, settled, headers=key) for _ in range(2)]
    assert [one.status_code for one in answers] == [201, 201]
    assert await editor.counts(contest_id) == {"accepted": 1}
    plan = editor.plan()
    drafts = [await editor.ok("POST", "", json=plan, headers=key) for _ in range(2)]
    assert len({one["contest_id"] for one in drafts}) == 1


async def test_a_stale_edit_is_refused_with_what_is_there(editor: Board) -> None:
    contest_id = await editor.write()
    await editor.change(contest_id, title="Новее")
    for method, path in (("PUT", ""), ("POST", "/announce"), ("DELETE", "")):
        body = {"json": editor.plan()} if method == "PUT" else {}
        stale = await editor.ask(method, f"/{contest_id}{path}", headers={"If-Match": '"1"'}, **body)
        assert (*code(stale), stale.headers["ETag"]) == (412, "stale-version", '"2"')
        assert stale.json()["current"]["title"] == "Новее"


async def test_a_moved_window_is_told_and_who_may_enter_stays(cabinet: Opened, editor: Board, settled: Person) -> None:
    contest_id = await editor.announce()
    later = (cabinet.clock() + timedelta(days=8)).isoformat()
    assert (await editor.change(contest_id, closes_at=later)).is_success
    assert (await editor.change(contest_id, title="Учитель года — 2027")).is_success
    assert await inbox(cabinet, settled) == (["Учитель года — 2027"], 1)
    told = [(event.closes_at.isoformat(), envelope.sequence) for event, envelope in await cabinet.published()]
    assert [number for _, number in told] == [1, 2]
    assert told[1][0] == later
    for said in ({"audience": {"posts": ["завуч"]}}, {"subjects": ["Физика"]}, {"needs_approval": True}):
        assert code(await editor.change(contest_id, **said)) == (409, "eligibility-frozen")


async def test_nothing_is_written_at_a_closed_school(cabinet: Opened, editor: Board, settled: Person) -> None:
    head, _ = await headed(cabinet, settled)
    city = await editor.announce(needs_approval=True)
    entry_id = await entry(cabinet, city, settled)
    own = await Board(cabinet, head).announce()
    await cabinet.tell(settled.school(status="closed"), 2)
    answers = [
        await enter(cabinet, own, settled),
        await withdraw(cabinet, entry_id, settled),
        await Board(cabinet, head).decide(entry_id, "approve"),
        await Board(cabinet, head).ask("POST", f"/{own}/close"),
        await Board(cabinet, head).ask("POST", "", json=editor.plan()),
    ]
    assert [code(one) for one in answers] == [(409, "school-closed")] * 5
    assert await listed(cabinet, settled, "mine") == ["Учитель года"]
    assert (await editor.decide(entry_id, "approve")).json()["state"] == "accepted", "the department goes on"
    assert await mine(cabinet, city, settled) == ("accepted", None)
