"""Requisites of an organisation as applicants type them: a wrong digit is told at once, not after days of waiting."""

import re

from chassis.errors import Fault

_INN_WEIGHTS = (2, 4, 10, 3, 5, 9, 4, 6, 8)
_INN_DIGITS, _PERSON_DIGITS, _OGRN_DIGITS = 10, 12, 13


def inn(text: str) -> str:
    """INN of an organisation: 10 digits, the last one checks the others (order of the tax service, annex)."""
    if _is_digits(text, _PERSON_DIGITS):
        raise Fault("inn-person")
    if not _is_digits(text, _INN_DIGITS) or not int(text):
        raise Fault("inn-format")
    if sum(w * int(d) for w, d in zip(_INN_WEIGHTS, text, strict=False)) % 11 % 10 != int(text[-1]):
        raise Fault("inn-checksum")
    return text


def kpp(text: str) -> str:
    """KPP: 9 characters, positions 5 and 6 may be Latin capitals."""
    if not re.fullmatch(r"[0-9]{4}[0-9A-Z]{2}[0-9]{3}", text):
        raise Fault("kpp-format")
    return text


def ogrn(text: str) -> str:
    """OGRN: 13 digits, the last one checks the others."""
    if not _is_digits(text, _OGRN_DIGITS) or not int(text):
        raise Fault("ogrn-format")
    if int(text[:-1]) % 11 % 10 != int(text[-1]):
        raise Fault("ogrn-checksum")
    return text


def _is_digits(text: str, length: int) -> bool:
    return len(text) == length and text.isascii() and text.isdigit()
