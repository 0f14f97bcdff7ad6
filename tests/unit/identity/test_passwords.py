"""Which passwords are taken."""

from contextlib import suppress

import pytest
from chassis.errors import Fault
from hypothesis import given
from hypothesis import strategies as st
from identity.domain.passwords import check_password

CONTEXT = ["ivanova.am", "Иванова", "Анна", "Преображенская гимназия № 1505"]


@pytest.mark.parametrize(
    "password",
    [
        "тихий вечер над прудом 47",
        "correct horse battery staple",
        "ёлка под снегом у реки",
        "x7#Kq!mB2$vLw9z",
        "🦊🌲🏔🚲🎻🧭🪁🫖🧦🕯🛶🪵🐢🍄🌧",
        "когда-нибудь мы поедем к морю",
    ],
)
def test_long_and_uncommon_is_enough(password: str) -> None:
    assert check_password(password, CONTEXT) == password


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("тихий вечер 47", "password-too-short"),
        ("", "password-too-short"),
        ("а б" * 43, "password-too-long"),
        ("111111111111111", "password-common"),
        ("abcabcabcabcabcabc", "password-common"),
        ("1q2w3e4r5t1q2w3e4r5t", "password-common"),
        ("qazwsxedcqazwsxedc", "password-common"),
        ("йцукенгшщзхъйцукенг", "password-common"),
        ("ячсмитьбюфывапролджэ", "password-common"),
        ("gfhjkmgfhjkmgfhjkm", "password-common"),
        ("PasswordPassword2026", "password-common"),
        ("пароль2026пароль2026", "password-common"),
        ("привет123привет123", "password-common"),
        ("zyxwvutsrqponmlkjihg", "password-common"),
        ("муж иванова ушёл в лес", "password-context"),
        ("ПРЕОБРАЖЕНСКАЯ тишина", "password-context"),
        ("вхожу в екис каждый день", "password-context"),
        ("my ekis cabinet is quiet", "password-context"),
    ],
)
def test_what_is_refused_and_why(password: str, code: str) -> None:
    with pytest.raises(Fault) as caught:
        check_password(password, CONTEXT)
    assert caught.value.code == code


def test_length_is_counted_after_composing() -> None:
    with pytest.raises(Fault, match="password-too-short"):
        check_password("и\u0306" * 14, [])
    assert check_password("тихий омут под и\u0306вой", []) == "тихий омут под йвой"


@given(st.text(max_size=200))
def test_any_text_is_judged(text: str) -> None:
    with suppress(Fault):
        assert 15 <= len(check_password(text, CONTEXT)) <= 128
