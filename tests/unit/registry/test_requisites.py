"""INN, KPP and OGRN against digits computed in another way."""

import string
from collections.abc import Callable, Sequence
from contextlib import suppress
from itertools import accumulate

import pytest
from ekis_contracts.fault import Fault
from hypothesis import assume, given
from hypothesis import strategies as st
from registry.domain.requisites import inn, inn_check_digit, kpp, ogrn, ogrn_check_digit

digits = st.text("0123456789", min_size=9, max_size=9)


def check_digit_by_hand(nine: str) -> str:
    """Written out, with the remainder taken step by step."""
    rest = 0
    for place, weight in enumerate([2, 4, 10, 3, 5, 9, 4, 6, 8]):
        rest = (rest + weight * (ord(nine[place]) - ord("0"))) % 11
    return "0" if rest == 10 else str(rest)


def ogrn_digit_by_hand(twelve: str) -> str:
    """Long division, digit after digit."""
    rest = 0
    for digit in twelve:
        rest = (rest * 10 + int(digit)) % 11
    return str(rest)[-1]


@given(digits)
def test_an_inn_with_its_check_digit_is_taken(nine: str) -> None:
    assume(nine != "0" * 9)
    assert inn(nine + check_digit_by_hand(nine)) == nine + check_digit_by_hand(nine)


@given(digits, st.integers(1, 9))
def test_an_inn_with_another_check_digit_is_refused(nine: str, shift: int) -> None:
    wrong = str((int(check_digit_by_hand(nine)) + shift) % 10)
    assume(nine.strip("0") or wrong != "0")
    with pytest.raises(Fault) as refused:
        inn(nine + wrong)
    assert refused.value.code == "inn-checksum"
    assert refused.value.params == {"group": wrong, "groups": f"{nine[:4]} {nine[4:]} {wrong}"}


@given(st.text("0123456789", min_size=12, max_size=12))
def test_an_ogrn_is_taken_with_its_check_digit_alone(twelve: str) -> None:
    assume(twelve != "0" * 12)
    right = ogrn_digit_by_hand(twelve)
    assert ogrn(twelve + right) == twelve + right
    with pytest.raises(Fault, match="ogrn-checksum"):
        ogrn(twelve + str((int(right) + 1) % 10))


@given(digits, st.integers(0, 8), st.integers(1, 9))
def test_one_mistyped_digit_changes_the_check_sum(nine: str, place: int, shift: int) -> None:
    """No weight is a multiple of 11, so one wrong digit shows unless the remainder is folded (10 as 0)."""
    typed = nine[:place] + str((int(nine[place]) + shift) % 10) + nine[place + 1 :]
    weights = (2, 4, 10, 3, 5, 9, 4, 6, 8)
    rests = [sum(w * int(d) for w, d in zip(weights, text, strict=True)) % 11 for text in (nine, typed)]
    assert rests[0] != rests[1]
    assert inn_check_digit(nine) != inn_check_digit(typed) or {*rests} == {0, 10}


@pytest.mark.parametrize("real", ["7707083893", "7718084659", "7736050003", "7706107510"])
def test_known_organisations(real: str) -> None:
    assert inn(real) == real


@pytest.mark.parametrize("real", ["1027700132195", "1027700070518", "1025203016332"])
def test_known_registrations(real: str) -> None:
    assert ogrn(real) == real
    assert ogrn_check_digit(real[:-1]) == real[-1]


@pytest.mark.parametrize(
    ("text", "code", "group"),
    [
        ("0000000000", "inn-format", "0000"),
        ("77O7083893", "inn-format", "77O7"),  # the letter O
        ("7707O83893", "inn-format", "O8389"),
        ("770708389", "inn-format", ""),
        ("77070838", "inn-format", "0838"),
        ("77070838931", "inn-format", "1"),
        ("7707 083893", "inn-format", " 0838"),
        ("٧٧٠٧٠٨٣٨٩٣", "inn-format", "٧٧٠٧"),  # Arabic-Indic digits are digits elsewhere
        ("⁷707083893", "inn-format", "⁷707"),
        ("", "inn-format", ""),
    ],
)
def test_the_wrong_group_of_an_inn_is_named(text: str, code: str, group: str) -> None:
    with pytest.raises(Fault) as refused:
        inn(text)
    assert (refused.value.code, refused.value.params["group"]) == (code, group)


@pytest.mark.parametrize("text", ["500100732259", "000000000000"])
def test_the_inn_of_a_person_is_refused_as_such(text: str) -> None:
    with pytest.raises(Fault, match="inn-person"):
        inn(text)


@pytest.mark.parametrize(
    ("text", "group"),
    [("0000000000000", "0"), ("304500116000157", "57"), ("77№0123871215", "7№"), ("10277001321", "001321"), ("", "")],
)
def test_the_wrong_group_of_an_ogrn_is_named(text: str, group: str) -> None:
    with pytest.raises(Fault, match="ogrn-format") as refused:
        ogrn(text)
    assert refused.value.params["group"] == group


@pytest.mark.parametrize("text", ["771801001", "7718AZ001", "77180A001"])
def test_a_kpp_may_have_letters_in_the_middle(text: str) -> None:
    assert kpp(text) == text


@pytest.mark.parametrize(
    ("text", "group"),
    [
        ("77180100", "00"),
        ("7718010011", "1"),
        ("A71801001", "A718"),
        ("7718аб001", "аб"),  # Cyrillic
        ("7718az001", "az"),
        ("77180100X", "00X"),
        ("７71801001", "７718"),  # a full-width digit
        ("771801001\n", "\n"),
        ("", ""),
    ],
)
def test_the_wrong_group_of_a_kpp_is_named(text: str, group: str) -> None:
    with pytest.raises(Fault, match="kpp-format") as refused:
        kpp(text)
    assert refused.value.params["group"] == group


Rule = Callable[[str], str]
GROUPS: dict[Rule, Sequence[int]] = {inn: (4, 5, 1), ogrn: (1, 2, 2, 7, 1), kpp: (4, 2, 3)}
VALID: dict[Rule, str] = {inn: "7718084659", ogrn: "1027739123455", kpp: "7718AZ001"}
OF_FORM: dict[Rule, str] = {inn: "inn-format", ogrn: "ogrn-format", kpp: "kpp-format"}
NO_DIGITS = st.characters(exclude_characters=string.digits + string.ascii_uppercase)


def group_at(sizes: Sequence[int], place: int) -> tuple[int, int]:
    """Where the group begins and ends that this place belongs to."""
    ends = list(accumulate(sizes))
    end = next(end for end in ends if place < end)
    return end - sizes[ends.index(end)], end


@given(st.sampled_from([inn, ogrn, kpp]), st.data())
def test_whatever_place_is_spoilt_its_group_is_named(rule: Rule, data: st.DataObject) -> None:
    """Foreign digits, letters, spaces and signs alike."""
    valid = VALID[rule]
    place = data.draw(st.integers(0, len(valid) - 1))
    text = valid[:place] + data.draw(NO_DIGITS) + valid[place + 1 :]
    with pytest.raises(Fault) as refused:
        rule(text)
    begin, end = group_at(GROUPS[rule], place)
    assert (refused.value.code, refused.value.params["group"]) == (OF_FORM[rule], text[begin:end])


@given(st.sampled_from([inn, ogrn, kpp]), st.data())
def test_one_character_too_few_or_too_many_is_refused(rule: Rule, data: st.DataObject) -> None:
    valid = VALID[rule]
    place = data.draw(st.integers(0, len(valid) - 1))
    for text in (valid[:place] + valid[place + 1 :], valid + valid[place]):
        with pytest.raises(Fault) as refused:
            rule(text)
        assert refused.value.code == OF_FORM[rule]
        assert refused.value.params["length"] == len(text)


@given(st.integers(0, 8), st.sampled_from(string.ascii_uppercase))
def test_a_letter_of_a_kpp_stands_fifth_or_sixth_alone(place: int, letter: str) -> None:
    text = "771801001"[:place] + letter + "771801001"[place + 1 :]
    if place in (4, 5):
        assert kpp(text) == text
    else:
        with pytest.raises(Fault, match="kpp-format"):
            kpp(text)


@given(st.text("0123456789", min_size=12, max_size=12))
def test_twelve_digits_are_always_a_persons_inn(text: str) -> None:
    with pytest.raises(Fault, match="inn-person"):
        inn(text)


@given(st.text(max_size=20))
def test_any_text_is_taken_or_refused_with_a_fault(text: str) -> None:
    for rule in (inn, ogrn, kpp):
        with suppress(Fault):
            assert set(rule(text)) <= set(string.digits + string.ascii_uppercase)
