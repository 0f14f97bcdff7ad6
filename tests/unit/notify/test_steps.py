"""What becomes of a mail after an attempt, and who may get one."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from ekis_contracts.values import Contact, Credentials, Tracking
from hypothesis import given
from hypothesis import strategies as st
from notify.domain.mails import (
    FIRST_PAUSE,
    LONGEST_PAUSE,
    LONGEST_TRY,
    SHORTEST_PAUSE,
    Account,
    Address,
    Mail,
    Outcome,
    Step,
    Unsendable,
    mail_id_of,
    require_sendable,
    require_wanted,
    step_after,
)

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
EVENT = uuid4()


def a_mail(**changes: object) -> Mail:
    mail = Mail(
        mail_id=mail_id_of("a", "account-created", 1),
        event_id=EVENT,
        subject="a",
        version=1,
        purpose="account-created",
        contact="token",
        contact_event=EVENT,
        queued_at=NOW,
        expires_at=NOW + LONGEST_TRY,
    )
    return replace(mail, **changes)  # type: ignore[arg-type]


def test_an_accepted_mail_is_sent() -> None:
    assert step_after(a_mail(), Outcome("accepted"), NOW, 0.5) == Step("sent", None, 1, 0, None)


def test_a_refused_mail_has_failed_at_once() -> None:
    assert step_after(a_mail(), Outcome("refused", "550"), NOW, 0.5) == Step("failed", None, 1, 0, "550")


def test_a_returned_mail_is_due_at_once_and_has_not_been_tried() -> None:
    assert step_after(a_mail(attempts=3), Outcome("returned"), NOW, 0.5) == Step("retry", NOW, 3, 0, None)


def test_a_deferred_mail_waits_longer_each_time_but_never_over_an_hour() -> None:
    steps = [step_after(a_mail(attempts=n), Outcome("deferred", "451"), NOW, 1.0) for n in range(30)]
    pauses = [step.due_at - NOW for step in steps if step.due_at]
    assert pauses[:3] == [FIRST_PAUSE, FIRST_PAUSE * 2, FIRST_PAUSE * 4]
    assert pauses[-1] == LONGEST_PAUSE
    assert {step.state for step in steps} == {"retry"}


def test_pauses_are_spread_over_their_whole_length() -> None:
    assert step_after(a_mail(), Outcome("deferred"), NOW, 0.0).due_at == NOW + SHORTEST_PAUSE
    assert step_after(a_mail(), Outcome("deferred"), NOW, 0.5).due_at == NOW + FIRST_PAUSE / 2


def test_after_three_days_a_deferred_mail_has_failed() -> None:
    late = NOW + LONGEST_TRY - timedelta(seconds=1)
    assert step_after(a_mail(attempts=90), Outcome("deferred", "451"), late, 1.0).state == "failed"


def test_a_lost_answer_allows_one_more_sending_and_no_third() -> None:
    first = step_after(a_mail(), Outcome("lost", "timeout"), NOW, 0.5)
    assert (first.state, first.lost, first.due_at is None) == ("unknown", 1, False)
    second = step_after(a_mail(lost=1, attempts=1), Outcome("lost", "timeout"), NOW, 0.5)
    assert (second.state, second.lost, second.due_at) == ("unknown", 2, None)


def test_a_refusal_after_a_lost_answer_does_not_say_that_nothing_arrived() -> None:
    assert step_after(a_mail(lost=1), Outcome("refused", "550"), NOW, 0.5).state == "unknown"


@given(st.sampled_from(["accepted", "deferred", "refused", "lost"]), st.integers(0, 1), st.floats(0, 1))
def test_a_step_ends_or_goes_on_in_a_bounded_time(kind: str, lost: int, chance: float) -> None:
    step = step_after(a_mail(lost=lost), Outcome(kind), NOW, chance)  # type: ignore[arg-type]
    assert (step.due_at is None) == (
        step.state in ("sent", "failed") or step.lost == 2 or (kind, lost) == ("refused", 1)
    )
    assert step.due_at is None or NOW < step.due_at <= NOW + LONGEST_PAUSE


CREDENTIALS = Credentials(
    to="anna@mail.ru", login="anna", one_time_password="secret", expires_at=NOW + timedelta(days=3)
)


@pytest.mark.parametrize(
    ("to", "now", "code"),
    [
        ("anna@mail.ru", NOW, None),
        ("Anna@mail.ru", NOW, "seal-mismatch"),
        ("thief@mail.ru", NOW, "seal-mismatch"),
        ("anna@mail.ru", NOW + timedelta(days=3), "expired"),
    ],
)
def test_credentials_go_to_their_own_address_in_their_own_time(to: str, now: datetime, code: str | None) -> None:
    if code is None:
        return require_sendable(Contact(name="А", email=to), CREDENTIALS, now)
    with pytest.raises(Unsendable) as refused:
        require_sendable(Contact(name="А", email=to), CREDENTIALS, now)
    assert refused.value.code == code
    return None


def test_a_tracking_code_goes_to_its_own_address() -> None:
    with pytest.raises(Unsendable, match="seal-mismatch"):
        require_sendable(Contact(name="А", email="b@x.ru"), Tracking(to="a@x.ru", tracking_code="1"), NOW)


def test_a_mail_past_its_own_time_is_not_sent() -> None:
    with pytest.raises(Unsendable, match="expired"):
        require_wanted(a_mail(expires_at=NOW), NOW)


def test_a_mail_to_where_nobody_reads_is_not_sent() -> None:
    require_wanted(a_mail(), NOW)
    with pytest.raises(Unsendable, match="suppressed"):
        require_wanted(a_mail(suppressed=True), NOW)


def an_account(**changes: object) -> Account:
    return Account(UUID(int=1), **changes)  # type: ignore[arg-type]


def test_the_newest_address_and_credential_are_kept_in_any_order() -> None:
    older = a_mail(version=1, contact="old", credential_no=1)
    newer = a_mail(version=2, contact="new", credential_no=2)
    one_way = an_account().told(older).told(newer)
    assert one_way == an_account().told(newer).told(older)
    assert (one_way.address, one_way.credential_no) == (Address("new", EVENT, 2), 2)


def test_an_ended_account_admits_nothing_and_learns_nothing() -> None:
    ended = an_account(ended=True)
    assert not ended.admits(a_mail())
    assert ended.told(a_mail()) == ended


def test_an_older_credential_is_not_admitted_but_other_news_are() -> None:
    account = an_account(credential_no=2)
    assert not account.admits(a_mail(credential_no=1))
    assert account.admits(a_mail(credential_no=2))
    assert account.admits(a_mail(credential_no=None))


def test_a_mail_is_named_by_subject_purpose_and_number() -> None:
    names = {mail_id_of(s, p, n) for s in ("a", "b") for p in ("x", "y") for n in (1, 2)}
    assert len(names) == 8
    assert mail_id_of("a", "x", 1) in names
