"""What registry tells of the staff roll, and the accounts that follow it in any order."""

from datetime import timedelta
from itertools import permutations
from uuid import UUID

import pytest
from ekis_contracts.identity import AccountChanged, AccountDisabled, AccountSuspended
from ekis_contracts.registry import StaffLeft
from ekis_contracts.values import PersonName

from .people import NEW_PASSWORD, Desk, Issued, Person, bearer

RENAMED = PersonName(last_name="Петрова", first_name="Анна", patronymic="Михайловна")


async def leave(desk: Desk, person: Person) -> None:
    await desk.it.tell(StaffLeft(staff_id=person.staff_id, school_id=person.school_id, reason="dismissed"), 9)


async def me(desk: Desk, active: Issued) -> dict[str, object]:
    signed = await desk.sign_in(active.login, NEW_PASSWORD)
    return dict((await desk.http.get("/identity/me", headers=bearer(signed))).json())


async def test_a_smaller_right_ends_the_sessions(desk: Desk) -> None:
    person = Person(category="head", post="директор")
    issued = await desk.issued(person)
    session = await desk.activate(await desk.sign_in(issued.login, issued.password), status="head")
    await desk.published()
    person.category, person.post = "employee", "учитель"
    await desk.change(person, 2, ["category", "post"])
    ((changed, envelope),) = await desk.published()
    assert (type(changed), changed.changed, envelope.sequence) == (AccountChanged, ["category", "post"], 3)
    assert (changed.category, changed.session_epoch) == ("employee", 4)
    desk.http.cookies.clear()
    refreshed = await desk.http.post("/identity/sessions/refresh", headers={"Cookie": f"rt={session.cookies['rt']}"})
    assert refreshed.status_code == 401
    assert (await me(desk, issued))["category"] == "employee"


async def test_another_post_or_a_larger_right_leaves_them_signed_in(desk: Desk) -> None:
    active = await desk.active()
    active.person.category, active.person.post = "head", "директор"
    await desk.change(active.person, 1, ["category", "post"])
    assert (await desk.said(AccountChanged)).session_epoch == 3
    desk.http.cookies.clear()
    token = active.session.cookies["rt"]
    refreshed = await desk.http.post("/identity/sessions/refresh", headers={"Cookie": f"rt={token}"})
    assert refreshed.status_code == 200


async def test_another_name_is_followed(desk: Desk) -> None:
    active = await desk.active()
    active.person.name = RENAMED
    await desk.change(active.person, 1, ["name"])
    changed = await desk.said(AccountChanged)
    assert (changed.changed, desk.it.open(changed.name)) == (["name"], RENAMED)
    assert (await me(desk, active))["full_name"] == "Петрова Анна Михайловна"


async def test_an_older_word_of_the_roll_changes_nothing(desk: Desk) -> None:
    active = await desk.active()
    active.person.post = "завуч"
    await desk.change(active.person, 5, ["post"])
    await desk.published()
    active.person.post = "учитель"
    await desk.enrol(active.person, 4)
    await desk.change(active.person, 3, ["post"])
    assert await desk.published() == []


@pytest.mark.parametrize("order", list(permutations(["enrol", "change", "verify"])))
async def test_the_roll_and_the_verdict_end_alike_in_any_order(desk: Desk, order: tuple[str, ...]) -> None:
    person = Person()
    ticket = await desk.ask()
    for step in order:
        if step == "enrol":
            await desk.enrol(person, 1)
        elif step == "change":
            person.name, person.post = RENAMED, "завуч"
            await desk.change(person, 2, ["name", "post"])
            person.name, person.post = Person().name, "учитель"
        else:
            await desk.verify(ticket, person)
    listed = await desk.http.get("/identity/accounts", headers=desk.by("admin"))
    (account,) = listed.json()["items"]
    assert (account["full_name"], account["post"]) == ("Петрова Анна Михайловна", "завуч")


async def test_who_leaves_is_suspended_at_once_and_disabled_after_two_weeks(desk: Desk) -> None:
    active = await desk.active()
    await leave(desk, active.person)
    suspended = await desk.said(AccountSuspended)
    assert suspended.reason == "left-roll"
    assert suspended.until
    assert suspended.until - desk.it.clock() > timedelta(days=13)
    assert (await desk.sign_in(active.login, NEW_PASSWORD)).status_code == 401
    desk.it.clock.move(timedelta(days=13))
    await desk.it.run_loops()
    assert await desk.published() == []
    desk.it.clock.move(timedelta(days=1, minutes=1))
    await desk.it.run_loops()
    assert (await desk.said(AccountDisabled)).channel == "left-roll"


async def test_the_desk_may_find_a_mistake_but_the_head_may_not(desk: Desk) -> None:
    active = await desk.active()
    await leave(desk, active.person)
    path = f"/identity/accounts/{active.account_id}/resume"
    head = desk.it.signed_in(category="head", school_id=active.person.school_id)
    refused = await desk.http.post(path, json={"reason": "вернулась"}, headers=head)
    assert (refused.status_code, refused.json()["code"]) == (409, "left-the-roll")
    ground = await desk.ground("ошибка", active.account_id)
    assert (await desk.http.post(path, json=ground, headers=desk.by("support"))).status_code == 202
    desk.it.clock.move(timedelta(days=15))
    await desk.it.run_loops()
    assert (await desk.sign_in(active.login, NEW_PASSWORD)).status_code == 200


async def test_an_issued_account_goes_the_same_way_with_its_request(desk: Desk) -> None:
    issued = await desk.issued()
    await leave(desk, issued.person)
    assert (await desk.sign_in(issued.login, issued.password)).status_code == 401
    desk.it.clock.move(timedelta(days=14, minutes=1))
    await desk.it.run_loops()
    assert await desk.state(issued.ticket) == "declined"


async def test_leaving_counts_also_for_an_account_that_was_suspended_before(desk: Desk) -> None:
    active = await desk.active()
    path = f"/identity/accounts/{active.account_id}/suspend"
    await desk.http.post(path, json=await desk.ground(), headers=desk.by("admin"))
    await leave(desk, active.person)
    desk.it.clock.move(timedelta(days=14, minutes=1))
    await desk.it.run_loops()
    kinds = [type(event).__name__ for event in await desk.told()]
    assert kinds == ["AccountSuspended", "AccountSuspended", "AccountDisabled"]


async def test_a_broken_account_holds_up_no_other(desk: Desk) -> None:
    broken, sound = await desk.active(), await desk.active(Person(), "b@mail.example")
    for one in (broken, sound):
        await leave(desk, one.person)
    await desk.published()
    pool = desk.it.runtime.database.pool
    await pool.execute("UPDATE account SET state = 'broken' WHERE id = $1", broken.account_id)
    desk.it.clock.move(timedelta(days=14, minutes=1))
    await desk.it.run_loops()
    assert (await desk.said(AccountDisabled)).account_id == sound.account_id
    erasure = "INSERT INTO erasure (account_id, disabled_at, asks, ask_at, counts) VALUES ($1, now(), 1, now(), '{}')"
    await pool.execute(erasure, broken.account_id)
    desk.it.clock.move(timedelta(hours=1, minutes=1))
    await desk.it.run_loops()
    assert (await desk.said(AccountDisabled)).account_id == sound.account_id


async def disable(desk: Desk, account_id: UUID) -> None:
    path = f"/identity/accounts/{account_id}/disable"
    assert (await desk.http.post(path, json=await desk.ground(), headers=desk.by("admin"))).status_code == 202


async def names(desk: Desk) -> list[str | None]:
    """The sealed names that are kept, which this service can open."""
    return [row["name_token"] for row in await desk.it.runtime.database.pool.fetch("SELECT name_token FROM staff")]


async def test_with_the_account_its_name_on_the_roll_is_erased_and_late_copies_are_refused(desk: Desk) -> None:
    person = Person()
    await desk.enrol(person)
    active = await desk.active(person)
    assert all(await names(desk))
    await disable(desk, active.account_id)
    await desk.give_receipts(active.account_id)
    assert await names(desk) == [None]
    await desk.change(person, 2, ["post"])
    assert await names(desk) == [None]
    again = await desk.active(person)
    assert await names(desk) == [None]
    person.name = RENAMED
    await desk.change(person, 3, ["name"])
    assert all(await names(desk)), "who asked for an account again is followed again"
    assert (await me(desk, again))["full_name"] == "Петрова Анна Михайловна"


async def test_who_left_without_an_account_leaves_no_name(desk: Desk) -> None:
    person, early = Person(), Person()
    await desk.enrol(person)
    await leave(desk, person)
    await leave(desk, early)
    await desk.change(person, 2, ["post"])
    await desk.enrol(early)
    assert await names(desk) == [None, None]


async def test_who_left_with_a_live_account_keeps_the_name_until_it_is_erased(desk: Desk) -> None:
    person = Person()
    await desk.enrol(person)
    active = await desk.active(person)
    await leave(desk, person)
    person.name = RENAMED
    await desk.change(person, 2, ["name"])
    assert all(await names(desk))
    await disable(desk, active.account_id)
    await desk.give_receipts(active.account_id)
    assert await names(desk) == [None]
    assert "Петрова" not in await desk.it.everything()


async def test_a_name_that_another_account_needs_stays(desk: Desk) -> None:
    person = Person()
    await desk.enrol(person)
    first = await desk.active(person)
    await disable(desk, first.account_id)
    await desk.active(person)
    await desk.give_receipts(first.account_id)
    assert all(await names(desk))
