"""Addresses as they are compared and shown; bounces whatever they hold; who goes first."""

from uuid import UUID

import pytest
from bounced import report
from hypothesis import given
from hypothesis import strategies as st
from notify.domain.addresses import Report, masked, normal_address, shows_dead_mailbox, tagged_return_path
from notify.domain.mails import reason_of
from notify.domain.priorities import BULK, SECURITY, STRANGERS, TRANSACTIONAL, priority_of
from notify.domain.purposes import PURPOSES
from notify.gateways.bounces import read_report

MAIL, TAG = UUID(int=2**127), "0123456789"
PATH = tagged_return_path("bounces@ekis.example", MAIL, TAG)


@pytest.mark.parametrize(
    "same",
    [
        ("anna@mail.ru", "ANNA@Mail.RU", " anna+school@mail.ru ", "ａnna@mail.ru"),
        ("анна@почта.рф", "Анна@ПОЧТА.РФ", "анна@xn--80a1acny.xn--p1ai"),
        ("a@x", "A@X"),
    ],
)
def test_one_mailbox_has_one_spelling(same: tuple[str, ...]) -> None:
    assert len({normal_address(spelling) for spelling in same}) == 1


def test_another_mailbox_has_another() -> None:
    assert len({normal_address(it) for it in ("anna@mail.ru", "ana@mail.ru", "anna@mail.com", "an.na@mail.ru")}) == 4


@given(st.text())
def test_any_text_has_a_spelling_and_a_mask_that_a_page_can_show(text: str) -> None:
    assert "@" in normal_address(text)
    assert masked(text).isprintable()


@pytest.mark.parametrize(
    ("address", "mask"),
    [("teacher@mail.ru", "t***@mail.ru"), ("я@почта.рф", "я***@почта.рф"), ("@x", "***@x"), ("nobody", "***")],
)
def test_a_mask_shows_one_letter_and_the_domain(address: str, mask: str) -> None:
    assert masked(address) == mask


def test_a_return_path_fits_and_is_found_in_a_report() -> None:
    assert len(PATH.partition("@")[0]) <= 64, "RFC 5321"
    assert read_report(report(PATH)) == Report(MAIL, TAG, "5.1.1")
    assert read_report(report(PATH, action="delayed")) == Report(MAIL, TAG, None)


@given(st.binary(max_size=2_000))
def test_no_bytes_break_the_reading_of_bounces(raw: bytes) -> None:
    assert read_report(raw) is None


# A plus could begin another path, which the keyed hash does not admit
@given(st.integers(0, 700), st.binary(min_size=1, max_size=40).filter(lambda junk: b"+" not in junk))
def test_a_spoilt_report_says_the_same_or_nothing(place: int, junk: bytes) -> None:
    whole = report(PATH)
    found = read_report(whole[:place] + junk + whole[place:])
    if found is not None:
        assert (found.mail_id, found.tag) == (MAIL, TAG)
        assert found.status is None or found.status[:2] in ("4.", "5.")


@pytest.mark.parametrize("status", ["5.1.1", "5.1.10", "5.2.1"])
def test_a_dead_mailbox_is_told_from_a_full_one(status: str) -> None:
    assert shows_dead_mailbox(status)
    assert not any(shows_dead_mailbox(other) for other in ("5.2.2", "5.7.1", "4.1.1", "5.0.0", "5.1"))


def test_what_guards_an_account_goes_first_and_news_last() -> None:
    assert {priority_of(it) for it in ("account-created", "access-restored", "confirmation-restore")} == {SECURITY}
    assert {priority_of(it) for it in ("request-received", "ticket-answered", "account-activated")} == {TRANSACTIONAL}
    assert {priority_of(it) for it in ("digest", "notice-news")} == {BULK}


def test_what_strangers_cause_has_a_secret_that_only_its_reader_gets() -> None:
    assert all(PURPOSES[purpose] is not None for purpose in STRANGERS)


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("421", "later"),
        ("550-5.7.1", "refused"),
        ("5.1.1", "mailbox"),
        ("timeout", "server-away"),
        ("expired", "expired"),
        ("declined", "declined"),
        ("whatever", "internal"),
    ],
)
def test_every_code_has_a_reason_of_its_own(code: str, reason: str) -> None:
    assert reason_of("failed", code) == reason
