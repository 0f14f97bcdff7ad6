"""Codes, one-time passwords, refresh tokens, logins, addresses."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import islice
from uuid import UUID

import pytest
from ekis_contracts.codes import ALPHABET, plain, spell
from ekis_contracts.values import PersonName
from hypothesis import given
from hypothesis import strategies as st
from identity.domain import sessions
from identity.domain.accounts import Account
from identity.domain.addresses import address_key, masked, moscow
from identity.domain.credentials import (
    Proof,
    is_tracking_code,
    one_time_digest,
    proof_wanted,
    tracking_code,
)
from identity.domain.logins import latin, logins_for

SECRET = b"s" * 32
ID = UUID(int=7)
NOW = datetime(2026, 9, 1, 12, tzinfo=UTC)
SESSION = sessions.begin(ID, UUID(int=8), 1, "full", NOW)


@given(st.binary(min_size=10, max_size=10), st.binary(min_size=10, max_size=10))
def test_eighty_bits_are_spelled_unambiguously(one: bytes, other: bytes) -> None:
    code = spell(one)
    assert [len(group) for group in code.split("-")] == [4, 4, 4, 4]
    assert set(plain(code)) <= set(ALPHABET)
    assert not set(code) & set("ILOU")
    assert (spell(other) == code) == (one == other)


def test_a_code_may_be_typed_carelessly() -> None:
    code = tracking_code(SECRET, ID)
    typed = code.lower().replace("-", " ").replace("0", "o").replace("1", "l")
    assert is_tracking_code(SECRET, ID, typed)
    assert not is_tracking_code(SECRET, UUID(int=8), code)
    assert not is_tracking_code(b"t" * 32, ID, code)
    assert not is_tracking_code(SECRET, ID, "")


def test_what_a_sign_in_has_to_show() -> None:
    digest = one_time_digest(SECRET, ID, 3, "AAAA-BBBB-CCCC-DDDD")
    until = NOW + timedelta(days=3)
    issued = Account(ID, "issued", "a", None, None, one_time=digest, one_time_until=until, credential_no=3)
    right = "aaaa bbbb cccc dddd"
    assert proof_wanted(issued, right, SECRET, NOW) == Proof(given=True)
    assert proof_wanted(issued, right, SECRET, until) == Proof()
    assert proof_wanted(issued, "AAAA-BBBB-CCCC-DDDE", SECRET, NOW) == Proof()
    assert proof_wanted(replace(issued, credential_no=4), right, SECRET, NOW) == Proof()
    assert proof_wanted(replace(issued, one_time=None), right, SECRET, NOW) == Proof()
    assert proof_wanted(None, right, SECRET, NOW) == Proof()
    active = replace(issued, state="active", password_hash="h", one_time=None)
    assert proof_wanted(active, right, SECRET, NOW) == Proof(password_hash="h")
    restored = replace(issued, state="active")
    assert proof_wanted(restored, right, SECRET, NOW) == Proof(given=True)
    assert proof_wanted(restored, right, SECRET, until) == Proof()
    assert proof_wanted(replace(restored, credential_no=4), right, SECRET, NOW) == Proof()
    for state in ("suspended", "disabled", "erased"):
        assert proof_wanted(replace(active, state=state), right, SECRET, NOW) == Proof()


@given(st.uuids(), st.integers(min_value=0, max_value=2**32 - 1))
def test_a_refresh_token_is_read_as_it_was_written(session_id: UUID, generation: int) -> None:
    token = sessions.write_token(SECRET, replace(SESSION, id=session_id, generation=generation))
    assert sessions.read_token(SECRET, token) == (session_id, generation)
    assert sessions.read_token(b"t" * 32, token) is None


@given(st.text() | st.binary().map(lambda raw: raw.decode("latin-1")))
def test_an_invented_token_is_nothing(token: str) -> None:
    assert sessions.read_token(SECRET, token) is None


def test_every_letter_of_a_token_counts() -> None:
    token = sessions.write_token(SECRET, SESSION)
    for at in range(len(token) - 1):
        other = "A" if token[at] != "A" else "B"
        assert sessions.read_token(SECRET, token[:at] + other + token[at + 1 :]) is None


def test_rotation() -> None:
    second = sessions.rotate(SESSION, 0, 1, NOW)
    assert (second.generation, second.expires_at) == (1, SESSION.expires_at)
    assert sessions.rotate(second, 0, 1, NOW + timedelta(seconds=9)) is second
    with pytest.raises(sessions.Reused):
        sessions.rotate(second, 0, 1, NOW + timedelta(seconds=10))
    third = sessions.rotate(second, 1, 1, NOW + timedelta(seconds=4))
    assert sessions.rotate(third, 0, 1, NOW + timedelta(seconds=9)) is third
    assert sessions.rotate(third, 1, 1, NOW + timedelta(seconds=13)) is third
    for generation, later in ((0, 10), (1, 14), (3, 4), (-1, 4)):
        with pytest.raises(sessions.Reused):
            sessions.rotate(third, generation, 1, NOW + timedelta(seconds=later))
    with pytest.raises(sessions.Ended):
        sessions.rotate(third, 2, 2, NOW)


def test_few_exchanges_are_remembered_however_fast_they_come() -> None:
    session = SESSION
    for generation in range(100):
        session = sessions.rotate(session, generation, 1, NOW)
    assert len(session.exchanged) == sessions.REMEMBERED_EXCHANGES
    assert sessions.rotate(session, 100 - sessions.REMEMBERED_EXCHANGES, 1, NOW) is session
    with pytest.raises(sessions.Reused):
        sessions.rotate(session, 0, 1, NOW)


def test_how_long_sessions_last() -> None:
    with pytest.raises(sessions.Ended):
        sessions.rotate(SESSION, 0, 1, NOW + timedelta(minutes=30))
    lasting = sessions.begin(ID, ID, 1, "full", NOW, remembered=True)
    assert sessions.rotate(lasting, 0, 1, NOW + timedelta(days=29)).expires_at == NOW + timedelta(days=30)
    with pytest.raises(sessions.Ended):
        sessions.rotate(lasting, 0, 1, NOW + timedelta(days=30))
    wished = sessions.begin(ID, ID, 1, "activation", NOW, remembered=True)
    assert (wished.is_lasting, wished.expires_at) == (False, NOW + timedelta(hours=12))


@pytest.mark.parametrize(
    ("last", "first", "patronymic", "login"),
    [
        ("Иванова", "Анна", "Михайловна", "ivanova.am"),
        ("Щёлкина", "Юлия", None, "shchelkina.y"),
        ("Салтыков-Щедрин", "Евграф", "Евграфович", "saltykov-shchedrin.ee"),
        ("Подъячев", "Фёдор", "Игоревич", "podyachev.fi"),
        ("O’Brien", "Élodie", None, "obrien.e"),
        ("Әхмәтова", "Җәмилә", None, "akhmatova.z"),
        ("ЁЖИКОВ", "Цезарь", "Хасанович", "ezhikov.tk"),
        ("李", "明", None, "user"),
        ("А" * 100, "Б", None, "a" * 40 + ".b"),
    ],
)
def test_logins_are_readable(last: str, first: str, patronymic: str | None, login: str) -> None:
    name = PersonName(last_name=last, first_name=first, patronymic=patronymic)
    assert list(islice(logins_for(name), 3)) == [login, f"{login}2", f"{login}3"]


@given(st.text())
def test_a_login_has_only_plain_letters(text: str) -> None:
    assert set(latin(text)) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")


@pytest.mark.parametrize(
    ("email", "shown"),
    [("anna@mail.ru", "an***@mail.ru"), ("ab@x.ru", "a***@x.ru"), ("я@x.ru", "я***@x.ru"), ("abc@x.ru", "ab***@x.ru")],
)
def test_masked_addresses(email: str, shown: str) -> None:
    assert masked(email) == shown


def test_addresses_are_compared_without_case_and_moments_shown_in_moscow() -> None:
    assert address_key("Анна@Mail.RU") == address_key("анна@mail.ru")
    assert moscow(NOW) == "01.09.2026 15:00"
