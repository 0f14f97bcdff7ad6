"""The topic `accounts`: beside every change (`Operators.published` holds that for all tests), and said anew."""

import pytest
from ekis_contracts.identity import AccountErased, AccountStanding, SessionsRevoked
from identity import loops

from .people import NEW_PASSWORD, Desk, Issued, Person, bearer


async def test_what_has_ended_stays_as_a_state(desk: Desk) -> None:
    active = await desk.active()
    answer = await desk.http.post(
        "/identity/disable-requests", json={"password": NEW_PASSWORD}, headers=bearer(active.session)
    )
    assert answer.status_code == 202
    await desk.give_receipts(active.account_id)
    told = await desk.it.published()
    (erased,) = [at for event, at in told if isinstance(event, AccountErased)]
    states = {at.sequence: event for event, at in told if isinstance(event, AccountStanding)}
    assert max(states) == erased.sequence
    assert states[max(states)].state == "erased"
    assert states[max(states)].staff_id == active.person.staff_id


async def test_credentials_that_die_raise_the_epoch_that_is_said(desk: Desk) -> None:
    """Whoever holds a copy must not know an epoch that identity itself refuses."""
    issued = await desk.issued()
    await desk.bounced(issued.account_id, 1)
    assert (await desk.correct(issued.ticket, "other@mail.example")).status_code == 200
    told = await desk.it.published()
    (revoked,) = [event for event, _ in told if isinstance(event, SessionsRevoked)]
    (state,) = [event for event, _ in told if isinstance(event, AccountStanding)]
    assert revoked.reason == "credentials-replaced"
    assert state.session_epoch == revoked.session_epoch > issued.created.session_epoch


async def test_the_end_of_one_session_changes_no_account(desk: Desk) -> None:
    active = await desk.active()
    await desk.http.delete("/identity/sessions/current", headers=bearer(active.session))
    assert [type(event) for event, _ in await desk.it.published()] == [SessionsRevoked]


async def test_every_account_of_staff_is_said_with_its_version(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    people: list[Issued] = [await desk.issued(Person(), f"person{number}@mail.example") for number in range(4)]
    people.append(await desk.active(Person(), "active@mail.example"))
    await desk.it.published()
    monkeypatch.setattr(loops, "STATES_AT_ONCE", 2)
    for _ in range(2):
        await loops.publish_state(desk.it.runtime, [])
        told = await desk.it.published()
        assert {type(event) for event, _ in told} == {AccountStanding}
        said = {event.account_id: (event.state, envelope.sequence) for event, envelope in told}
        assert said == {one.account_id: ("active", 2) if one is people[-1] else ("issued", 1) for one in people}
        assert len(told) == len(people)
