"""Places: given in order, by school, freed and given on; approvals; what ends with a person; what the lists show."""

import asyncio
from datetime import timedelta
from itertools import permutations
from uuid import UUID

import pytest
from cabinet.contests.actions import places
from chassis.db import new_id
from chassis.testing.opened import Opened

from .conftest import Person
from .contests import Board, colleague, enter, entry, headed, mine, seen, withdraw
from .people import inbox, settle
from .test_contests import code


@pytest.fixture
def editor(cabinet: Opened) -> Board:
    return Board(cabinet)


async def entrants(it: Opened, count: int) -> list[Person]:
    """People of as many schools."""
    return [await settle(it, Person(last_name=f"Участник {number}")) for number in range(count)]


async def decided(it: Opened) -> list[tuple[str, str, int]]:
    """What subscribers were told since the last look: entries, states, versions."""
    told = await it.published()
    return [(str(e.entry_id), e.state, env.sequence) for e, env in told if e.topic == "contest-entry-decided"]


async def test_the_waiting_list_moves_up_in_order(cabinet: Opened, editor: Board) -> None:
    contest_id = await editor.announce(capacity=1)
    first, second, third = await entrants(cabinet, 3)
    ids = [await entry(cabinet, contest_id, person) for person in (first, second, third)]
    assert [await mine(cabinet, contest_id, one) for one in (first, second, third)] == [
        ("accepted", None), ("waitlisted", 1), ("waitlisted", 2),
    ]  # fmt: skip
    assert (await inbox(cabinet, third))[0] == ["Вы в листе ожидания: Учитель года", "Учитель года"]
    await decided(cabinet)
    await withdraw(cabinet, ids[0], first)
    assert [await mine(cabinet, contest_id, one) for one in (first, second, third)] == [
        ("withdrawn", None), ("accepted", None), ("waitlisted", 1),
    ]  # fmt: skip
    assert (await inbox(cabinet, second))[0][0] == "Освободилось место, вы участвуете: Учитель года"
    assert len((await inbox(cabinet, second))[0]) == 2, "and waits no more"
    assert await decided(cabinet) == [(ids[0], "withdrawn", 2), (ids[1], "accepted", 2)]
    assert await entry(cabinet, contest_id, first) == ids[0]
    assert await mine(cabinet, contest_id, first) == ("waitlisted", 2), "who comes back stands at the end"


async def test_who_waits_and_withdraws_frees_nothing(cabinet: Opened, editor: Board) -> None:
    contest_id = await editor.announce(capacity=1)
    _, second, third = people = await entrants(cabinet, 3)
    ids = [await entry(cabinet, contest_id, person) for person in people]
    await withdraw(cabinet, ids[1], second)
    assert await mine(cabinet, contest_id, third) == ("waitlisted", 1)
    assert await editor.counts(contest_id) == {"accepted": 1, "waitlisted": 1, "withdrawn": 1}


async def test_a_school_has_its_quota_and_the_list_goes_past_it(cabinet: Opened, editor: Board) -> None:
    contest_id = await editor.announce(capacity=2, quota=1)
    ours = await settle(cabinet, Person())
    colleagues = [await colleague(cabinet, ours) for _ in range(2)]
    theirs, others = await entrants(cabinet, 2)
    ids = [await entry(cabinet, contest_id, person) for person in (ours, *colleagues, theirs, others)]
    states = [(await mine(cabinet, contest_id, one)) for one in (ours, *colleagues, theirs, others)]
    assert states == [
        ("accepted", None), ("waitlisted", 1), ("waitlisted", 2), ("accepted", None), ("waitlisted", 3),
    ]  # fmt: skip
    card = await seen(cabinet, contest_id, colleagues[0])
    assert (card["places_left"], card["school_left"]) == (0, 0)
    assert (await seen(cabinet, contest_id, await settle(cabinet, Person())))["school_left"] == 1
    await withdraw(cabinet, ids[3], theirs)
    assert await mine(cabinet, contest_id, others) == ("accepted", None), "first in the list that its school lets in"
    assert await mine(cabinet, contest_id, colleagues[0]) == ("waitlisted", 1)
    await withdraw(cabinet, ids[0], ours)
    assert await mine(cabinet, contest_id, colleagues[0]) == ("accepted", None), "the place of the own school"
    assert await mine(cabinet, contest_id, colleagues[1]) == ("waitlisted", 1)


async def test_more_places_go_to_the_first_waiting(cabinet: Opened, editor: Board) -> None:
    contest_id = await editor.announce(capacity=1)
    people = await entrants(cabinet, 4)
    for person in people:
        await entry(cabinet, contest_id, person)
    assert code(await editor.change(contest_id, capacity=0))[0] == 422
    assert (await editor.change(contest_id, capacity=3)).json()["places_left"] == 0
    assert [(await mine(cabinet, contest_id, one))[0] for one in people] == ["accepted"] * 3 + ["waitlisted"]
    fewer = await editor.change(contest_id, capacity=2)
    assert (code(fewer), "участников: 3" in fewer.text) == ((409, "capacity-taken"), True)
    assert (await editor.change(contest_id, capacity=None)).is_success
    assert await editor.counts(contest_id) == {"accepted": 4}


async def test_a_larger_quota_lets_in_as_many_of_each_school_as_it_says(cabinet: Opened, editor: Board) -> None:
    contest_id = await editor.announce(quota=1)
    ours = await settle(cabinet, Person())
    people = [ours, *[await colleague(cabinet, ours) for _ in range(4)]]
    for person in people:
        await entry(cabinet, contest_id, person)
    await editor.change(contest_id, quota=3)
    assert [(await mine(cabinet, contest_id, one))[0] for one in people] == ["accepted"] * 3 + ["waitlisted"] * 2


async def test_many_places_are_given_by_and_by_and_nobody_overtakes(
    cabinet: Opened, editor: Board, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(places, "ROUND", 2)
    contest_id = await editor.announce(capacity=1)
    people = await entrants(cabinet, 6)
    for person in people:
        await entry(cabinet, contest_id, person)
    await editor.change(contest_id, capacity=50)
    assert await editor.counts(contest_id) == {"accepted": 3, "waitlisted": 3}
    late = await settle(cabinet, Person())
    await entry(cabinet, contest_id, late)
    assert (await mine(cabinet, contest_id, late))[0] == "waitlisted", "behind those who still wait for the loop"
    await decided(cabinet)
    await cabinet.run_loops()
    assert await editor.counts(contest_id) == {"accepted": 7}
    assert [state for _, state, _ in await decided(cabinet)] == ["accepted"] * 4


async def test_the_head_approves_and_the_department_approves_the_head(
    cabinet: Opened, editor: Board, settled: Person
) -> None:
    head, headers = await headed(cabinet, settled)
    other_head, _ = await headed(cabinet, await settle(cabinet, Person()))
    ours, theirs = Board(cabinet, head), Board(cabinet, other_head)
    contest_id = await editor.announce(needs_approval=True, capacity=1)
    entry_id = await entry(cabinet, contest_id, settled)
    assert await mine(cabinet, contest_id, settled) == ("applied", None)
    assert await decided(cabinet) == [], "nothing is decided yet"
    assert (await inbox(cabinet, head))[0][0] == "Заявка сотрудника ждёт вашего решения: Учитель года"
    own = await cabinet.http.post(f"/cabinet/contests/{contest_id}/entries", json={}, headers=headers)
    head_entry = own.json()["entry_id"]
    assert own.json()["state"] == "applied"
    assert code(await ours.decide(head_entry, "approve")) == (403, "own-entry")
    assert (await theirs.decide(entry_id, "approve")).status_code == 404
    assert (await cabinet.http.post(
        f"/cabinet/contests/entries/{entry_id}/approve", headers=settled.headers(cabinet)
    )).status_code == 403  # fmt: skip
    waiting = [(one["entry_id"], one["may_decide"]) for one in (await ours.ok("GET", "/entries"))["items"]]
    assert waiting == [(entry_id, True)]
    assert [one["entry_id"] for one in (await editor.ok("GET", "/entries"))["items"]] == [head_entry]
    assert (await theirs.ok("GET", "/entries"))["items"] == []
    assert (await editor.decide(head_entry, "approve")).json()["state"] == "accepted"
    assert (await ours.decide(entry_id, "approve")).json()["state"] == "waitlisted", "the place went by the approval"
    assert code(await ours.decide(entry_id, "approve")) == (409, "wrong-step")
    assert "Заявка сотрудника ждёт вашего решения: Учитель года" not in (await inbox(cabinet, head))[0]
    assert (await ours.ok("GET", "/entries"))["items"] == []


async def test_a_head_rejects_with_a_reason_and_the_place_goes_on(
    cabinet: Opened, editor: Board, settled: Person
) -> None:
    head, _ = await headed(cabinet, settled)
    ours, waiting = Board(cabinet, head), await settle(cabinet, Person())
    contest_id = await editor.announce(capacity=1)
    entry_id = await entry(cabinet, contest_id, settled)
    await entry(cabinet, contest_id, waiting)
    nothing = await ours.ask("POST", f"/entries/{entry_id}/reject", json={"reason": "  "})
    assert (nothing.status_code, nothing.json()["errors"][0]["pointer"]) == (422, "/reason")
    assert (await ours.decide(entry_id, "reject", "Аттестация в тот же день")).json()["state"] == "rejected"
    assert await mine(cabinet, contest_id, waiting) == ("accepted", None)


async def test_a_head_enters_the_own_school_s_contest_at_once(cabinet: Opened, settled: Person) -> None:
    head, headers = await headed(cabinet, settled)
    ours = Board(cabinet, head)
    contest_id = await ours.announce(needs_approval=True)
    own = await cabinet.http.post(f"/cabinet/contests/{contest_id}/entries", json={}, headers=headers)
    assert own.json()["state"] == "accepted"
    assert code(await ours.decide(own.json()["entry_id"], "reject", "x")) == (403, "own-entry")
    entry_id = await entry(cabinet, contest_id, settled)
    assert (await ours.decide(entry_id, "approve")).json()["state"] == "accepted"


async def rows(it: Opened, contest_id: str) -> list[tuple[str, str, str]]:
    found = await it.runtime.database.pool.fetch(
        "SELECT state, text, team FROM contest_entry WHERE contest_id = $1 ORDER BY entry_id", UUID(contest_id)
    )
    return [tuple(row) for row in found]


@pytest.mark.parametrize("order", list(permutations(["left", "suspended", "disabled"])))
async def test_who_goes_frees_the_place_once_in_any_order(
    cabinet: Opened, editor: Board, settled: Person, order: tuple[str, ...]
) -> None:
    contest_id = await editor.announce(capacity=1)
    second, third = await entrants(cabinet, 2)
    for person in (settled, second, third):
        await entry(cabinet, contest_id, person, text="Личное", team="Сокола")
    await decided(cabinet)
    versions = {"left": 1, "suspended": 3, "disabled": 4}
    for name in order:
        await cabinet.tell(getattr(settled, name)(), versions[name])
    told = [(state, sequence) for _, state, sequence in await decided(cabinet)]
    assert told == [("withdrawn", 2), ("accepted", 2)]
    assert await rows(cabinet, contest_id) == [
        ("withdrawn", "", ""), ("accepted", "Личное", "Сокола"), ("waitlisted", "Личное", "Сокола"),
    ]  # fmt: skip
    assert (await mine(cabinet, contest_id, second), await mine(cabinet, contest_id, third)) == (
        ("accepted", None), ("waitlisted", 1),
    )  # fmt: skip


async def test_who_has_left_the_roll_enters_no_more_though_the_cabinet_is_still_open(
    cabinet: Opened, editor: Board, alla: Person
) -> None:
    await cabinet.tell(alla.school())
    await cabinet.tell(alla.left())
    await cabinet.tell(alla.activated(), 2)
    assert code(await enter(cabinet, await editor.announce(), alla)) == (409, "left-roll")


async def test_leaving_while_entering_leaves_no_entry_behind(cabinet: Opened, editor: Board, settled: Person) -> None:
    contest_id = await editor.announce()
    for ending, version in ((settled.left(), 1), (settled.disabled(), 3)):
        answer, _ = await asyncio.gather(enter(cabinet, contest_id, settled), cabinet.tell(ending, version))
        assert answer.status_code in (201, 401, 409)
        assert (await editor.counts(contest_id)).get("accepted", 0) == 0


async def test_the_database_refuses_one_too_many_and_a_second_entry(
    cabinet: Opened, editor: Board, settled: Person
) -> None:
    contest_id = await editor.announce(capacity=1)
    await entry(cabinet, contest_id, settled)
    pool = cabinet.runtime.database.pool
    with pytest.raises(Exception, match="contest_check"):
        await pool.execute("UPDATE contest SET accepted = 2")
    with pytest.raises(Exception, match="contest_entry_account_id_contest_id_key"):
        await pool.execute(
            "INSERT INTO contest_entry (entry_id, contest_id, account_id, school_id, state, for_editor, text, team,"
            " at, version) SELECT $1, contest_id, account_id, school_id, state, false, '', '', at, 1"
            " FROM contest_entry",
            new_id(),
        )


async def test_a_contest_without_a_date_is_settled_when_it_is_closed(
    cabinet: Opened, editor: Board, settled: Person
) -> None:
    contest_id = await editor.announce(days={"starts_at": None})
    entry_id = await entry(cabinet, contest_id, settled)
    cabinet.clock.move(timedelta(days=20))
    assert (await seen(cabinet, contest_id, settled))["may_withdraw"] is True
    await editor.ok("POST", f"/{contest_id}/close")
    assert code(await withdraw(cabinet, entry_id, settled)) == (409, "contest-over")
