"""What an account may become, and when its sessions die."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, get_args
from uuid import UUID

import pytest
from chassis.errors import Conflict, Forbidden, WrongStep
from ekis_contracts.values import AccountState, PersonName
from identity.domain import accounts
from identity.domain.accounts import Account, Channel, Staff

NOW = datetime(2026, 9, 1, 12, tzinfo=UTC)
STAFF = Staff(UUID(int=1), UUID(int=2), "head", "директор")
NAME = PersonName(last_name="Иванова", first_name="Анна", patronymic="Михайловна")


def account(state: AccountState, **more: Any) -> Account:
    known = Account(UUID(int=9), state, "ivanova.am", NAME, "anna@mail.ru", staff=STAFF, roll_version=1)
    activated = NOW if state in ("active", "suspended") else None
    one_time = b"x" if state == "issued" else None
    password = "hash" if activated else None
    return replace(
        known,
        **{"activated_at": activated, "one_time": one_time, "one_time_until": NOW, "password_hash": password} | more,
    )


def restored(state: AccountState = "active") -> Account:
    return accounts.restore(account(state), b"y", 2, NOW)


ACTS: dict[str, tuple[Callable[[Account], Account], set[AccountState], int]] = {
    "issue": (lambda one: accounts.issue(one, b"y", 2, NOW), {"issued"}, 1),
    "restore": (lambda one: accounts.restore(one, b"y", 2, NOW), {"issued", "active"}, 1),
    "activate": (lambda one: accounts.activate(one, 1, "hash", NOW, is_short=False), {"issued"}, 1),
    "change password": (lambda one: accounts.change_password(one, 1, "hash", is_short=False), {"active"}, 1),
    "suspend": (lambda one: accounts.suspend(one, "head"), {"issued", "active"}, 1),
    "leave": (lambda one: accounts.leave_roll(one, NOW), {"issued", "active", "suspended"}, 1),
    "resume": (lambda one: accounts.resume(one, "desk"), {"suspended"}, 0),
    "disable": (lambda one: accounts.disable(one, "desk", NOW), {"issued", "active", "suspended"}, 1),
}


@pytest.mark.parametrize("state", accounts.STATES)
@pytest.mark.parametrize("act", ACTS)
def test_a_step_is_taken_from_its_states_alone(act: str, state: AccountState) -> None:
    step, allowed, rise = ACTS[act]
    if state in allowed:
        after = step(account(state))
        assert after.session_epoch == 1 + rise
        assert after.state == state or after.state in accounts.STEPS[state]
    else:
        with pytest.raises(WrongStep):
            step(account(state))


def test_an_older_session_activates_nothing() -> None:
    with pytest.raises(WrongStep):
        accounts.activate(accounts.issue(account("issued"), b"y", 2, NOW), 1, "hash", NOW, is_short=False)
    with pytest.raises(WrongStep):
        accounts.activate(accounts.kill_credentials(account("issued")), 2, "hash", NOW, is_short=False)


def test_a_restored_account_stays_active_and_waits_for_a_new_password() -> None:
    lost = restored()
    assert (lost.state, lost.activated_at, lost.password_hash, lost.needs_password) == ("active", NOW, None, True)
    for epoch in (1, 3):
        with pytest.raises(WrongStep):
            accounts.activate(lost, epoch, "other", NOW, is_short=False)
    found = accounts.activate(lost, 2, "other", NOW + timedelta(days=1), is_short=False)
    assert (found.state, found.activated_at, found.one_time, found.needs_password) == ("active", NOW, None, False)
    assert found.session_epoch == 3
    again = accounts.restore(lost, b"z", 3, NOW)
    with pytest.raises(WrongStep):
        accounts.activate(again, lost.session_epoch, "other", NOW, is_short=False)


def test_what_an_ended_account_was_restored_with_opens_nothing() -> None:
    for ended in (accounts.disable(restored(), "desk", NOW), accounts.suspend(restored(), "desk")):
        assert not ended.needs_password
        with pytest.raises(WrongStep):
            accounts.activate(ended, ended.session_epoch, "hash", NOW, is_short=False)
    resumed = accounts.resume(accounts.suspend(restored(), "desk"), "desk")
    assert (resumed.state, resumed.needs_password) == ("active", True)


def test_the_status_is_checked_and_never_granted() -> None:
    accounts.require_status(account("issued"), "head")
    with pytest.raises(Conflict, match="status-mismatch") as caught:
        accounts.require_status(account("issued"), "employee")
    assert caught.value.params == {"ask": "department"}
    with pytest.raises(WrongStep):
        accounts.require_status(account("active"), "head")


def test_resuming_returns_to_what_was_before() -> None:
    assert accounts.resume(account("suspended"), "desk").state == "active"
    never = replace(account("suspended"), activated_at=None)
    assert accounts.resume(never, "desk").state == "issued"


@pytest.mark.parametrize("by", get_args(Channel))
def test_a_head_lifts_what_a_head_has_imposed(by: Channel) -> None:
    lifted = {"desk", "department"} | ({"head"} if by == "head" else set())
    suspended = accounts.suspend(account("active"), by)
    for channel in get_args(Channel):
        if channel in lifted:
            assert accounts.resume(suspended, channel).state == "active"
        else:
            with pytest.raises(Conflict, match="suspended-by-others"):
                accounts.resume(suspended, channel)


@pytest.mark.parametrize("channel", ["self", "desk", "department"])
def test_the_last_head_is_the_departments_to_cut_off(channel: str) -> None:
    last = account("active")
    employee = account("active", staff=replace(STAFF, category="employee"))
    accounts.require_successor(last, channel, {last.id, UUID(int=7)})
    accounts.require_successor(employee, channel, set())
    if channel == "department":
        accounts.require_successor(last, channel, {last.id})
    else:
        with pytest.raises(Conflict, match="last-head"):
            accounts.require_successor(last, channel, {last.id})


def test_who_left_the_roll_is_resumed_by_the_desk_alone() -> None:
    left = accounts.leave_roll(account("active"), NOW)
    assert left.disable_at == NOW + timedelta(days=14)
    with pytest.raises(Conflict, match="left-the-roll"):
        accounts.resume(left, "head")
    assert accounts.resume(left, "desk").disable_at is None


def test_a_head_has_no_power_over_heads() -> None:
    with pytest.raises(Forbidden):
        accounts.require_power(account("active"), "head")
    accounts.require_power(account("active"), "department")
    accounts.require_power(account("active", staff=replace(STAFF, category="employee")), "head")


@pytest.mark.parametrize(
    ("change", "changed", "rise"),
    [
        ({"category": "employee"}, ["category"], 1),
        ({"post": "учитель"}, ["post"], 0),
        ({"school_id": UUID(int=7)}, ["school_id"], 1),
        ({}, [], 0),
    ],
)
def test_following_the_roll(change: dict[str, Any], changed: list[str], rise: int) -> None:
    after, told = accounts.follow_roll(account("active"), replace(STAFF, **change), NAME, 2)
    assert (told, after.session_epoch, after.roll_version) == (changed, 1 + rise, 2)
    with pytest.raises(WrongStep):
        accounts.follow_roll(after, STAFF, NAME, 2)


def test_an_account_is_erased_when_every_holder_has_answered() -> None:
    disabled = accounts.disable(account("active"), "self", NOW)
    assert disabled.password_hash is None
    assert accounts.erase(disabled, frozenset({"registry", "cabinet"})) is None
    assert accounts.erase(account("active"), accounts.HOLDERS) is None
    erased = accounts.erase(disabled, accounts.HOLDERS)
    assert erased is not None
    assert (erased.state, erased.login, erased.name, erased.email) == ("erased", None, None, None)


def test_one_place_ends_an_account_and_tells_of_it() -> None:
    rooms = Path(accounts.__file__).parents[1]
    text = "\n".join(path.read_text() for path in rooms.rglob("*.py"))
    assert [text.count(f" {call}(") for call in ("domain.disable", "AccountDisabled")] == [1, 1]
