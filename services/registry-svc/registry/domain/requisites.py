"""Requisites of an organisation: INN, KPP, OGRN. ASCII digits only; a refusal names the group that is wrong."""

import re
from itertools import accumulate
from operator import mul

from chassis.errors import Fault

INN_GROUPS = (4, 5, 1)  # tax office, number, check digit
OGRN_GROUPS = (1, 2, 2, 7, 1)  # kind, year, region, number, check digit
KPP_GROUPS = ("[0-9]{4}", "[0-9A-Z]{2}", "[0-9]{3}")  # tax office, reason, number
KPP_SIZES = (4, 2, 3)
INN_OF_PERSON = 12
_KPP = re.compile("".join(KPP_GROUPS))
_INN_WEIGHTS = (2, 4, 10, 3, 5, 9, 4, 6, 8)


def inn(text: str) -> str:
    """INN of an organisation, 10 digits. Raises Fault."""
    if len(text) == INN_OF_PERSON and _are_digits(text):
        raise Fault("inn-person")
    _require_digits(text, INN_GROUPS, "inn-format")
    if text[-1] != inn_check_digit(text[:-1]):
        raise Fault("inn-checksum", group=text[-1], groups=" ".join(_split(text, INN_GROUPS)))
    return text


def ogrn(text: str) -> str:
    """OGRN, 13 digits. Raises Fault."""
    _require_digits(text, OGRN_GROUPS, "ogrn-format")
    if text[-1] != ogrn_check_digit(text[:-1]):
        raise Fault("ogrn-checksum", group=text[-1], groups=" ".join(_split(text, OGRN_GROUPS)))
    return text


def kpp(text: str) -> str:
    """KPP, 9 characters of which the fifth and sixth may be capital Latin letters. Raises Fault."""
    if _KPP.fullmatch(text):
        return text
    groups = _split(text, KPP_SIZES)
    wrong = [group for group, pattern in zip(groups, KPP_GROUPS, strict=False) if not re.fullmatch(pattern, group)]
    raise Fault("kpp-format", group=(wrong or groups[len(KPP_GROUPS) :])[0], length=len(text))


def inn_check_digit(first_nine: str) -> str:
    """The tenth digit of an organisation's INN."""
    total = sum(map(mul, _INN_WEIGHTS, map(int, first_nine)))
    return str(total % 11 % 10)


def ogrn_check_digit(first_twelve: str) -> str:
    """The thirteenth digit of an OGRN."""
    return str(int(first_twelve) % 11 % 10)


def _are_digits(text: str) -> bool:
    return text.isascii() and text.isdigit()


def _require_digits(text: str, sizes: tuple[int, ...], code: str) -> None:
    if len(text) == sum(sizes) and _are_digits(text) and text.strip("0"):
        return
    groups = _split(text, sizes)
    for group, size in zip(groups, [*sizes, 0], strict=False):
        if len(group) != size or not _are_digits(group):
            raise Fault(code, group=group, length=len(text))
    raise Fault(code, group=groups[0], length=len(text))


def _split(text: str, sizes: tuple[int, ...]) -> list[str]:
    """The groups of these sizes, and what is left over if anything is."""
    ends = list(accumulate(sizes))
    groups = [text[end - size : end] for size, end in zip(sizes, ends, strict=True)]
    rest = text[ends[-1] :]
    return [*groups, rest] if rest else groups
