"""Names of people and schools, brought to one form so that the same name compares as the same."""

import re
import unicodedata

from ekis_contracts.values import PersonName

_APOSTROPHES = re.compile(r"['’ʼ`]")
_NOT_WORDS = re.compile(r"[\W_]+")


def plain(text: str) -> str:
    """One case, `ё` as `е`, hyphens and double spaces as one space, no apostrophes or dots."""
    text = unicodedata.normalize("NFC", text).casefold().replace("ё", "е")
    return " ".join(_NOT_WORDS.sub(" ", _APOSTROPHES.sub("", text)).split())


def name_key(name: PersonName) -> str:
    """Last and first name: what the roll is searched by."""
    return f"{plain(name.last_name)} {plain(name.first_name)}"


def is_same_name(one: PersonName, other: PersonName) -> bool:
    """Same last and first name; the patronymics differ only if both are given and unlike."""
    if name_key(one) != name_key(other):
        return False
    return not one.patronymic or not other.patronymic or plain(one.patronymic) == plain(other.patronymic)


def is_same_email(one: str | None, other: str | None) -> bool:
    """Both given and equal but for the case."""
    return bool(one and other and one.casefold() == other.casefold())


def full_name(name: PersonName) -> str:
    """As a roll names the person."""
    return " ".join(filter(None, (name.last_name, name.first_name, name.patronymic)))
