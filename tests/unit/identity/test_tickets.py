"""Which step of a ticket is taken from which state, and what a file is."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from chassis.errors import Conflict, Invalid, WrongStep
from ekis_contracts.identity import TicketState
from hypothesis import given
from hypothesis import strategies as st
from identity.domain import tickets
from identity.domain.attachments import media_type
from identity.domain.tickets import OPEN, STATES, STEPS, Ticket

NOW = datetime(2026, 9, 1, 12, tzinfo=UTC)
LATER = NOW + tickets.REOPEN_WITHIN
ME, YOU, ACCOUNT = UUID(int=1), UUID(int=2), UUID(int=3)


def ticket(state: TicketState, *, nobodys: bool = False) -> Ticket:
    resolved = NOW if state in ("resolved", "closed") else None
    has = None if state == "new" or nobodys else ME
    known = Ticket(UUID(int=9), "T26-000001", "question", "form", state, "ru", NOW, "a@b.ru")
    return replace(known, assigned_to=has, resolved_at=resolved, closed_at=NOW if state == "closed" else None)


INTO = replace(ticket("new"), id=UUID(int=10), number="T26-000002")
TAKEN: dict[TicketState, TicketState] = {"new": "assigned", "assigned": "assigned"}
ACTS: dict[str, tuple[Callable[[Ticket], Ticket], dict[TicketState, TicketState]]] = {
    "assign": (lambda one: tickets.assign(one, YOU), {**TAKEN, "waiting-for-user": "waiting-for-user"}),
    "reply": (lambda one: tickets.reply(one, ME, NOW), dict.fromkeys(OPEN, "waiting-for-user")),
    "resolve": (lambda one: tickets.resolve(one, ME, NOW), dict.fromkeys(OPEN, "resolved")),
    "resolve by itself": (lambda one: tickets.resolve(one, None, NOW), dict.fromkeys(OPEN, "resolved")),
    "hear": (
        lambda one: tickets.hear(one, NOW),
        {"new": "new", "assigned": "assigned", "waiting-for-user": "assigned", "resolved": "assigned"},
    ),
    "reopen": (lambda one: tickets.reopen(one, ME, NOW), {"resolved": "assigned"}),
    "close": (lambda one: tickets.close(one, LATER), {"resolved": "closed"}),
    "merge": (lambda one: tickets.merge(one, INTO, None, NOW), dict.fromkeys(OPEN, "closed")),
    "link": (lambda one: tickets.link(one, ACCOUNT, ME), {**TAKEN, "waiting-for-user": "waiting-for-user"}),
}


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("act", ACTS)
def test_a_step_is_taken_from_its_states_alone(act: str, state: TicketState) -> None:
    step, allowed = ACTS[act]
    if state not in allowed:
        with pytest.raises((WrongStep, Conflict)):
            step(ticket(state))
        return
    after = step(ticket(state))
    assert after.state == allowed[state]
    assert after.state == state or after.state in STEPS[state]


def test_who_acts_first_has_it_and_a_resolved_one_goes_back_to_whoever_had_it() -> None:
    assert tickets.reply(ticket("new"), YOU, NOW).assigned_to == YOU
    assert tickets.reply(ticket("assigned"), YOU, NOW).assigned_to == ME
    assert tickets.hear(ticket("resolved", nobodys=True), NOW).state == "new"
    assert tickets.reopen(ticket("resolved", nobodys=True), YOU, NOW).assigned_to == YOU


def test_the_14_days_have_one_end() -> None:
    assert tickets.hear(ticket("resolved"), LATER - timedelta(seconds=1)).resolved_at is None
    with pytest.raises(Conflict, match="ticket-closed"):
        tickets.hear(ticket("resolved"), LATER)
    with pytest.raises(WrongStep):
        tickets.close(ticket("resolved"), LATER - timedelta(seconds=1))


def test_tickets_of_two_addresses_are_merged_for_a_reason_only() -> None:
    with pytest.raises(Invalid, match="merge-reason-required"):
        tickets.merge(ticket("new"), replace(INTO, email="c@d.ru"), None, NOW)
    assert tickets.merge(ticket("new"), replace(INTO, email="c@d.ru"), "тот же человек", NOW).merged_into == INTO.id
    assert tickets.merge(ticket("new"), replace(INTO, email="A@B.ru"), None, NOW).state == "closed"


@given(st.text(max_size=30), st.binary(max_size=60))
def test_whatever_is_attached_is_known_by_name_and_bytes_or_refused(name: str, content: bytes) -> None:
    try:
        kind = media_type(name, content)
    except Invalid:
        return
    endings = {"image/png": ("png",), "image/jpeg": ("jpg", "jpeg"), "application/pdf": ("pdf",)}
    assert name.lower().endswith(endings.get(kind, ("txt",)))
