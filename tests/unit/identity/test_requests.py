"""The story of a request: which steps there are, what follows, whose address gets the credentials."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import get_args
from uuid import UUID

import pytest
from chassis.errors import Conflict, WrongStep
from ekis_contracts.values import Applicant, SchoolClaim
from identity.domain import requests
from identity.domain.duplicates import catch_up
from identity.domain.request import (
    ENDS,
    ISSUED,
    JUDGED,
    OPEN,
    STEPS,
    Ask,
    Close,
    Decision,
    EndAccount,
    Holder,
    KillCredentials,
    Note,
    OpenAccount,
    Readdress,
    Reissue,
    Request,
    State,
    Verdict,
)

NOW = datetime(2026, 9, 1, 12, tzinfo=UTC)
ID, ACCOUNT, OTHER, FRESH = UUID(int=1), UUID(int=2), UUID(int=3), UUID(int=4)
APPLICANT = Applicant(last_name="Иванова", first_name="Анна", patronymic="Михайловна", email="anna@mail.ru")
NEW = Request(ID, "R26-000001", "received", "received", 1, APPLICANT, "ru", SchoolClaim(inn="1"), "employee", NOW)


def in_state(state: State) -> Request:
    """A request as it is in that state."""
    has_account = state in ISSUED | {"activated"}
    return replace(
        NEW,
        state=state,
        shown="verifying" if state == "duplicate" else state,
        applicant=None if state in ENDS - {"duplicate"} else APPLICANT,
        account_id=ACCOUNT if has_account else None,
        credentials_until=NOW + timedelta(days=3) if state in ISSUED else None,
    )


def verified(request: Request, *, version: int = 1, left: bool = False, holder: Holder | None = None) -> Decision:
    return requests.verify(request, Verdict(version, 1), left=left, holder=holder, fresh=FRESH, now=NOW)


ACTS: dict[str, tuple[Callable[[Request], Decision], frozenset[State]]] = {
    "correct": (lambda one: requests.correct_email(one, "b@mail.ru", NOW), JUDGED | {"undeliverable", "duplicate"}),
    "withdraw": (lambda one: requests.withdraw(one, NOW), OPEN | {"duplicate"}),
    "expire": (lambda one: requests.expire(one, NOW + timedelta(days=30)), OPEN | {"duplicate"}),
    "hold": (lambda one: requests.hold(one, Verdict(1, 1), NOW), JUDGED),
    "refer": (lambda one: requests.refer(one, Verdict(1, 1), "head", NOW, NOW), JUDGED),
    "decline": (lambda one: requests.decline(one, Verdict(1, 1), "x", NOW), JUDGED),
    "verify": (verified, JUDGED),
    "ask again": (lambda one: requests.ask_again(one, NOW), JUDGED),
    "resend": (lambda one: requests.resend(one, NOW + timedelta(days=3)), ISSUED),
    "activate": (lambda one: requests.activate(one, NOW), ISSUED),
    "bounce": (
        lambda one: requests.mail_credentials(one, newest=True, delivered=False, number=1, now=NOW),
        ISSUED,
    ),
}


@pytest.mark.parametrize("state", get_args(State))
@pytest.mark.parametrize("act", ACTS)
def test_a_step_is_taken_from_its_states_alone(act: str, state: State) -> None:
    step, allowed = ACTS[act]
    if state in allowed:
        after = step(in_state(state)).request
        assert after.state == state or after.state in STEPS[state] or after.state in STEPS["verified"]
        assert (after.applicant is None) == (after.shown in ENDS)
    else:
        with pytest.raises(WrongStep):
            step(in_state(state))


def test_ends_have_no_steps_and_the_others_may_all_be_given_up() -> None:
    assert {state for state, steps in STEPS.items() if not steps} == ENDS
    assert all({"withdrawn", "expired", "declined", "duplicate"} <= STEPS[state] for state in OPEN)


@pytest.mark.parametrize("state", sorted(JUDGED))
@pytest.mark.parametrize("version", [1, 3])
def test_a_verdict_on_another_version_opens_nothing(state: State, version: int) -> None:
    corrected = replace(in_state(state), request_version=2)
    verdict = Verdict(version, 9)
    with pytest.raises(WrongStep):
        requests.verify(corrected, verdict, left=False, holder=None, fresh=FRESH, now=NOW)
    with pytest.raises(WrongStep):
        requests.hold(corrected, verdict, NOW)
    with pytest.raises(WrongStep):
        requests.refer(corrected, verdict, "head", None, NOW)
    with pytest.raises(WrongStep):
        requests.decline(corrected, verdict, "x", NOW)


def test_a_waiting_word_that_was_overtaken_is_late() -> None:
    referred = requests.refer(in_state("verifying"), Verdict(1, 5), "head", None, NOW).request
    with pytest.raises(WrongStep):
        requests.hold(referred, Verdict(1, 4), NOW)
    assert requests.refer(referred, Verdict(1, 6), "department", None, NOW).request.state == "referred"


def test_correcting_asks_anew_and_kills_what_was_mailed() -> None:
    bounced = in_state("undeliverable")
    decision = requests.correct_email(bounced, "b@mail.ru", NOW)
    assert decision.effects == (KillCredentials(ACCOUNT), Ask())
    after = decision.request
    assert (after.state, after.request_version, after.account_id) == ("verifying", 2, ACCOUNT)
    assert after.contact.email == "b@mail.ru"
    assert after.credentials_until is None


def test_the_newly_verified_address_alone_gets_the_credentials_of_the_same_account() -> None:
    waiting = replace(in_state("verifying"), account_id=ACCOUNT)
    assert verified(waiting, holder=Holder(ACCOUNT)).effects == (Reissue(ACCOUNT, "anna@mail.ru"),)
    assert verified(waiting, holder=Holder(ACCOUNT, suspended=True)).effects == (Readdress(ACCOUNT, "anna@mail.ru"),)
    assert requests.resend(in_state("undeliverable"), NOW).effects == (Reissue(ACCOUNT),)


def test_an_unused_account_goes_when_another_way_is_taken() -> None:
    waiting = replace(in_state("verifying"), account_id=ACCOUNT)
    assert verified(waiting).effects == (EndAccount(ACCOUNT), OpenAccount(FRESH))
    to_holder = verified(waiting, holder=Holder(OTHER))
    assert to_holder.effects == (EndAccount(ACCOUNT), Close("duplicate", "has-account", to_holder=OTHER))
    assert (to_holder.request.state, to_holder.request.shown, to_holder.request.account_id) == (
        "duplicate",
        "issued",
        None,
    )
    assert EndAccount(ACCOUNT) in verified(waiting, left=True).effects
    assert EndAccount(ACCOUNT) in requests.withdraw(in_state("issued"), NOW).effects
    assert EndAccount(ACCOUNT) in requests.collide(in_state("undeliverable"), "b@mail.ru", NOW).effects
    assert EndAccount(ACCOUNT) not in requests.activate(in_state("issued"), NOW).effects
    assert EndAccount(ACCOUNT) not in requests.lose_account(in_state("issued"), "desk", NOW).effects


def test_a_duplicate_walks_by_its_face_and_causes_nothing() -> None:
    first = requests.receive(NEW, NOW, first=True)
    second = requests.receive(NEW, NOW, first=False)
    assert (first.request.shown, first.notes) == (second.request.shown, second.notes)
    assert second.request.ask_at == NOW, "it looks at the real one at once"
    corrected = requests.correct_email(second.request, "b@mail.ru", NOW)
    assert (corrected.request.state, corrected.request.shown, corrected.effects) == ("duplicate", "verifying", ())
    issued = verified(in_state("verifying"), holder=Holder(OTHER)).request
    with pytest.raises(Conflict, match="credentials-still-valid"):
        requests.resend(issued, NOW)
    again = requests.resend(issued, NOW + timedelta(days=3))
    assert (again.request.shown, again.effects) == ("issued", ())
    assert again.request.credentials_until == NOW + timedelta(days=6)
    with pytest.raises(WrongStep):
        requests.correct_email(issued, "b@mail.ru", NOW)
    expired = requests.expire(issued, NOW + timedelta(days=30))
    assert (expired.request.state, expired.request.shown, expired.effects) == ("duplicate", "expired", ())


RECEIVED, VERIFYING, MAILED = Note("received", "note-received"), Note("verifying", "note-verifying"), "note-mailed"
HELD, REFERRED = Note("needs-school", "note-needs-school"), Note("referred", "note-referred-head", {"until": "x"})
VERIFIED, ISSUED_TO = Note("verified", "note-verified"), Note("issued", "note-issued", {"address": "an***@mail.ru"})
BOUNCED, AGAIN = Note("undeliverable", "note-bounced"), Note("issued", MAILED)


@pytest.mark.parametrize(
    ("shown", "past", "lines"),
    [
        ("verifying", [], []),
        ("withdrawn", [HELD, Note("withdrawn", "note-withdrawn")], []),
        ("expired", [HELD, Note("expired", "note-expired")], []),
        ("needs-school", [HELD, Note("needs-school", MAILED)], [HELD, Note("needs-school", MAILED)]),
        ("referred", [HELD, Note("needs-school", MAILED), REFERRED], [REFERRED]),
        ("issued", [HELD, VERIFIED, ISSUED_TO, BOUNCED, ISSUED_TO, AGAIN, AGAIN], [VERIFIED, ISSUED_TO, AGAIN]),
        ("undeliverable", [VERIFIED, ISSUED_TO, BOUNCED], [VERIFIED, ISSUED_TO, BOUNCED]),
        ("declined", [HELD, Note("declined", "note-declined")], [Note("declined", "note-declined")]),
    ],
)
def test_who_is_behind_goes_straight_to_where_the_real_one_is(
    shown: State, past: list[Note], lines: list[Note]
) -> None:
    duplicate = requests.receive(NEW, NOW, first=False).request
    real = replace(NEW, state=shown, shown=shown)
    caught_up = catch_up(duplicate, real, [RECEIVED, VERIFYING, *past], NOW)
    assert list(caught_up.notes) == lines
    assert (caught_up.request.state, caught_up.request.ask_at, caught_up.effects) == ("duplicate", None, ())
    assert caught_up.request.shown == (shown if lines else "verifying")
    assert (caught_up.request.applicant is None) == (caught_up.request.shown in ENDS)
    assert catch_up(duplicate, None, [], NOW).request.shown == "verifying"


def test_what_others_do_is_shown_on_duplicates_and_what_the_applicant_does_is_not() -> None:
    by_others = {"hold", "refer", "decline", "verify", "activate", "bounce"}
    for act, (step, allowed) in ACTS.items():
        state = min(allowed - {"duplicate"})
        assert (step(in_state(state)).shared_from is not None) == (act in by_others), act


def test_the_same_word_told_again_is_no_news() -> None:
    held = requests.hold(in_state("verifying"), Verdict(1, 1), NOW).request
    again = requests.hold(held, Verdict(1, 2), NOW + timedelta(hours=6))
    assert (again.notes, again.request) == ((), replace(held, verdict_no=2))
    referred = requests.refer(held, Verdict(1, 3), "head", NOW, NOW).request
    same = requests.refer(referred, Verdict(1, 4), "head", NOW, NOW + timedelta(hours=6))
    assert (same.notes, same.request) == ((), replace(referred, verdict_no=4))
    assert requests.refer(referred, Verdict(1, 4), "department", None, NOW).notes
    for waiting in (held, referred):
        assert waiting.ask_at == NOW + timedelta(hours=6)
        assert requests.ask_again(waiting, NOW).request.step_at == waiting.step_at


def test_pauses_between_questions_grow_to_six_hours() -> None:
    request, now, pauses = requests.receive(NEW, NOW, first=True).request, NOW, []
    for _ in range(8):
        assert request.ask_at
        pauses.append((request.ask_at - now) // timedelta(minutes=1))
        now = request.ask_at
        request = requests.ask_again(request, now).request
    assert pauses == [10, 20, 40, 80, 160, 320, 360, 360]
    assert request.request_version == 1


def test_of_two_words_on_one_mail_the_later_one_counts() -> None:
    bounced = requests.mail_credentials(in_state("issued"), newest=True, delivered=False, number=2, now=NOW).request
    late = requests.mail_credentials(bounced, newest=True, delivered=True, number=1, now=NOW)
    assert (late.request.state, len(late.notes)) == ("undeliverable", 1)
    with pytest.raises(WrongStep):
        requests.mail_credentials(bounced, newest=False, delivered=True, number=3, now=NOW)


def test_patience_is_thirty_days_since_the_last_step() -> None:
    with pytest.raises(WrongStep):
        requests.expire(in_state("referred"), NOW + timedelta(days=30, seconds=-1))
    assert requests.expire(in_state("referred"), NOW + timedelta(days=30)).request.state == "expired"
