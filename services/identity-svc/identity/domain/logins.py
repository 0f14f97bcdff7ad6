"""Logins from names: readable, in Latin letters. `Иванова Анна Михайловна` is `ivanova.am`."""

import re
import unicodedata
from collections.abc import Iterator
from itertools import count

from ekis_contracts.values import PersonName

LONGEST_STEM = 40
NAMELESS = "user"
OPERATOR_LOGIN = re.compile(r"[a-z0-9][a-z0-9._-]{1,62}[a-z0-9]")

_LATIN = {
    **dict(zip("абвгдеёзийклмнопрстуфыэ", "abvgdeezijklmnoprstufye", strict=True)),
    "й": "y",
    "ж": "zh",
    "х": "kh",
    "ц": "ts",
    "ч": "ch",
    "ш": "sh",
    "щ": "shch",
    "ю": "yu",
    "я": "ya",
    "і": "i",
    "ї": "yi",
    "є": "ye",
    "ґ": "g",
    "ў": "u",
    "ә": "a",
    "ө": "o",
    "ү": "u",
    "ұ": "u",
    "җ": "zh",
    "ң": "n",
    "һ": "h",
    "қ": "k",
    "ғ": "g",
    "ҳ": "h",
    "ҷ": "j",
    "ӣ": "i",
    "ӯ": "u",
    "ъ": "",
    "ь": "",
}


def latin(text: str) -> str:
    """The text in a-z and 0-9, hyphens kept; what has no counterpart is left out."""
    spelled = "".join(_LATIN.get(letter, letter) for letter in text.lower())
    letters = unicodedata.normalize("NFKD", spelled).lower()
    return "".join(letter for letter in letters if letter == "-" or (letter.isascii() and letter.isalnum())).strip("-")


def logins_for(name: PersonName) -> Iterator[str]:
    """The logins to try for a person, the most readable first, without end."""
    last = latin(name.last_name)[:LONGEST_STEM] or NAMELESS
    initials = "".join(latin(part)[:1] for part in (name.first_name, name.patronymic or ""))
    stem = f"{last}.{initials}".strip(".")
    yield stem
    for number in count(2):
        yield f"{stem}{number}"


def login_key(login: str) -> str:
    """A login as it is compared: letter case and outer spaces mean nothing."""
    return login.strip().lower()
