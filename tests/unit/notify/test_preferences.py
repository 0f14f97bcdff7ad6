"""What people choose, and when their digest comes."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from notify.domain.preferences import KINDS, MOSCOW, USUALLY, Preferences
from notify.domain.unsubscribing import Declined, read_token, write_token

ID = UUID(int=7)


@pytest.mark.parametrize(
    ("now", "hour", "due"),
    [
        ("2026-11-24T04:59:59+00:00", 8, "2026-11-24T08:00:00+03:00"),
        ("2026-11-24T05:00:00+00:00", 8, "2026-11-25T08:00:00+03:00"),
        ("2026-11-24T20:59:00+00:00", 0, "2026-11-25T00:00:00+03:00"),
        ("2026-12-31T21:30:00+00:00", 23, "2027-01-01T23:00:00+03:00"),
    ],
)
def test_the_digest_comes_at_the_next_hour_of_moscow(now: str, hour: int, due: str) -> None:
    moment = Preferences.of({}), datetime.fromisoformat(now)
    assert Preferences(moment[0].kinds, hour).next_digest(moment[1]) == datetime.fromisoformat(due)


@given(st.datetimes(datetime(2026, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)), st.integers(0, 23))  # noqa: DTZ001
def test_a_digest_is_never_more_than_a_day_away(now: datetime, hour: int) -> None:
    due = Preferences(USUALLY, hour).next_digest(now)
    assert now < due <= now + timedelta(days=1)
    assert due.astimezone(MOSCOW).hour == hour


def test_a_kind_that_came_later_is_as_usual() -> None:
    assert Preferences.of({"news": "off"}).kinds == {**USUALLY, "news": "off"}


def test_what_asks_for_something_comes_at_once_and_news_in_the_digest() -> None:
    assert {kind for kind, wish in USUALLY.items() if wish == "now"} >= {"document", "task", "reminder"}
    assert USUALLY["news"] == "digest"


@pytest.mark.parametrize("kind", [*KINDS, "digest"])
def test_declining_turns_off_what_was_meant_and_nothing_else(kind: str) -> None:
    after = Preferences.of({}).without(kind).kinds
    meant = {kind} if kind in KINDS else {one for one, wish in USUALLY.items() if wish == "digest"}
    assert {one for one, wish in after.items() if wish == "off"} == meant


@given(st.uuids(), st.sampled_from([*KINDS, "digest"]))
def test_a_token_says_what_was_put_in(account_id: UUID, kind: str) -> None:
    token = write_token(b"key", Declined(account_id, kind))
    assert read_token(b"key", token) == Declined(account_id, kind)
    assert read_token(b"another key", token) is None


@given(st.text(max_size=80))
def test_whatever_is_sent_as_a_token_is_no_error(text: str) -> None:
    assert read_token(b"key", text) is None


@given(st.integers(0, 300), st.integers(1, 255))
def test_a_changed_token_is_refused(place: int, change: int) -> None:
    token = bytearray(write_token(b"key", Declined(ID, "news")).encode())
    token[place % len(token)] ^= change
    changed = token.decode("latin-1")
    assert read_token(b"key", changed) in (None, Declined(ID, "news"))
    if place % len(token) < len(token) - 1:
        assert read_token(b"key", changed) is None
