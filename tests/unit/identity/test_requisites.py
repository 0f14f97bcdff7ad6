"""Requisites are checked by their own digits."""

import pytest
from chassis.errors import Fault
from identity.domain.requisites import inn, kpp, ogrn


def test_right_ones_are_taken() -> None:
    assert inn("7707083893") == "7707083893"
    assert kpp("7701AB001") == "7701AB001"
    assert ogrn("1027700132195") == "1027700132195"


@pytest.mark.parametrize(
    ("rule", "text", "code"),
    [
        (inn, "7707083894", "inn-checksum"),
        (inn, "770708389", "inn-format"),
        (inn, "0000000000", "inn-format"),
        (inn, "77070838９3", "inn-format"),
        (inn, "500100732259", "inn-person"),
        (kpp, "77010100", "kpp-format"),
        (kpp, "7701аб001", "kpp-format"),
        (kpp, "770101001\n", "kpp-format"),
        (ogrn, "1027700132196", "ogrn-checksum"),
        (ogrn, "0000000000000", "ogrn-format"),
        (ogrn, "", "ogrn-format"),
    ],
)
def test_wrong_ones_are_named(rule: object, text: str, code: str) -> None:
    assert callable(rule)
    with pytest.raises(Fault) as caught:
        rule(text)
    assert caught.value.code == code
