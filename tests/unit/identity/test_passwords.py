"""Which passwords are taken."""

from contextlib import suppress

import pytest
from chassis.errors import Fault
from hypothesis import given
from hypothesis import strategies as st
from identity.domain.logins import latin
from identity.domain.passwords import SHORTEST_WITH_FACTOR, check_password
from zxcvbn.frequency_lists import FREQUENCY_LISTS

CYRILLIC, LATIN = "йцукенгшщзхъфывапролджэячсмитьбю", "qwertyuiop[]asdfghjkl;'zxcvbnm,."

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
        ("йцукеннекуцййцук", "password-common"),
        ("ghbdtnghbdtn12345", "password-common"),
        ("Ghbdtn! Gfhjkm! 1", "password-common"),
        ("зфыыцщкв12345678", "password-common"),
        ("parolparolparol1", "password-common"),
        ("solnyshko2026!!!!", "password-common"),
        ("солнышкосолнышко", "password-common"),
        ("cjkysirjvjtcjkysirj", "password-common"),
        ("abcdefg1234567890", "password-common"),
        ("Sunshine Baseball 1", "password-common"),
        ("administrator2026", "password-common"),
        ("unbelievable123456", "password-common"),
        ("bdfyjdf j,scrf 2026", "password-context"),
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


def test_every_leaked_password_that_is_long_enough_is_refused() -> None:
    long = [word for word in FREQUENCY_LISTS["passwords"] if len(word) >= 15]
    assert long
    for word in long:
        with pytest.raises(Fault):
            check_password(word, [])


def test_with_a_second_factor_eight_characters_are_enough_and_the_top_3000_are_refused() -> None:
    assert check_password("Кх7#вЖ2щ", [], SHORTEST_WITH_FACTOR) == "Кх7#вЖ2щ"
    top = [word for word in FREQUENCY_LISTS["passwords"] if len(word) >= SHORTEST_WITH_FACTOR]
    assert len(top) > 3000
    for word in ["короткий"[:7], *top]:
        with pytest.raises(Fault):
            check_password(word, [], SHORTEST_WITH_FACTOR)


@pytest.mark.parametrize("word", ["привет", "пароль", "солнышко", "любимая", "математика"])
def test_a_word_is_known_in_every_way_to_type_it(word: str) -> None:
    ways = {"".join(dict(zip(CYRILLIC, LATIN, strict=True))[letter] for letter in word), latin(word), word.upper()}
    for way in ways:
        with pytest.raises(Fault, match="password-common"):
            check_password(f"{way}!2026", [], SHORTEST_WITH_FACTOR)


def test_length_is_counted_after_composing() -> None:
    with pytest.raises(Fault, match="password-too-short"):
        check_password("и\u0306" * 14, [])
    assert check_password("тихий омут под и\u0306вой", []) == "тихий омут под йвой"


@given(st.text(max_size=200))
def test_any_text_is_judged(text: str) -> None:
    with suppress(Fault):
        assert 15 <= len(check_password(text, CONTEXT)) <= 128
